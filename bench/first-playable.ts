import type { BenchContext } from './context.js';
import { ENCODERS } from './encode.js';
import { median, type Row } from './figures.js';
import { timeline } from './overhead.js';
import { benchSource } from './sources.js';
import { withStack } from './stack.js';
import { runVideo, type VideoRun } from './video-run.js';

/** How soon a player can begin, against the encode time of the first chunk alone and of the whole. */
export async function benchFirstPlayable(context: BenchContext): Promise<Row[]> {
  const { root, options, say } = context;
  const source = await benchSource({ height: 1080, seconds: options.seconds, seed: options.seed }, context);
  const runs = [...context.longRuns];
  while (runs.length < options.runs) runs.push(await withStack({ root, say, encoders: ENCODERS }, (stack) => runVideo(stack, source.path)));
  for (const [index, run] of runs.entries()) {
    say(`  run ${index + 1}: playable after ${run.playableMs} ms, chunk 0 took ${firstChunkMs(run)} ms, published after ${run.publishedMs} ms`);
  }
  for (const line of timeline(runs[0] as VideoRun)) say(`  ${line}`);
  const base = { part: 'first-playable', note: source.real ? '' : 'synthetic source' };
  return [
    {
      ...base,
      name: 'playable, beyond chunk 0 alone',
      value: median(runs.map((run) => playableMs(run) - firstChunkMs(run))) / 1000,
      unit: 's',
      digits: 2,
      goal: { atMost: 2 },
    },
    { ...base, name: 'complete to playable', value: median(runs.map(playableMs)) / 1000, unit: 's', digits: 2, goal: null },
    { ...base, name: 'playable / published', value: median(runs.map((run) => playableMs(run) / run.publishedMs)), unit: '×', digits: 3, goal: null },
  ];
}

function playableMs(run: VideoRun): number {
  if (run.playableMs === null) throw new Error('The video does not say when it became playable.');
  return run.playableMs;
}

function firstChunkMs(run: VideoRun): number {
  const first = run.chunks.find((chunk) => chunk.index === 0);
  if (first === undefined) throw new Error('The history has no chunk 0.');
  return first.wallMs;
}
