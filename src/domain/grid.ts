import { type Rational, toNumber } from './rational.js';

/**
 * The chunk grid of one video: frames in whole GOPs, GOPs in whole segments, segments in whole chunks, all counted
 * from frame 0 on one exact rate. It is a handful of numbers, never a list, so it fits in workflow history whatever
 * the length; `chunkAt` unrolls it.
 */
export interface Grid {
  readonly rate: Rational;
  readonly frameCount: number;
  readonly gopFrames: number;
  readonly segmentFrames: number;
  /** Chunk 0 is shorter than the rest, so that playing can start early. */
  readonly firstChunkFrames: number;
  readonly chunkFrames: number;
  readonly chunkCount: number;
}

export interface ChunkRange {
  readonly index: number;
  readonly startFrame: number;
  readonly frameCount: number;
}

/** Lengths that the grid aims at, in seconds of media; the frames come out whole. */
export interface GridShape {
  readonly gopS: number;
  readonly gopsPerSegment: number;
  readonly firstChunkS: number;
  readonly chunkMinS: number;
  readonly chunkMaxS: number;
}

/** Chunks of 20–60 s: short enough for three per encoder slot, long enough that run-in and start-up cost little. */
const SHAPE: GridShape = { gopS: 2, gopsPerSegment: 2, firstChunkS: 8, chunkMinS: 20, chunkMaxS: 60 };
const CHUNKS_PER_SLOT = 3;
const MAX_CHUNKS = 600;
/** A tail shorter than this many frames joins the chunk before it: 1–2 frame chunks get another edit list and header. */
const MIN_TAIL_FRAMES = 12;

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/**
 * Lays the grid. Chunks are longer than `chunkMaxS` only where more than 600 of them would be needed.
 * @param wish.shape other lengths than the usual ones, for tests that want many chunks of a short clip
 */
export function layGrid(wish: { rate: Rational; frameCount: number; encoderSlots: number; shape?: Partial<GridShape> }): Grid {
  const { rate, frameCount } = wish;
  const shape = { ...SHAPE, ...wish.shape };
  if (!Number.isSafeInteger(frameCount) || frameCount < 1) throw new RangeError(`no frames to lay a grid on: ${frameCount}`);
  const fps = toNumber(rate);
  const gopFrames = Math.max(1, Math.round(shape.gopS * fps));
  const segmentFrames = gopFrames * shape.gopsPerSegment;
  const segmentS = segmentFrames / fps;
  const segments = ceilDiv(frameCount, segmentFrames);

  const firstSegments = Math.max(1, Math.round(shape.firstChunkS / segmentS));
  const rest = Math.max(0, segments - firstSegments);
  const wanted = ceilDiv(rest, CHUNKS_PER_SLOT * Math.max(1, wish.encoderSlots));
  const least = Math.max(1, Math.round(shape.chunkMinS / segmentS));
  const most = Math.max(least, Math.round(shape.chunkMaxS / segmentS));
  const chunkSegments = Math.max(Math.min(Math.max(wanted, least), most), ceilDiv(rest, MAX_CHUNKS - 1));

  const firstChunkFrames = firstSegments * segmentFrames;
  const chunkFrames = chunkSegments * segmentFrames;
  const after = frameCount - firstChunkFrames;
  let chunkCount = after <= 0 ? 1 : 1 + ceilDiv(after, chunkFrames);
  const tail = after <= 0 ? frameCount : after - (chunkCount - 2) * chunkFrames;
  if (chunkCount > 1 && tail < MIN_TAIL_FRAMES) chunkCount -= 1;
  return { rate, frameCount, gopFrames, segmentFrames, firstChunkFrames, chunkFrames, chunkCount };
}

/** @throws RangeError for an index outside the grid */
export function chunkAt(grid: Grid, index: number): ChunkRange {
  if (!Number.isInteger(index) || index < 0 || index >= grid.chunkCount) throw new RangeError(`no chunk ${index} in a grid of ${grid.chunkCount}`);
  const startFrame = index === 0 ? 0 : grid.firstChunkFrames + (index - 1) * grid.chunkFrames;
  const isLast = index === grid.chunkCount - 1;
  const nominal = index === 0 ? grid.firstChunkFrames : grid.chunkFrames;
  return { index, startFrame, frameCount: isLast ? grid.frameCount - startFrame : nominal };
}

/** Frames of each segment of a chunk, in order; every one but a chunk's last has `grid.segmentFrames`. */
export function segmentFrameCounts(grid: Grid, chunk: ChunkRange): number[] {
  const counts: number[] = [];
  for (let left = chunk.frameCount; left > 0; left -= grid.segmentFrames) counts.push(Math.min(left, grid.segmentFrames));
  return counts;
}

/** Ticks per second of a video track in which one frame is a whole number of ticks. At least 10 000, as ffmpeg's mp4 muxer likes it. */
export function videoTimescale(rate: Rational): number {
  return rate.num * Math.max(1, ceilDiv(10_000, rate.num));
}

/** Length of one frame in ticks of `videoTimescale`. */
export function frameTicks(rate: Rational): number {
  return (videoTimescale(rate) / rate.num) * rate.den;
}
