import type { AudioPlan, Decision } from './plan.js';
import type { Probe } from './probe.js';

const KBPS = { mono: 80, stereo: 128 } as const;
const KEPT_SAMPLE_RATES: readonly number[] = [44_100, 48_000];

/** One AAC track of at most two channels, or none, and why. */
export function decideAudio(probe: Probe): { audio: AudioPlan | null; decisions: Decision[] } {
  const { audio, video } = probe;
  const skipped = (probe.undecodableAudio ?? []).join(', ');
  if (!audio) {
    const decision = skipped
      ? { code: 'AUDIO_UNSUPPORTED', text: `The sound of the source (${skipped}) cannot be decoded; the result has no sound.` }
      : { code: 'NO_AUDIO', text: 'The source has no sound.' };
    return { audio: null, decisions: [decision] };
  }
  // The output begins with the first frame: sound before it has no place, sound that starts later keeps its distance.
  const endUs = audio.startUs + audio.durationUs - video.startUs;
  const expectedDurationUs = endUs - Math.max(0, audio.startUs - video.startUs);
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
  const bitrateKbps = channels === 1 ? KBPS.mono : KBPS.stereo;
  return {
    audio: { streamIndex: audio.streamIndex, bitrateKbps, channels, sampleRate, language: audio.language, expectedDurationUs },
    decisions,
  };
}
