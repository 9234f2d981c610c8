import type { ChunkRange } from '../domain/grid.js';
import type { Plan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import type { Recipe } from '../domain/recipe.js';

/** What one ffmpeg run encodes for a chunk: the chunk itself, and what is thrown away before and behind it. */
export interface ChunkWindow {
  /** Grid frame that leaves the encoder first: the chunk's first one less the run-in. */
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly runInFrames: number;
  readonly runOutFrames: number;
  /** Input `-ss`; null reads from the source's beginning. */
  readonly seekUs: number | null;
  /** What ffmpeg's time stamp of `firstFrame` nominally is after that seek. */
  readonly shiftUs: number;
}

/**
 * Chunk 0 has no run-in; a run-out never goes beyond the last frame. Both are at most one GOP, so that each is exactly one fragment.
 *
 * The seek lies a third of a frame before the first frame. ffmpeg turns the seek point into ticks of the source's own
 * clock, and that clock may be as coarse as one tick a frame (MP4 with time scale 30) or whole milliseconds (WebM).
 * At half a frame the rounding of a one-tick clock could fall either way; at a third it always falls on the frame.
 *
 * An MPEG-TS has no index: a seek lands between two key frames, and pictures begin at the one behind. So it starts earlier.
 * So does a piece that is damaged, for a key frame that is whole.
 */
export function chunkWindow(plan: Pick<Plan, 'grid' | 'video' | 'format'>, chunk: ChunkRange, recipe: Recipe = 'normal'): ChunkWindow {
  const { grid, video } = plan;
  const endFrame = chunk.startFrame + chunk.frameCount;
  const runInFrames = Math.min(video.runInFrames, grid.gopFrames, chunk.startFrame);
  const runOutFrames = Math.min(video.runOutFrames, grid.gopFrames, grid.frameCount - endFrame);
  const firstFrame = chunk.startFrame - runInFrames;
  const firstUs = video.originUs + frameTimeUs(firstFrame, grid.rate);
  const { num, den } = grid.rate;
  const leadUs = plan.format === 'mpegts' || LED.includes(recipe) ? TRANSPORT_LEAD_US : 0;
  const seekUs = video.originUs + frameTimeUs(3 * firstFrame - 1, { num: 3 * num, den }) - leadUs;
  return {
    firstFrame,
    frameCount: runInFrames + chunk.frameCount + runOutFrames,
    runInFrames,
    runOutFrames,
    ...(seekUs > 0 && video.fromStart !== true ? { seekUs, shiftUs: firstUs - seekUs } : { seekUs: null, shiftUs: firstUs }),
  };
}

/** Longer than the GOPs of broadcasts, cameras and streaming programs. A longer one still is seen: the chunk lacks its first frames. */
const TRANSPORT_LEAD_US = 12_000_000;

/** Ways of reading that begin at an earlier key frame. */
const LED: readonly Recipe[] = ['concealing', 'remuxed'];
