/** The promise of `-maxrate` and `-bufsize`: a player that reads at that rate into a buffer of that size never waits. */
export interface Vbv {
  readonly fps: number;
  readonly maxrateKbps: number;
  readonly bufsizeKbps: number;
}

/** x264's vbv-init: how full the buffer is when the first frame is taken out. */
const FULL_AT_START = 0.9;

/**
 * How low the buffer gets, as a share of its size, when frames of those sizes are taken out of it one by one in decoding
 * order; below 0 a player has to wait. A leaky bucket, as in ITU-T H.264 annex C for a variable rate: what does not fit in is not sent.
 */
export function lowestLevel(frameBytes: readonly number[], { fps, maxrateKbps, bufsizeKbps }: Vbv): number {
  const [size, perFrame] = [bufsizeKbps * 1000, (maxrateKbps * 1000) / fps];
  let level = FULL_AT_START * size;
  let lowest = level;
  for (const bytes of frameBytes) {
    level -= 8 * bytes;
    lowest = Math.min(lowest, level);
    level = Math.min(size, level + perFrame);
  }
  return lowest / size;
}
