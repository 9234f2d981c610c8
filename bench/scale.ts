import { chunkAt, layGrid } from '../src/domain/grid.js';
import { rational } from '../src/domain/rational.js';
import { alternate } from './alternate.js';
import type { BenchContext } from './context.js';
import { type Row, ratioRow, ratios } from './figures.js';
import { type ChunkCost, costsOf, packingLoss } from './packing.js';
import { type BenchSource, benchSource } from './sources.js';
import { withStack } from './stack.js';
import { runVideo, type VideoRun } from './video-run.js';

const LONG_S = 600;
const SLOTS = [4, 16, 64] as const;
/** What a chunk costs besides its frames: starting ffmpeg, the seek, putting and committing. Rounded up from idle runs. */
const FIXED_MS = 300;

/** One encoder worker of one core against two; and how well chunks of a long video fill many slots, from the chunk times seen here. */
export async function benchScale(context: BenchContext): Promise<Row[]> {
  const { root, options, say } = context;
  const source = await benchSource({ height: 720, seconds: options.seconds, seed: options.seed }, context);
  const once = (encoders: number): Promise<VideoRun> => withStack({ root, say, encoders }, (stack) => runVideo(stack, source.path));
  const rounds = await alternate(options.runs, { one: () => once(1), two: () => once(2) }, ({ one, two }, round) =>
    say(`  round ${round + 1}: one encoder ${one.publishedMs} ms, two ${two.publishedMs} ms`),
  );
  const part = 'scale';
  const note = source.real ? '' : 'synthetic source';
  const of = (pick: (run: VideoRun) => number): number[] =>
    ratios(
      rounds.map(({ one }) => pick(one)),
      rounds.map(({ two }) => pick(two)),
    );
  return [
    ratioRow({ part, name: 'one encoder / two, 720p, complete to published', values: of((run) => run.publishedMs), goal: { atLeast: 1.9 }, note }),
    ratioRow({ part, name: 'one encoder / two, encoding alone', values: of(encodingMs), goal: null, note }),
    ...SLOTS.map((slots) =>
      packingRow(
        source,
        rounds.map(({ two }) => two),
        slots,
      ),
    ),
  ];
}

/** From the first chunk's start to the last one's end. */
function encodingMs({ activities }: VideoRun): number {
  const chunks = activities.filter(({ activity }) => activity === 'encodeChunk');
  return Math.max(...chunks.map((chunk) => chunk.completedMs)) - Math.min(...chunks.map((chunk) => chunk.startedMs));
}

function packingRow(source: BenchSource, runs: readonly VideoRun[], slots: number): Row {
  const rate = rational(source.fps);
  const played = layGrid({ rate, frameCount: source.seconds * source.fps, encoderSlots: 2 });
  const long = layGrid({ rate, frameCount: LONG_S * source.fps, encoderSlots: slots });
  const losses = runs.map((run) => {
    const recorded = run.chunks.map(({ index, wallMs }): ChunkCost => {
      const { startFrame, frameCount } = chunkAt(played, index);
      return { startS: startFrame / source.fps, lengthS: frameCount / source.fps, wallMs };
    });
    return packingLoss(costsOf(long, recorded, FIXED_MS), slots);
  });
  const sorted = [...losses].sort((a, b) => a - b);
  return {
    ...{
      part: 'scale',
      name: `packing loss, ${LONG_S / 60} min on ${slots} slots (simulated)`,
      value: 100 * (sorted[sorted.length >> 1] as number),
      unit: '%',
      digits: 1,
    },
    goal: slots === 16 ? { atMost: 10 } : null,
    note: `${long.chunkCount} chunks of ${long.chunkFrames / source.fps} s`,
  };
}
