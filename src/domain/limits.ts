import type { AudioPlan, Plan } from './plan.js';
import type { SizeClass } from './size-class.js';

/** What a process that reads a stranger's file may use: far beyond what any honest one needs, and an end to those that are not. */
export interface RunLimits {
  readonly cpuS: number;
  readonly fileBytes: number;
}

/** To start, to seek, to read an index. */
const START_CPU_S = 120;
/** Processor time for one pixel that is decoded or encoded. Measured: about 13 ns for veryfast, three to four times that for medium. */
const CPU_NS_A_PIXEL = 400;
const MIB = 1024 ** 2;
const SMALL_FILE_BYTES = 64 * MIB;

/** For one chunk: its frames, run-in and run-out with them, in all sizes. */
export function chunkLimits(plan: Plan, chunk: { readonly frameCount: number }): RunLimits {
  const frames = chunk.frameCount + plan.video.runInFrames + plan.video.runOutFrames;
  const pixels = plan.rungs.reduce((sum, rung) => sum + rung.width * rung.height, DECODED_PIXELS[plan.sizeClass]);
  const seconds = (frames * plan.grid.rate.den) / plan.grid.rate.num;
  const kbps = Math.max(...plan.rungs.map((rung) => rung.maxrateKbps));
  return { cpuS: START_CPU_S + (frames * pixels * CPU_NS_A_PIXEL) / 1e9, fileBytes: SMALL_FILE_BYTES + 4 * seconds * kbps * 125 };
}

/** For the whole sound of a video. */
export function audioLimits(audio: AudioPlan): RunLimits {
  const seconds = audio.expectedDurationUs / 1e6;
  return { cpuS: START_CPU_S + seconds, fileBytes: SMALL_FILE_BYTES + seconds * MIB };
}

/** For putting a source into another container. Copying is bound by reading: 1 MB a second of processor time is a hundredth of what it does. */
export const remuxLimits = (sourceBytes: number): RunLimits => ({
  cpuS: START_CPU_S + sourceBytes / 1e6,
  fileBytes: SMALL_FILE_BYTES + 2 * sourceBytes,
});

/** For taking text out of a source: all of it is read, little is written. */
export const subtitleLimits = (sourceBytes: number): RunLimits => ({ cpuS: START_CPU_S + sourceBytes / 1e6, fileBytes: SMALL_FILE_BYTES });

/** The largest picture of each class, pixels. */
const DECODED_PIXELS: Readonly<Record<SizeClass, number>> = { small: 1280 * 720, medium: 2560 * 1440, large: 36_000_000 };
