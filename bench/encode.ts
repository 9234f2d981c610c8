import { statSync } from 'node:fs';
import { layGrid } from '../src/domain/grid.js';
import { ladderFor } from '../src/domain/ladder.js';
import { rational } from '../src/domain/rational.js';
import { alternate } from './alternate.js';
import { type BenchContext, withFolder } from './context.js';
import { type ExpertWish, expertArgs, oneCommandARung } from './expert-args.js';
import { median, type Row, ratioRow, ratios } from './figures.js';
import { type CommandCost, runMeasured } from './measured-command.js';
import { type BenchSource, benchSource } from './sources.js';
import { withStack } from './stack.js';
import { runVideo, type VideoRun } from './video-run.js';

/** Encoder workers, one ffmpeg of one thread each: as many as the machine that the goals are set for has cores. */
export const ENCODERS = 2;

/** Complete source in S3 to published, against the expert's one command and against one command a rung. */
export async function benchEncode(context: BenchContext): Promise<Row[]> {
  const { options } = context;
  const rows: Row[] = [];
  for (const height of [1080, 720] as const) {
    const source = await benchSource({ height, seconds: options.seconds, seed: options.seed }, context);
    const done = await rounds(context, source);
    if (height === 1080) context.longRuns.push(...done.map(({ product }) => product));
    rows.push(...rowsOf(source, done));
  }
  return rows;
}

interface Round {
  readonly product: VideoRun;
  readonly expert: CommandCost;
  readonly three: CommandCost;
}

async function rounds(context: BenchContext, source: BenchSource): Promise<Round[]> {
  const { root, ffmpeg, options, say } = context;
  const s = (ms: number): string => (ms / 1000).toFixed(1);
  return alternate(
    options.runs,
    {
      // A stack for each round, gone before the others run: idle services would slow them.
      product: () => withStack({ root, say, encoders: ENCODERS }, (stack) => runVideo(stack, source.path)),
      expert: () => withFolder((folder) => runMeasured(ffmpeg, expertArgs(expertWish(source, folder)))),
      three: () => withFolder((folder) => oneAfterAnother(ffmpeg, oneCommandARung(expertWish(source, folder)))),
    },
    ({ product, expert, three }, round) =>
      say(
        `  ${source.height}p round ${round + 1}: published ${s(product.publishedMs)} s (CPU ${s(product.cpuMs)}), ` +
          `one command ${s(expert.wallMs)} s (CPU ${s(expert.cpuMs)}), three ${s(three.wallMs)} s (CPU ${s(three.cpuMs)})`,
      ),
  );
}

/** The product's own sizes and key frame distance, so that only the way of encoding differs. */
export function expertWish(source: BenchSource, folder: string): ExpertWish {
  const rate = rational(source.fps);
  const { gopFrames } = layGrid({ rate, frameCount: source.seconds * source.fps, encoderSlots: ENCODERS });
  return { source: source.path, rungs: ladderFor(source), gopFrames, preset: 'veryfast', folder };
}

async function oneAfterAnother(ffmpeg: string, commands: readonly (readonly string[])[]): Promise<CommandCost> {
  let [wallMs, cpuMs, rssMib] = [0, 0, 0];
  for (const args of commands) {
    const cost = await runMeasured(ffmpeg, args);
    [wallMs, cpuMs, rssMib] = [wallMs + cost.wallMs, cpuMs + cost.cpuMs, Math.max(rssMib, cost.rssMib)];
  }
  return { wallMs, cpuMs, rssMib };
}

function rowsOf(source: BenchSource, done: readonly Round[]): Row[] {
  const part = `encode ${source.height}p`;
  const note = source.real ? '' : 'synthetic source';
  const of = (pick: (round: Round) => number): number[] => done.map(pick);
  const published = of(({ product }) => product.publishedMs);
  const ratio = (name: string, over: number[], under: number[], goal: number | null): Row =>
    ratioRow({ part, name, values: ratios(over, under), goal: goal === null ? null : { atMost: goal }, note });
  const plain = (name: string, values: number[], unit: string, digits: number): Row => {
    return { part, name, value: median(values), unit, digits, goal: null, note };
  };
  const bytesRead = of(({ product }) => product.chunks.reduce((sum, chunk) => sum + chunk.sourceBytesRead, 0) / statSync(source.path).size);
  const rss = (name: string): number[] => of(({ product }) => product.rssMib.get(name) ?? 0);
  return [
    ratio(
      'published / one command, wall',
      published,
      of(({ expert }) => expert.wallMs),
      1.1,
    ),
    ratio(
      'published / three commands, wall',
      published,
      of(({ three }) => three.wallMs),
      0.72,
    ),
    ratio(
      'all processes / one command, CPU',
      of(({ product }) => product.cpuMs),
      of(({ expert }) => expert.cpuMs),
      1.08,
    ),
    ratio(
      'all processes / three commands, CPU',
      of(({ product }) => product.cpuMs),
      of(({ three }) => three.cpuMs),
      null,
    ),
    plain(
      'complete to published',
      of(({ product }) => product.publishedMs / 1000),
      's',
      1,
    ),
    plain(
      'one command',
      of(({ expert }) => expert.wallMs / 1000),
      's',
      1,
    ),
    plain('source bytes read by chunks / size', bytesRead, '×', 3),
    plain('peak RSS of a chunk’s ffmpeg', rss('ffmpeg'), 'MiB', 0),
    plain('peak RSS of a worker (node)', rss('node'), 'MiB', 0),
    plain(
      'peak RSS of the one command',
      of(({ expert }) => expert.rssMib),
      'MiB',
      0,
    ),
  ];
}
