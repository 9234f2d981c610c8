import type { Decision, DecisionCode } from './decision-codes.js';
import { downmixOf } from './downmix.js';
import { AUDIO_TRACK, type AudioPlan } from './plan.js';
import type { AudioFacts, Probe } from './probe.js';
import { labelsOf } from './track-label.js';
import { TRACK_POLICY } from './track-policy.js';

const KBPS = { mono: 80, stereo: 128 } as const;
const KEPT_SAMPLE_RATES: readonly number[] = [44_100, 48_000];

export interface SoundDecision {
  readonly audio: AudioPlan | null;
  readonly extraAudio: readonly AudioPlan[];
  readonly decisions: readonly Decision[];
}

/** AAC tracks of at most two channels, the default one first, or none; and why. */
export function decideAudio(probe: Probe): SoundDecision {
  const all = [...(probe.audio ? [probe.audio] : []), ...(probe.moreAudio ?? [])];
  const skipped = (probe.undecodableAudio ?? []).join(', ');
  const silent = (code: DecisionCode, text: string): SoundDecision => ({ audio: null, extraAudio: [], decisions: [{ code, text }] });
  if (all.length === 0) {
    return skipped
      ? silent('AUDIO_UNSUPPORTED', `The sound of the source (${skipped}) cannot be decoded; the result has no sound.`)
      : silent('NO_AUDIO', 'The source has no sound.');
  }
  const heard = all.filter((audio) => lengthUs(probe, audio) > 0);
  if (heard.length === 0) return silent('NO_AUDIO', 'The sound of the source is empty or ends before its picture begins.');
  const kept = chosen(heard);
  const labels = labelsOf(kept, 'Audio');
  const decisions: Decision[] = [];
  const add = (code: DecisionCode, text: string): void => void decisions.push({ code, text });
  if (kept.length > 1) add('AUDIO_TRACKS', `The source has ${kept.length} sound tracks that viewers can choose from: ${labels.join(', ')}.`);
  const tracks = kept.map((audio, n): AudioPlan => {
    const label = labels[n] ?? '';
    const name = kept.length > 1 ? `The sound "${label}"` : 'The sound';
    const plan = trackPlan(probe, audio, name, decisions);
    return { ...(n > 0 ? { name: `${AUDIO_TRACK}-${n + 1}` } : {}), label, ...plan };
  });
  if (heard.length > kept.length)
    add('AUDIO_DROPPED', `${heard.length - kept.length} sound tracks are left out: ${TRACK_POLICY.mostAudio} are kept.`);
  if (heard.length < all.length) add('AUDIO_DROPPED', 'A sound track that is empty, or ends before the picture begins, is left out.');
  if (skipped) add('AUDIO_UNSUPPORTED', `A further sound track (${skipped}) cannot be decoded and is left out.`);
  const [audio = null, ...extraAudio] = tracks;
  return { audio, extraAudio, decisions };
}

/** The output begins with the first frame: sound before it has no place, sound that starts later has silence before it. */
function lengthUs({ video, truncation }: Probe, audio: AudioFacts): number {
  const toItsEndUs = audio.startUs + audio.durationUs - video.startUs;
  return truncation ? Math.min(toItsEndUs, video.durationUs) : toItsEndUs;
}

/** Where there are more than are kept, one of each language goes before the second one of any. */
function chosen(heard: readonly AudioFacts[]): readonly AudioFacts[] {
  const isFirst = (audio: AudioFacts): boolean => heard.find((each) => each.language === audio.language) === audio;
  const byWorth = [...heard.filter(isFirst), ...heard.filter((audio) => !isFirst(audio))].slice(0, TRACK_POLICY.mostAudio);
  return heard.filter((audio) => byWorth.includes(audio));
}

function trackPlan(probe: Probe, audio: AudioFacts, name: string, decisions: Decision[]): AudioPlan {
  const { video } = probe;
  const channels = Math.min(2, audio.channels);
  const sampleRate = KEPT_SAMPLE_RATES.includes(audio.sampleRate) ? audio.sampleRate : 48_000;
  const downmix = downmixOf(audio.channels, audio.layout ?? null);
  const add = (code: DecisionCode, text: string): void => void decisions.push({ code, text });
  if (downmix) {
    const layout = audio.layout ? ` (${audio.layout})` : '';
    add('DOWNMIXED', `${name} has ${audio.channels} channels${layout}; it is mixed down to stereo, with its dialogue as loud as it was.`);
  }
  if (sampleRate !== audio.sampleRate) add('RESAMPLED', `${name} has ${audio.sampleRate} samples a second; it is converted to ${sampleRate}.`);
  const track = {
    ...{ streamIndex: audio.streamIndex, channels, sampleRate, language: audio.language, expectedDurationUs: lengthUs(probe, audio) },
    ...(downmix ? { downmix } : {}),
    ...(probe.truncation ? { endsThere: true } : {}),
  };
  const originUs = Math.max(0, video.startUs - probe.containerStartUs);
  const copied = probe.truncation ? null : copyOf(audio, video.startUs);
  if (!copied) return { ...track, mode: 'encode', originUs, bitrateKbps: channels === 1 ? KBPS.mono : KBPS.stereo };
  add('AUDIO_COPIED', `${name} already is AAC at ${copied.bitrateKbps} kbit/s and is taken over as it is.`);
  return { ...track, mode: 'copy', originUs: originUs + copied.lateUs, bitrateKbps: copied.bitrateKbps };
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
