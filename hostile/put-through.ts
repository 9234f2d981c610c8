import { createHash } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { EncoderDeps } from '../src/activities/deps.js';
import { encodeAudio } from '../src/activities/encode-audio.js';
import { encodeChunk } from '../src/activities/encode-chunk.js';
import { inspectSource } from '../src/activities/inspect-source.js';
import { remuxSource } from '../src/activities/remux-source.js';
import { assertWithinBudget } from '../src/domain/cost-budget.js';
import { decidePlan } from '../src/domain/decide-plan.js';
import { isErrorCode, PipelineError } from '../src/domain/errors.js';
import { planKey } from '../src/domain/keys.js';
import type { Plan } from '../src/domain/plan.js';
import { createMemoryObjectStore } from '../src/storage/memory-object-store.js';
import type { Case } from './cases.js';

/** What became of one file. */
export interface Outcome {
  readonly name: string;
  /** `published` where all that is made of it was made and held to the plan; else a code, `none` where the error has none. */
  readonly end: string;
  readonly stage: 'inspect' | 'remux' | 'plan' | 'encode' | 'sound' | 'done';
  readonly probeMs: number;
  readonly wallMs: number;
  /** Frames that were published; null where nothing was. */
  readonly frames: number | null;
  readonly wholeFrames: number | null;
  /** The owner is told that something is missing. */
  readonly flagged: boolean;
  /** Of an error without a code. */
  readonly error?: string;
}

/** Decisions that tell the owner of a loss. */
const FLAGS = /TRUNCATED|DAMAGED|PARTIAL|INCOMPLETE/;

/** Encoding starts for what costs a few seconds at most; of longer ones the first chunk stands for all. */
const ENCODED_FRAMES = 500;

type Act = <A extends unknown[], R>(activity: (...args: A) => Promise<R>, ...args: A) => Promise<R>;

/** The activities themselves, as a worker runs them, over a store in memory: inspect, remux where it is asked for, plan, encode. */
export async function putThrough(wish: Case, worker: Omit<EncoderDeps, 'store'>, index: number): Promise<Outcome> {
  const deps: EncoderDeps = { ...worker, store: createMemoryObjectStore() };
  const at = { videoId: `vid_${index}`, generation: 1 };
  const key = `sources/hostile/vid_${index}/upl_${index}`;
  const sha256 = createHash('sha256').update(wish.bytes).digest('hex');
  await deps.store.put(key, wish.bytes, { contentType: 'application/octet-stream', sha256 });
  const source = { key, sizeBytes: wish.bytes.length, etag: (await deps.store.head(key))?.etag ?? '' };
  const startedAt = performance.now();
  let stage: Outcome['stage'] = 'inspect';
  let probeMs = 0;
  let plan: Plan | null = null;
  const ended = (end: string, error?: string): Outcome => ({
    ...{ name: wish.name, end, stage, probeMs: probeMs || performance.now() - startedAt, wallMs: performance.now() - startedAt },
    ...{ frames: end === 'published' && plan ? plan.grid.frameCount : null, wholeFrames: wish.wholeFrames },
    flagged: plan?.decisions.some(({ code }) => FLAGS.test(code)) ?? false,
    ...(error === undefined ? {} : { error }),
  });
  try {
    const inspected = await act(inspectSource(deps), source);
    probeMs = performance.now() - startedAt;
    stage = 'remux';
    const probe = inspected.seekable === false ? await act(remuxSource(deps), { ...at, probe: inspected }) : inspected;
    stage = 'plan';
    plan = decidePlan({ probe, ...at, tenantId: 'hostile', encoderSlots: 2, preset: 'veryfast' });
    assertWithinBudget(plan, probe);
    const bytes = Buffer.from(JSON.stringify(plan));
    await deps.store.put(planKey(at), bytes, { contentType: 'application/json', sha256: createHash('sha256').update(bytes).digest('hex') });
    stage = 'encode';
    const chunks = plan.grid.frameCount > ENCODED_FRAMES ? 1 : plan.grid.chunkCount;
    for (let n = 0; n < chunks; n += 1) await act(encodeChunk(deps), { ...at, index: n, sizeClass: plan.sizeClass });
    stage = 'sound';
    if (plan.audio && chunks === plan.grid.chunkCount) await act(encodeAudio(deps), at);
    stage = 'done';
    return ended('published');
  } catch (error) {
    if (error instanceof PipelineError && isErrorCode(error.code)) return ended(error.code);
    return ended('none', error instanceof Error ? (error.stack ?? error.message).slice(0, 1000) : String(error));
  }
}

const act: Act = (activity, ...args) =>
  new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') }).run(activity as never, ...(args as unknown as never[])) as never;
