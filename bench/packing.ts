import { chunkAt, type Grid } from '../src/domain/grid.js';
import { toNumber } from '../src/domain/rational.js';

/** What was seen of one chunk: where it lay in its source, and how long it took. */
export interface ChunkCost {
  readonly startS: number;
  readonly lengthS: number;
  readonly wallMs: number;
}

/**
 * How long chunks take on so many slots, each slot taking the next chunk in order as soon as it is free; `window` is
 * how many may be under way at a time.
 */
export function makespanMs(costsMs: readonly number[], slots: number, window: number): number {
  const freeAt = Array.from({ length: Math.min(slots, window) }, () => 0);
  for (const cost of costsMs) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] as number) + cost;
  }
  return Math.max(...freeAt);
}

/** What is lost because chunks do not fill all slots to the end: 0 where they do, 0.1 where it takes a tenth longer. */
export function packingLoss(costsMs: readonly number[], slots: number, window = Number.POSITIVE_INFINITY): number {
  const ideal = costsMs.reduce((sum, cost) => sum + cost, 0) / slots;
  return makespanMs(costsMs, slots, window) / ideal - 1;
}

/** Costs of another grid's chunks: the recorded video over and over, each second at the price it had in its chunk, and `fixedMs` a chunk. */
export function costsOf(grid: Grid, recorded: readonly ChunkCost[], fixedMs: number): number[] {
  const fps = toNumber(grid.rate);
  const endS = Math.max(...recorded.map((chunk) => chunk.startS + chunk.lengthS));
  const msPerS = (atS: number): number => {
    const at = atS % endS;
    const chunk = recorded.find(({ startS, lengthS }) => at >= startS && at < startS + lengthS);
    return chunk ? Math.max(0, chunk.wallMs - fixedMs) / chunk.lengthS : 0;
  };
  return Array.from({ length: grid.chunkCount }, (_, index) => {
    const { startFrame, frameCount } = chunkAt(grid, index);
    // In steps of half a second: prices change at chunk ends of the recording only.
    const steps = Math.max(1, Math.round((2 * frameCount) / fps));
    const stepS = frameCount / fps / steps;
    let cost = fixedMs;
    for (let step = 0; step < steps; step += 1) cost += stepS * msPerS(startFrame / fps + (step + 0.5) * stepS);
    return cost;
  });
}
