import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createCores } from '../src/activities/cores.js';
import type { EncoderDeps } from '../src/activities/deps.js';
import { createDrain } from '../src/activities/drain.js';
import { encodeAudio } from '../src/activities/encode-audio.js';
import { encodeChunk } from '../src/activities/encode-chunk.js';
import { extractSubtitles } from '../src/activities/extract-subtitles.js';
import { inspectSource } from '../src/activities/inspect-source.js';
import { getBytes, needJson } from '../src/activities/json-objects.js';
import { makeImages } from '../src/activities/make-images.js';
import { packageVideo } from '../src/activities/package-video.js';
import { remuxSource } from '../src/activities/remux-source.js';
import { verifyVideo } from '../src/activities/verify-video.js';
import type { GenerationReport } from '../src/domain/artefact.js';
import { decidePlan } from '../src/domain/decide-plan.js';
import type { GridShape } from '../src/domain/grid.js';
import { type GenerationRef, packageKey, planKey } from '../src/domain/keys.js';
import { audioName, audioTracks, type Plan } from '../src/domain/plan.js';
import type { Sandbox } from '../src/media/sandbox.js';
import { openScratch } from '../src/media/scratch.js';
import { createMemoryObjectStore } from '../src/storage/memory-object-store.js';
import type { ObjectStore } from '../src/storage/object-store.js';

export interface Made {
  readonly plan: Plan;
  readonly report: GenerationReport;
  /** The bytes of an object that the report names. */
  read(key: string): Promise<Buffer>;
}

export interface PipelineTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** As a worker has it; null where the machine has none. */
  readonly sandbox: Sandbox | null;
  /** ffmpegs of one video at a time. */
  readonly slots: number;
}

const at: GenerationRef = { videoId: 'vid_honest', generation: 1 };

/**
 * The product's own activities over one source, from inspection to the gate before publishing, with the memory store:
 * what a worker runs, without the workflow around it.
 * @throws PipelineError where the product refuses the source
 */
export async function publish(source: string, folder: string, tools: PipelineTools, chunkGrid?: Partial<GridShape>): Promise<Made> {
  const store = createMemoryObjectStore();
  const deps: EncoderDeps = {
    ...{ store, scratch: await openScratch(folder), drain: createDrain(), cores: createCores(tools.slots) },
    ...{ ffmpegPath: tools.ffmpeg, ffprobePath: tools.ffprobe, sandbox: tools.sandbox },
  };
  const key = 'sources/honest/vid_honest/upl_honest';
  const bytes = await readFile(source);
  await put(store, key, bytes);
  const probe = await act(inspectSource(deps), { key, sizeBytes: bytes.byteLength, etag: (await store.head(key))?.etag ?? '' });
  const cuttable = probe.seekable === false ? await act(remuxSource(deps), { ...at, probe }) : probe;
  const plan = decidePlan({
    ...{ probe: cuttable, videoId: at.videoId, tenantId: 'honest', generation: at.generation, encoderSlots: tools.slots, preset: 'veryfast' },
    ...(chunkGrid ? { chunkGrid } : {}),
  });
  await put(store, planKey(at), Buffer.from(JSON.stringify(plan)));
  const indexes = Array.from({ length: plan.grid.chunkCount }, (_, index) => index);
  // As many at a time as there are slots: each takes the next one that is left.
  const chunks = async (): Promise<void> => {
    for (let index = indexes.shift(); index !== undefined; index = indexes.shift())
      await act(encodeChunk(deps), { ...at, index, sizeClass: plan.sizeClass });
  };
  await Promise.all(Array.from({ length: tools.slots }, chunks));
  for (const audio of audioTracks(plan)) await act(encodeAudio(deps), { ...at, track: audioName(audio) });
  if (plan.subtitles) await act(extractSubtitles(deps), at);
  await act(makeImages(deps), at);
  await act(packageVideo(deps), at);
  await act(verifyVideo(deps), at);
  const read = async (wanted: string): Promise<Buffer> => {
    const found = await getBytes(store, wanted);
    if (found === null) throw new Error(`The report names ${wanted}, which is not there.`);
    return found;
  };
  return { plan, report: await needJson<GenerationReport>(store, packageKey(at)), read };
}

/** Runs an activity the way a worker does, with a heartbeat sink and a cancellation signal. */
const act = <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A): Promise<R> =>
  new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(
    activity as never,
    ...(args as unknown as never[]),
  ) as Promise<R>;

async function put(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  await store.put(key, bytes, { contentType: 'application/octet-stream', sha256: createHash('sha256').update(bytes).digest('hex') });
}
