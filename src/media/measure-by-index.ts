import { PipelineError } from '../domain/errors.js';
import type { Extent, ReadRange } from './container-extent.js';
import { readFrameTimes } from './mp4-frame-times.js';
import { countOf, type Measured, microseconds, type ProbedFile, type ProbedTracks } from './probe-facts.js';

/** From the index of an MP4 or MOV alone; null where it does not say enough, and the packets are read instead. */
export async function measureByIndex(readRange: ReadRange, tracks: ProbedTracks, extent: Extent): Promise<Measured | null> {
  const { file, video, audio } = tracks;
  const packetCount = countOf(video.nb_frames);
  const durationUs = microseconds(video.duration);
  if (!packetCount || durationUs === null || durationUs <= 0) return null;
  assertContainerMatches(file);
  const containerStartUs = microseconds(file.format?.start_time) ?? 0;
  const times = extent.moov ? await readFrameTimes(extent.moov, Number(video.id ?? 0), readRange) : null;
  // An edit list shows another part of the frames than the table lists: then the table's evenness says nothing of the count.
  const edited = times !== null && Math.abs(times.totalUs - durationUs) > 1_000_000 / (times.rate.num / times.rate.den);
  return {
    video: {
      ...{ packetCount, durationUs, startUs: microseconds(video.start_time) ?? containerStartUs },
      ...(times && !edited ? { evenlySpaced: times.even, ...(times.even ? { baseRate: times.rate } : {}) } : {}),
    },
    audio: audio && { startUs: microseconds(audio.start_time) ?? containerStartUs, durationUs: microseconds(audio.duration) ?? 0 },
    containerStartUs,
    containerDurationUs: microseconds(file.format?.duration) ?? durationUs,
  };
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
