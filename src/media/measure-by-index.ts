import { PipelineError } from '../domain/errors.js';
import type { Extent, ReadRange } from '../domain/extent.js';
import { sameRate } from '../domain/rate.js';
import { toNumber } from '../domain/rational.js';
import { type FrameTimes, frameTimes, mostEdits, readMoov } from './mp4-frame-times.js';
import {
  accessUnitRates,
  countOf,
  type Measured,
  type MeasuredSound,
  microseconds,
  type ProbedFile,
  type ProbedStream,
  type ProbedTracks,
} from './probe-facts.js';

/** From the index of an MP4 or MOV alone; null where it does not say enough, and the packets are read instead. */
export async function measureByIndex(readRange: ReadRange, tracks: ProbedTracks, extent: Extent): Promise<Measured | null> {
  const { file, video, sounds } = tracks;
  const packetCount = countOf(video.nb_frames);
  const durationUs = microseconds(video.duration);
  if (!packetCount || durationUs === null || durationUs <= 0) return null;
  assertContainerMatches(file);
  const containerStartUs = microseconds(file.format?.start_time) ?? 0;
  const moov = extent.moov && (await readMoov(extent.moov, readRange));
  assertFewEdits(moov === null ? 0 : mostEdits(moov));
  const timesOf = (stream: ProbedStream): FrameTimes | null => moov && frameTimes(moov, Number(stream.id ?? 0));
  const times = timesOf(video);
  // An edit list shows another part of the frames than the table lists: then the table's evenness says nothing of the count.
  const edited = times !== null && Math.abs(times.totalUs - durationUs) > 1_000_000 / (times.rate.num / times.rate.den);
  return {
    video: {
      ...{ packetCount, durationUs, startUs: microseconds(video.start_time) ?? containerStartUs },
      ...(times && !edited ? { evenlySpaced: times.even, ...(times.even ? { baseRate: times.rate } : {}) } : {}),
    },
    sounds: new Map(
      sounds.map((sound) => [sound.index, { ...{ startUs: microseconds(sound.start_time) ?? containerStartUs }, ...soundOf(sound, timesOf(sound)) }]),
    ),
    containerStartUs,
    containerDurationUs: microseconds(file.format?.duration) ?? durationUs,
  };
}

/** Cameras write one or two, cutting programs tens. Each is a seek for whoever reads the film: 50 000 of them never end. */
const MOST_EDITS = 200;

/** @throws PipelineError SOURCE_EDITS */
function assertFewEdits(edits: number): void {
  if (edits > MOST_EDITS) throw new PipelineError('SOURCE_EDITS', { note: `It has ${edits} cuts; ${MOST_EDITS} are allowed.`, details: { edits } });
}

/** Edit lists hide the priming in front and the padding behind. One that hides more has cut the track, and its table says nothing of what is left. */
const MOST_HIDDEN_UNITS = 6;

function soundOf(audio: ProbedStream, times: FrameTimes | null): Omit<MeasuredSound, 'startUs'> {
  const durationUs = microseconds(audio.duration) ?? 0;
  const bitsPerSecond = countOf(audio.bit_rate);
  const [units] = accessUnitRates(audio);
  const hiddenUs = (times?.totalUs ?? 0) - durationUs;
  const unbroken =
    times && units && times.even && sameRate(times.rate, units) && Math.abs(hiddenUs) <= (MOST_HIDDEN_UNITS * 1_000_000) / toNumber(units);
  return { durationUs, ...(bitsPerSecond ? { bitsPerSecond } : {}), ...(times ? { unbroken: unbroken === true } : {}) };
}

/** @throws PipelineError SOURCE_CORRUPT where the file as a whole claims far more time than any of its tracks */
function assertContainerMatches(file: ProbedFile): void {
  const durations = file.streams.map((stream) => microseconds(stream.duration));
  const containerUs = microseconds(file.format?.duration) ?? 0;
  const longestUs = Math.max(...durations.map((us) => us ?? Number.POSITIVE_INFINITY));
  if (containerUs > longestUs * 1.2 + 10_000_000) {
    throw new PipelineError('SOURCE_CORRUPT', { note: 'Its length does not match its tracks.', details: { containerUs, longestUs } });
  }
}
