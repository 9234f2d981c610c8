import { join } from 'node:path';
import { chunkAt } from '../src/domain/grid.js';
import type { Plan } from '../src/domain/plan.js';
import { compareRung } from './compare-pictures.js';
import { type BenchContext, withFolder } from './context.js';
import { ENCODERS, expertWish } from './encode.js';
import { encodeJoined, frameBytes, planOf, scalerOf } from './encode-chunks.js';
import { expertArgs } from './expert-args.js';
import { type Row, sum } from './figures.js';
import { runMeasured } from './measured-command.js';
import { joinDeltas, quantile, wholeDecibels, worst } from './psnr-log.js';
import { type BenchSource, benchSource } from './sources.js';
import { lowestLevel } from './vbv.js';

/** What chunking does to picture and size, rung by rung, against the one command that encodes in one go with the same scaler. */
export async function benchQuality(context: BenchContext): Promise<Row[]> {
  const { options, ffprobe } = context;
  const source = await benchSource({ height: 1080, seconds: options.seconds, seed: options.seed }, context);
  const plan = await planOf(source, { ffprobe, encoderSlots: ENCODERS });
  return withFolder((theirs) =>
    withFolder(async (ours) => {
      await encodeWhole(context, plan, source, theirs);
      await encodeJoined({ ffmpeg: context.ffmpeg, plan, source, folder: ours });
      return rungRows(context, { plan, source, ours, theirs });
    }),
  );
}

/** The one command, into `folder`, scaled as the product scales. */
export async function encodeWhole(context: BenchContext, plan: Plan, source: BenchSource, folder: string): Promise<{ cpuMs: number }> {
  return runMeasured(
    context.ffmpeg,
    expertArgs({ ...expertWish(source, folder), scaler: (rung) => scalerOf(plan, plan.rungs.indexOf(rung)), rungs: plan.rungs }),
  );
}

/** First frames of all chunks but the first. */
export const joinsOf = (plan: Plan): number[] =>
  Array.from({ length: plan.grid.chunkCount - 1 }, (_, index) => chunkAt(plan.grid, index + 1).startFrame);

async function rungRows(context: BenchContext, job: { plan: Plan; source: BenchSource; ours: string; theirs: string }): Promise<Row[]> {
  const { plan, source } = job;
  const rows: Row[] = [];
  for (const [rung, { name, maxrateKbps, bufsizeKbps }] of plan.rungs.entries()) {
    const [ours, theirs] = [join(job.ours, `${name}.mp4`), join(job.theirs, `${name}.mp4`)];
    const errors = await compareRung({ ffmpeg: context.ffmpeg, plan, rung, source: source.path, ours, theirs, folder: job.ours });
    const [ourBytes = [], theirBytes = []] = await Promise.all([ours, theirs].map((path) => frameBytes(context.ffprobe, path)));
    const vbv = { fps: source.fps, maxrateKbps, bufsizeKbps };
    const deltas = joinDeltas(errors.ours, errors.theirs, joinsOf(plan));
    const whole = wholeDecibels(errors.theirs);
    const base = { part: 'quality', note: source.real ? '' : 'synthetic source' };
    const elsewhere = `elsewhere: worst ${worst(deltas.elsewhere).toFixed(2)}, 1 % below ${quantile(deltas.elsewhere, 0.01).toFixed(2)}`;
    rows.push(
      {
        ...base,
        name: `${name} PSNR against one command`,
        value: wholeDecibels(errors.ours) - whole,
        unit: 'dB',
        digits: 3,
        goal: { atLeast: -0.03 },
        note: `one command ${whole.toFixed(2)} dB`,
      },
      {
        ...base,
        name: `${name} size against one command`,
        value: 100 * (sum(ourBytes) / sum(theirBytes) - 1),
        unit: '%',
        digits: 2,
        goal: { within: 2 },
      },
      {
        ...base,
        name: `${name} lowest VBV level, joined`,
        value: 100 * lowestLevel(ourBytes, vbv),
        unit: '%',
        digits: 1,
        goal: { atLeast: 0 },
        note: `one command ${(100 * lowestLevel(theirBytes, vbv)).toFixed(1)} % of bufsize`,
      },
      {
        ...base,
        name: `${name} worst of 5 frames before a join`,
        value: worst(deltas.before),
        unit: 'dB',
        digits: 2,
        goal: { atLeast: -0.3 },
        note: `${joinsOf(plan).length} joins`,
      },
      {
        ...base,
        name: `${name} worst of 5 frames after a join`,
        value: worst(deltas.after),
        unit: 'dB',
        digits: 2,
        goal: { atLeast: -0.3 },
        note: elsewhere,
      },
    );
  }
  return rows;
}
