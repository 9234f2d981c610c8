import type { AudioPlan, Decision } from './plan.js';
import type { AudioFacts, Probe } from './probe.js';

const KBPS = { mono: 80, stereo: 128 } as const;
const KEPT_SAMPLE_RATES: readonly number[] = [44_100, 48_000];

/** One AAC track of at most two channels, or none, and why. */
export function decideAudio(probe: Probe): { audio: AudioPlan | null; decisions: Decision[] } {
  const { audio, video } = probe;
  const skipped = (probe.undecodableAudio ?? []).join(', ');
  if (!audio) {
    const decision: Decision = skipped
      ? { code: 'AUDIO_UNSUPPORTED', text: `The sound of the source (${skipped}) cannot be decoded; the result has no sound.` }
      : { code: 'NO_AUDIO', text: 'The source has no sound.' };
    return { audio: null, decisions: [decision] };
  }
  // The output begins with the first frame: sound before it has no place, sound that starts later has silence before it.
  const expectedDurationUs = audio.startUs + audio.durationUs - video.startUs;
  if (expectedDurationUs <= 0) {
    return { audio: null, decisions: [{ code: 'NO_AUDIO', text: 'The sound of the source is empty or ends before its picture begins.' }] };
  }
  const channels = Math.min(2, audio.channels);
  const sampleRate = KEPT_SAMPLE_RATES.includes(audio.sampleRate) ? audio.sampleRate : 48_000;
  const decisions: Decision[] = [];
  if (audio.channels > 2) decisions.push({ code: 'DOWNMIXED', text: `The sound has ${audio.channels} channels; it is mixed down to stereo.` });
  if (sampleRate !== audio.sampleRate) {
    decisions.push({ code: 'RESAMPLED', text: `The sound has ${audio.sampleRate} samples a second; it is converted to ${sampleRate}.` });
  }
  if (skipped) decisions.push({ code: 'AUDIO_UNSUPPORTED', text: `A further sound track (${skipped}) cannot be decoded and is left out.` });
  const track = { streamIndex: audio.streamIndex, channels, sampleRate, language: audio.language, expectedDurationUs };
  const originUs = Math.max(0, video.startUs - probe.containerStartUs);
  const copied = copyOf(audio, video.startUs);
  if (copied) {
    decisions.push({ code: 'AUDIO_COPIED', text: `The sound already is AAC at ${copied.bitrateKbps} kbit/s and is taken over as it is.` });
    return { audio: { ...track, mode: 'copy', originUs: originUs + copied.lateUs, bitrateKbps: copied.bitrateKbps }, decisions };
  }
  return { audio: { ...track, mode: 'encode', originUs, bitrateKbps: channels === 1 ? KBPS.mono : KBPS.stereo }, decisions };
}

/** What players on any line take: half as much again as the best of our own. */
const MAX_COPIED_BPS = 200_000;
const ACCESS_UNIT_SAMPLES = 1024;
/** Containers round times to whole milliseconds. */
const ROUNDING_US = 1000;

/**
 * Whether the packets can be played as they are, and by how much they are then early: an edit list can hide what lies
 * before time 0, but our tracks begin at 0, so sound that begins a rounding error late begins at 0 too.
 */
function copyOf(audio: AudioFacts, videoStartUs: number): { bitrateKbps: number; lateUs: number } | null {
  const { codec, profile, channels, sampleRate, bitsPerSecond } = audio;
  if (codec !== 'aac' || profile !== 'LC' || channels > 2 || !KEPT_SAMPLE_RATES.includes(sampleRate)) return null;
  if (audio.unbroken !== true || bitsPerSecond === undefined || bitsPerSecond > MAX_COPIED_BPS) return null;
  const lateUs = audio.startUs - videoStartUs;
  const unitUs = (ACCESS_UNIT_SAMPLES * 1_000_000) / sampleRate;
  if (lateUs > ROUNDING_US || lateUs < -(unitUs + ROUNDING_US)) return null;
  return { bitrateKbps: Math.max(1, Math.round(bitsPerSecond / 1000)), lateUs: Math.max(0, lateUs) };
}
