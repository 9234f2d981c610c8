/** A whole generation made by the real activities, real ffmpeg and the memory store: what verification and packaging are tested on. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createCores } from '../../src/activities/cores.js';
import type { EncoderDeps } from '../../src/activities/deps.js';
import { createDrain } from '../../src/activities/drain.js';
import { encodeAudio } from '../../src/activities/encode-audio.js';
import { encodeChunk } from '../../src/activities/encode-chunk.js';
import { extractSubtitles } from '../../src/activities/extract-subtitles.js';
import { inspectSource } from '../../src/activities/inspect-source.js';
import { makeImages } from '../../src/activities/make-images.js';
import { packageVideo } from '../../src/activities/package-video.js';
import { decidePlan } from '../../src/domain/decide-plan.js';
import type { Grid } from '../../src/domain/grid.js';
import { type GenerationRef, planKey } from '../../src/domain/keys.js';
import { audioName, audioTracks, type Plan } from '../../src/domain/plan.js';
import type { Probe } from '../../src/domain/probe.js';
import { openScratch } from '../../src/media/scratch.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { SANDBOX } from '../media/lavfi.js';

export const at: GenerationRef = { videoId: 'vid_t', generation: 1 };

export interface Bench {
  readonly store: ObjectStore;
  readonly deps: EncoderDeps;
  readonly probe: Probe;
  readonly plan: Plan;
  close(): Promise<void>;
}

/** Runs an activity the way a worker does, with a heartbeat sink and a cancellation signal. */
export const act = <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> =>
  new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(
    activity as never,
    ...(args as unknown as never[]),
  ) as Promise<R>;

/** The same for one certain attempt of one certain activity, as the server hands it out. */
export const actAs = <A extends unknown[], R>(
  info: { attempt: number; activityId: string; heartbeatDetails?: unknown },
  activity: (...args: A) => Promise<R>,
  ...args: A
): Promise<R> =>
  new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') }).run(activity as never, ...(args as unknown as never[])) as Promise<R>;

/** A lavfi source (and more options for the file that is made of it) in the store, inspected and planned on a small grid: 12-frame GOPs, 3 chunks. */
export async function openBench(
  source = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=4', '-f', 'lavfi', '-i', 'sine=d=4'],
  output: readonly string[] = ['-shortest'],
): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-generation-'));
  const file = join(folder, 'source.mp4');
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...source, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', ...output, file]);
  const store = createMemoryObjectStore();
  const bytes = await readFile(file);
  const key = 'sources/dev/vid_t/upl_t';
  await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
  const etag = (await store.head(key))?.etag ?? '';
  const scratch = await openScratch(join(folder, 'scratch'));
  const deps: EncoderDeps = {
    store,
    scratch,
    drain: createDrain(),
    cores: createCores(2),
    ffmpegPath: 'ffmpeg',
    ffprobePath: 'ffprobe',
    sandbox: SANDBOX,
  };
  const probe = await act(inspectSource(deps), { key, sizeBytes: bytes.byteLength, etag });
  const decided = decidePlan({ probe, videoId: at.videoId, tenantId: 'dev', generation: 1, encoderSlots: 2, preset: 'veryfast' });
  const grid: Grid = { ...decided.grid, gopFrames: 12, segmentFrames: 24, firstChunkFrames: 24, chunkFrames: 48, chunkCount: 3 };
  const plan: Plan = { ...decided, grid, video: { ...decided.video, runInFrames: Math.min(12, decided.video.runInFrames) } };
  await putPlan(store, plan);
  return { store, deps, probe, plan, close: () => rm(folder, { recursive: true }) };
}

async function putPlan(store: ObjectStore, plan: Plan): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(plan));
  await store.put(planKey(at), bytes, { contentType: 'application/json', sha256: createHash('sha256').update(bytes).digest('hex') });
}

/** Encodes everything and packages it. */
export async function makeAll(bench: Bench): Promise<void> {
  for (let index = 0; index < bench.plan.grid.chunkCount; index += 1) await act(encodeChunk(bench.deps), { ...at, index, sizeClass: 'small' });
  for (const audio of audioTracks(bench.plan)) await act(encodeAudio(bench.deps), { ...at, track: audioName(audio) });
  if (bench.plan.subtitles) await act(extractSubtitles(bench.deps), at);
  await act(makeImages(bench.deps), at);
  await act(packageVideo(bench.deps), at);
}

/** Overwrites an object, whatever its conditions were. */
export async function overwrite(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  await store.put(key, bytes, { contentType: 'application/octet-stream', sha256: createHash('sha256').update(bytes).digest('hex') });
}
