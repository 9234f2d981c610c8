import { join } from 'node:path';
import { chunkAt } from '../src/domain/grid.js';
import type { Plan } from '../src/domain/plan.js';
import { toNumber } from '../src/domain/rational.js';
import { compareRung } from './compare-pictures.js';
import { type BenchContext, withFolder } from './context.js';
import { ENCODERS } from './encode.js';
import { encodeJoined, planOf, withVideo } from './encode-chunks.js';
import type { Row } from './figures.js';
import { joinDeltas, quantile, worst } from './psnr-log.js';
import { encodeWhole, joinsOf } from './quality.js';
import { type BenchSource, benchSource } from './sources.js';

/** Short chunks, so that a short source has many joins: what happens at a join does not know how long the chunk is. */
const MANY_JOINS = { gopsPerSegment: 1, firstChunkS: 2, chunkMinS: 2, chunkMaxS: 2 };
/** Lengths that a chunk of a real plan has; a run-in costs the more, the shorter they are. Seconds. */
const CHUNK_LENGTHS_S = [20, 60] as const;

/** [frames before, frames behind]; Infinity: a whole GOP. */
const VARIANTS: readonly (readonly [number, number])[] = [
  ...[0, 5, 10, 15, 24, Infinity].map((runIn) => [runIn, 0] as const),
  ...[5, 10].map((runOut) => [10, runOut] as const),
];

interface Measured {
  readonly runIn: number;
  readonly runOut: number;
  readonly cpuMs: number;
  /** Over all rungs. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly elsewhere: readonly number[];
}

/** The table behind the plan's run-in and run-out: what each length leaves of the loss at a join, and what it costs. */
export async function benchRunIn(context: BenchContext): Promise<Row[]> {
  const { options, ffprobe, say } = context;
  const source = await benchSource({ height: 1080, seconds: options.seconds, seed: options.seed }, context);
  const plan = await planOf(source, { ffprobe, encoderSlots: ENCODERS, chunkGrid: MANY_JOINS });
  say(`  ${joinsOf(plan).length} joins, ${plan.rungs.length} rungs; per frame, dB against one command`);
  say('  run-in run-out | before: worst, 1 in 20, mean | after: worst, 1 in 20, mean | extra CPU at chunks of 20 s, 60 s');
  const rows = await withFolder(async (theirs) => {
    await encodeWhole(context, plan, source, theirs);
    const none = await measure(context, plan, source, theirs, [0, 0]);
    const found: Row[] = [];
    for (const variant of VARIANTS) {
      const measured = variant[0] === 0 && variant[1] === 0 ? none : await measure(context, plan, source, theirs, variant);
      const costs = CHUNK_LENGTHS_S.map((seconds) => extraShare(measured, none, plan, seconds));
      say(line(measured, costs));
      found.push(rowOf(measured, costs, source));
    }
    return found;
  });
  return rows;
}

async function measure(
  context: BenchContext,
  plan: Plan,
  source: BenchSource,
  theirs: string,
  [runIn, runOut]: readonly [number, number],
): Promise<Measured> {
  const { gopFrames } = plan.grid;
  const video = { runInFrames: Math.min(runIn, gopFrames), runOutFrames: Math.min(runOut, gopFrames) };
  const varied = withVideo(plan, video);
  return withFolder(async (folder) => {
    const { cpuMs } = await encodeJoined({ ffmpeg: context.ffmpeg, plan: varied, source, folder });
    const all = { before: [] as number[], after: [] as number[], elsewhere: [] as number[] };
    for (const [rung, { name }] of plan.rungs.entries()) {
      const pair = { ours: join(folder, `${name}.mp4`), theirs: join(theirs, `${name}.mp4`) };
      const errors = await compareRung({ ffmpeg: context.ffmpeg, plan, rung, source: source.path, ...pair, folder });
      const deltas = joinDeltas(errors.ours, errors.theirs, joinsOf(plan));
      for (const side of ['before', 'after', 'elsewhere'] as const) all[side].push(...deltas[side]);
    }
    return { runIn: video.runInFrames, runOut: video.runOutFrames, cpuMs, ...all };
  });
}

/** CPU that a join costs more than without, as a share of a chunk of that many seconds. */
function extraShare(measured: Measured, none: Measured, plan: Plan, seconds: number): number {
  const { grid } = plan;
  const last = chunkAt(grid, grid.chunkCount - 1);
  const cpuMsPerS = none.cpuMs / ((last.startFrame + last.frameCount) / toNumber(grid.rate));
  return (measured.cpuMs - none.cpuMs) / joinsOf(plan).length / (cpuMsPerS * seconds);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const three = (deltas: readonly number[]): string =>
  [worst(deltas), quantile(deltas, 0.05), mean(deltas)].map((value) => value.toFixed(2).padStart(6)).join(' ');
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function line(measured: Measured, costs: readonly number[]): string {
  const frames = `${String(measured.runIn).padStart(6)} ${String(measured.runOut).padStart(7)}`;
  return `  ${frames} | ${three(measured.before)} | ${three(measured.after)} | ${costs.map(percent).join(', ')}`;
}

function rowOf(measured: Measured, costs: readonly number[], source: BenchSource): Row {
  return {
    part: 'run-in',
    name: `${measured.runIn} frames before, ${measured.runOut} behind: worst frame at a join`,
    value: Math.min(worst(measured.before), worst(measured.after)),
    unit: 'dB',
    digits: 2,
    goal: null,
    note: `+${costs.map(percent).join(', ')} CPU at chunks of ${CHUNK_LENGTHS_S.join(', ')} s${source.real ? '' : '; synthetic source'}`,
  };
}
