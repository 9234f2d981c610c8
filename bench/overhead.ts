import { type ActivityTimes, gapMs } from './activity-times.js';
import type { BenchContext } from './context.js';
import { ENCODERS } from './encode.js';
import { median, type Row } from './figures.js';
import { benchSource } from './sources.js';
import { withStack } from './stack.js';
import { runVideo, type VideoRun } from './video-run.js';

const CLIP_S = 2;

/** What everything around encoding costs: a clip of two seconds on a warm stack, complete to published, and where the time goes. */
export async function benchOverhead(context: BenchContext): Promise<Row[]> {
  const { root, options, say } = context;
  const source = await benchSource({ height: 720, seconds: CLIP_S, seed: options.seed }, context);
  const runs = await withStack({ root, say, encoders: ENCODERS }, async (stack) => {
    const done: VideoRun[] = [];
    for (let run = 0; run < options.runs; run += 1) done.push(await runVideo(stack, source.path));
    return done;
  });
  for (const [index, run] of runs.entries()) say(`  run ${index + 1}: ${run.publishedMs} ms`);
  const typical = nearest(runs, median(runs.map((run) => run.publishedMs)));
  for (const line of timeline(typical)) say(`  ${line}`);
  const note = source.real ? '' : 'synthetic source';
  const row = (name: string, pick: (run: VideoRun) => number): Row => {
    return { part: 'overhead', name, value: median(runs.map(pick)) / 1000, unit: 's', digits: 2, goal: null, note };
  };
  return [
    { ...row(`${CLIP_S} s clip, complete to published`, (run) => run.publishedMs), goal: { atMost: 3 } },
    row('of that, ffmpeg of its chunk', (run) => run.chunks.reduce((sum, chunk) => sum + chunk.wallMs, 0)),
    row('of that, no activity at work', (run) => gapMs(run.activities, run.uploadedAtMs, run.publishedAtMs)),
  ];
}

function nearest(runs: readonly VideoRun[], publishedMs: number): VideoRun {
  const [found] = [...runs].sort((a, b) => Math.abs(a.publishedMs - publishedMs) - Math.abs(b.publishedMs - publishedMs));
  if (found === undefined) throw new RangeError('no runs');
  return found;
}

/** One line an activity, in order of start: when (from the end of the upload), how long it waited for a worker, how long it ran. */
export function timeline(run: Pick<VideoRun, 'activities' | 'uploadedAtMs' | 'playableMs' | 'publishedAtMs'>): string[] {
  const ms = (value: number): string => String(Math.round(value)).padStart(6);
  const line = ({ activity, scheduledMs, startedMs, completedMs }: ActivityTimes): string =>
    `${ms(startedMs - run.uploadedAtMs)} ${ms(startedMs - scheduledMs)} ${ms(completedMs - startedMs)}  ${activity}`;
  return [
    ' start waited    ran  activity (ms)',
    ...run.activities.map(line),
    ...(run.playableMs === null ? [] : [`${ms(run.playableMs)}  playable`]),
    `${ms(run.publishedAtMs - run.uploadedAtMs)}  published`,
  ];
}
