import type { EtaRange } from './video.js';

/** One chunk that is done: what it cost on one core. */
export interface ChunkSample {
  readonly frameCount: number;
  readonly wallMs: number;
}

/** Pictures, playlists, verification, publishing: seconds on a laptop for a short video, a minute for hours. */
const AFTER_ENCODE_S = { low: 1, high: 10 };

/**
 * Time left until a video is published, from what its own chunks have cost so far: frames left × cost of a frame, over
 * the chunks that have really run at a time (which is less than the window where encoders are busy with other videos, so
 * the queue is in it). The range spans the cheapest and the dearest chunk: content differs by a factor of two within one film.
 * @param elapsedMs since encoding began
 * @returns null before the first chunk is done
 */
export function estimateEta(wish: { samples: readonly ChunkSample[]; totalFrames: number; elapsedMs: number }): EtaRange | null {
  const { samples, totalFrames, elapsedMs } = wish;
  if (samples.length === 0 || elapsedMs <= 0) return null;
  const doneFrames = samples.reduce((sum, sample) => sum + sample.frameCount, 0);
  const spentMs = samples.reduce((sum, sample) => sum + sample.wallMs, 0);
  const costs = samples.map((sample) => sample.wallMs / sample.frameCount);
  const parallel = Math.max(0.25, spentMs / elapsedMs);
  const leftFrames = Math.max(0, totalFrames - doneFrames);
  const mean = spentMs / doneFrames;
  const seconds = (costMs: number): number => (leftFrames * costMs) / parallel / 1000;
  // One sample says little of the others.
  const doubt = 1 + 0.5 / samples.length;
  return {
    low: Math.floor(Math.min(seconds(Math.min(...costs)), seconds(mean) / doubt)) + AFTER_ENCODE_S.low,
    high: Math.ceil(Math.max(seconds(Math.max(...costs)), seconds(mean) * doubt)) + AFTER_ENCODE_S.high,
  };
}
