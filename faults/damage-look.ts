import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { EncoderDeps } from '../src/activities/deps.js';
import { encodeAudio } from '../src/activities/encode-audio.js';
import { encodeChunk } from '../src/activities/encode-chunk.js';
import { inspectSource } from '../src/activities/inspect-source.js';
import { getBytes, needJson, putJsonOnce } from '../src/activities/json-objects.js';
import { makeImages } from '../src/activities/make-images.js';
import { mendSource } from '../src/activities/mend-source.js';
import { packageVideo } from '../src/activities/package-video.js';
import { remuxSource } from '../src/activities/remux-source.js';
import { verifyVideo } from '../src/activities/verify-video.js';
import type { GenerationReport } from '../src/domain/artefact.js';
import { assertWithinBudget } from '../src/domain/cost-budget.js';
import { decidePlan } from '../src/domain/decide-plan.js';
import { PipelineError } from '../src/domain/errors.js';
import { packageKey, planKey } from '../src/domain/keys.js';
import type { Plan } from '../src/domain/plan.js';
import { damageWish, nextStep, type Step, type Tried } from '../src/domain/recipe.js';
import type { TruncatedPolicy } from '../src/domain/truncation.js';
import { createMemoryObjectStore } from '../src/storage/memory-object-store.js';

const at = { videoId: 'vid_d', generation: 1 } as const;
const run = promisify(execFile);

export interface MadeOf {
  /** Of the best quality, each 8-bit grey. */
  readonly frames: readonly Buffer[];
  /** Codes of the decisions that came with it. */
  readonly codes: readonly string[];
  readonly recipe: string;
}

/** Takes a file through the activities that a worker runs, the ladder of recipes included; what the workflow routes by is routed here by the same pure function. */
export async function madeOf(bytes: Uint8Array, worker: Omit<EncoderDeps, 'store'>, policy: TruncatedPolicy, folder: string): Promise<MadeOf> {
  const deps: EncoderDeps = { ...worker, store: createMemoryObjectStore() };
  const key = 'sources/faults/vid_d/upl_d';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await deps.store.put(key, bytes, { contentType: 'application/octet-stream', sha256 });
  const source = { key, sizeBytes: bytes.length, etag: (await deps.store.head(key))?.etag ?? '' };
  const inspected = await act(inspectSource(deps), { ...source, truncated: policy });
  const probe = inspected.seekable === false ? await act(remuxSource(deps), { ...at, probe: inspected }) : inspected;
  const plan = decidePlan({ probe, ...at, tenantId: 'faults', encoderSlots: 1, preset: 'veryfast', damagedSources: policy });
  assertWithinBudget(plan, probe);
  await putJsonOnce(deps.store, planKey(at), plan);
  const recipes: string[] = [];
  for (let index = 0; index < plan.grid.chunkCount; index += 1) recipes.push(await encodeByLadder(deps, plan, index));
  if (plan.audio) await act(encodeAudio(deps), at);
  await act(makeImages(deps), at);
  await act(packageVideo(deps), at);
  await act(verifyVideo(deps), at);
  const report = await needJson<GenerationReport>(deps.store, packageKey(at));
  const [picture] = report.tracks;
  const keys = [picture?.init.key ?? '', ...(picture?.segments ?? []).map((segment) => segment.key)];
  const path = join(folder, 'made.mp4');
  await writeFile(path, Buffer.concat((await Promise.all(keys.map((each) => getBytes(deps.store, each)))).filter((each) => each !== null)));
  const codes = [...plan.decisions, ...(report.findings ?? [])].map(({ code }) => code);
  return { frames: await greyFrames(path), codes, recipe: recipes.join() };
}

async function encodeByLadder(deps: EncoderDeps, plan: Plan, index: number): Promise<string> {
  const source = damageWish(plan);
  const tried: Tried[] = [];
  for (let step: Step = { recipe: 'normal', settle: false }; ; ) {
    try {
      if (step.recipe === 'remuxed') await act(mendSource(deps), at);
      await act(encodeChunk(deps), { ...at, index, sizeClass: plan.sizeClass, ...step });
      return step.recipe;
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error;
      const { movesOn, damagedFrames } = error.details;
      const damaged = typeof damagedFrames === 'number' ? damagedFrames : null;
      tried.push({ recipe: step.recipe, code: error.code, movesOn: movesOn === true, damagedFrames: damaged });
      const next = nextStep(tried, source);
      if (next === null) throw error;
      step = next;
    }
  }
}

const WIDTH = 160;
const HEIGHT = 90;

async function greyFrames(path: string): Promise<Buffer[]> {
  const scaled = ['-vf', `scale=${WIDTH}:${HEIGHT}`, '-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...scaled], { encoding: 'buffer', maxBuffer: 64 * 1024 ** 2 });
  const bytes = WIDTH * HEIGHT;
  return Array.from({ length: Math.floor(stdout.length / bytes) }, (_, n) => stdout.subarray(n * bytes, (n + 1) * bytes));
}

/** Mean difference of two frames beyond which a viewer sees another picture, of 255. */
const SEEN = 4;

/** How many frames show another picture than they should, missing ones included. */
export function changedFrames(found: readonly Buffer[], whole: readonly Buffer[]): number {
  return whole.filter((frame, n) => {
    const other = found[n];
    return other === undefined || frame.reduce((sum, value, i) => sum + Math.abs(value - (other[i] ?? 0)), 0) / frame.length > SEEN;
  }).length;
}

/** Sound is looked into before it is known that nobody wants it. */
const OF_SOUND = /^\[(aac|mp3\w*|(lib)?opus) @ /;

/**
 * Whether anybody could tell: ffmpeg on its own, reading the whole file, says a word about its pictures or gives fewer of
 * them. Independent of how the pipeline counts.
 */
export async function canBeTold(path: string, frameCount: number): Promise<boolean> {
  const argv = ['-v', 'warning', '-nostdin', '-progress', 'pipe:1', '-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'null', '-'];
  const told = await run('ffmpeg', argv, { timeout: 60_000 }).catch(() => null);
  if (told === null) return true;
  const frames = Number([...told.stdout.matchAll(/^frame=\s*(\d+)$/gm)].at(-1)?.[1] ?? 0);
  const words = told.stderr.split('\n').filter((line) => line.trim() !== '' && !OF_SOUND.test(line));
  return words.length > 0 || frames < frameCount;
}

const act = <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> =>
  new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(activity as never, ...(args as unknown as never[])) as never;
