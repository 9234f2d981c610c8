/** One of the processes that do what an encoder does, with files that mean it ill. Started by `run.ts`, one case at a time. */
import { join } from 'node:path';
import { createCores } from '../src/activities/cores.js';
import { createDrain } from '../src/activities/drain.js';
import { createSandbox } from '../src/media/sandbox.js';
import { openScratch } from '../src/media/scratch.js';
import { buildCase, type CaseRef, createKit } from './cases.js';
import { type Outcome, putThrough } from './put-through.js';
import { makeSeeds } from './seeds.js';

export interface WorkerWish {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly folder: string;
  readonly seed: number;
  readonly canary: { readonly port: number; readonly file: string };
  readonly sandboxed: boolean;
}

export type WorkerWord =
  | { readonly ready: true }
  | { readonly ref: CaseRef; readonly outcome: Outcome; readonly peakKib: number; readonly ownRssKib: number };

const wish = JSON.parse(process.argv[2] ?? '{}') as WorkerWish;
const seeds = await makeSeeds(wish.ffmpeg, wish.folder);
const kit = createKit(wish.ffmpeg, wish.folder, seeds, wish.canary);
let peakKib = 0;
const made = wish.sandboxed ? createSandbox() : null;
const onEnd = (use: { peakKib: number }): void => {
  peakKib = Math.max(peakKib, use.peakKib);
};
const sandbox = made && { ...made, onEnd };
const scratch = await openScratch(join(wish.folder, 'scratch'));
const deps = { ffmpegPath: wish.ffmpeg, ffprobePath: wish.ffprobe, sandbox, scratch, drain: createDrain(), cores: createCores(1) };

process.on('message', async (ref: CaseRef) => {
  const built = await buildCase(ref, { seed: wish.seed, seeds, kit });
  peakKib = 0;
  const outcome = await putThrough(built, deps, ref.index);
  // What the last run has used is told as it ends.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const ownRssKib = Math.round(process.memoryUsage.rss() / 1024);
  process.send?.({ ref, outcome, peakKib, ownRssKib } satisfies WorkerWord);
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true } satisfies WorkerWord);
