import {
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Failure } from '../domain/artefact.js';
import { type ChunkSample, estimateEta } from '../domain/eta.js';
import { chunkAt, type Grid } from '../domain/grid.js';
import type { GenerationRef } from '../domain/keys.js';
import { nextStep, type Step, type Tried } from '../domain/recipe.js';
import { nextSizeClass, type SizeClass } from '../domain/size-class.js';
import type { TruncatedPolicy } from '../domain/truncation.js';
import { progressAt } from '../domain/video.js';
import { control, encode, note } from './activity-proxies.js';
import { failureOf, nothingHelped, triedOf } from './failures.js';
import { growing } from './growing.js';

export interface EncodeChunksInput extends GenerationRef {
  readonly tenantId: string;
  readonly grid: Grid;
  readonly sizeClass: SizeClass;
  /** For damaged pieces. Absent: they are refused. */
  readonly damaged?: { readonly policy: TruncatedPolicy; readonly remuxed: boolean };
}

/**
 * How long the first chunk is alone. What is scheduled in one go reaches the queue in any order, and the first to come is
 * what a free encoder takes, whatever its priority; this one is what players wait for.
 */
const HEAD_START_MS = 100;

/** Chunks of one video under way at a time: enough to keep a fleet busy on one video, few enough that others get their turn. */
const WINDOW = 8;

/**
 * Encodes all chunks of a generation: a window that slides over the grid in order, so that the beginning is there
 * first. What is committed in S3 is not scheduled again, whoever asks: a retry after review, a continued run, a
 * restart after a lost history. A chunk that fails for good stops new ones; those under way may finish, their
 * work is kept.
 */
export async function encodeChunks(input: EncodeChunksInput): Promise<void> {
  upsertSearchAttributes({ ReelmillTenantId: [input.tenantId], ReelmillVideoId: [input.videoId] });
  const at: GenerationRef = { videoId: input.videoId, generation: input.generation };
  const committed = new Set(await control.listCommittedChunks(at));
  const waiting = Array.from({ length: input.grid.chunkCount }, (_, index) => index).filter((index) => !committed.has(index));
  const tracker = trackProgress(input, at, [...committed]);
  let active = 0;
  let fault: unknown = null;

  const run = async (index: number): Promise<void> => {
    try {
      await encodeOne(input, at, index).then(({ wallMs }) => tracker.done(index, wallMs));
    } catch (error) {
      fault ??= error;
    } finally {
      active -= 1;
    }
  };

  const running: Promise<void>[] = [];
  const begin = (): void => {
    active += 1;
    running.push(run(waiting.shift() as number));
  };
  if (waiting.length > 0) begin();
  await tracker.report();
  if (waiting.length > 0) await sleep(HEAD_START_MS);
  while (fault === null && waiting.length > 0 && !workflowInfo().continueAsNewSuggested) {
    begin();
    await condition(() => active < WINDOW || fault !== null);
  }
  await Promise.all(running);
  if (fault !== null) throw fault;
  if (waiting.length > 0) await continueAsNew<typeof encodeChunks>(input);
}

/** A chunk in which the source is damaged is read in other ways, one after the other, and in the end as its tenant wants it. */
async function encodeOne(input: EncodeChunksInput, at: GenerationRef, index: number): Promise<{ wallMs: number }> {
  const tried: (Tried & Failure)[] = [];
  for (let step: Step = { recipe: 'normal', settle: false }; ; ) {
    try {
      return await encodeBy(step, input, at, index);
    } catch (error) {
      if (isCancellation(error)) throw error;
      tried.push(triedOf(error, step.recipe));
      const next = nextStep(tried, input.damaged ?? { policy: 'refuse', remuxed: true });
      // Runs of before there were several ways gave up here.
      if (next === null || !patched('recipes')) throw nothingHelped(tried, error);
      step = next;
    }
  }
}

/** A chunk that was too much for its class of machine goes to the next one. */
async function encodeBy({ recipe, settle }: Step, input: EncodeChunksInput, at: GenerationRef, index: number): Promise<{ wallMs: number }> {
  const way = { ...(recipe === 'normal' ? {} : { recipe }), ...(settle ? { settle } : {}) };
  const summary = `chunk ${index + 1}/${input.grid.chunkCount}${recipe === 'normal' ? '' : `, ${recipe}`}`;
  for (let sizeClass = input.sizeClass; ; ) {
    const worker = encode(summary, { sizeClass, tenantId: input.tenantId, chunksBefore: index });
    try {
      if (recipe === 'remuxed') await worker.mendSource(at);
      return await worker.encodeChunk({ ...at, index, sizeClass, ...way });
    } catch (error) {
      const larger = failureOf(error).code === 'RESOURCE_LIMIT' ? nextSizeClass(sizeClass) : null;
      if (larger === null) throw error;
      sizeClass = larger;
    }
  }
}

/** Says after every chunk how far it is, and lets players have what is there. */
function trackProgress(input: EncodeChunksInput, at: GenerationRef, committed: readonly number[]) {
  const { grid } = input;
  const startedMs = Date.now();
  const frames = (index: number): number => chunkAt(grid, index).frameCount;
  const before = committed.reduce((sum, index) => sum + frames(index), 0);
  const samples: ChunkSample[] = [];
  let asked = false;
  let growingNow = false;

  const report = async (): Promise<void> => {
    const done = committed.length + samples.length;
    const encoded = before + samples.reduce((sum, sample) => sum + sample.frameCount, 0);
    const etaS = estimateEta({ samples, totalFrames: grid.frameCount - before, elapsedMs: Date.now() - startedMs });
    const eta = etaS ? ` About ${etaS.low} to ${etaS.high} s to go.` : '';
    setCurrentDetails(`${done} of ${grid.chunkCount} chunks are committed.${eta}`);
    await note.saveProgress(at, progressAt('encode', done, grid.chunkCount, { share: encoded / grid.frameCount, etaS }));
  };
  /** One at a time; commits that come meanwhile are taken in by one more run. */
  const grow = async (): Promise<void> => {
    asked = true;
    if (growingNow) return;
    growingNow = true;
    while (asked) {
      asked = false;
      await growing(at);
    }
    growingNow = false;
  };
  return {
    report,
    async done(index: number, wallMs: number): Promise<void> {
      samples.push({ frameCount: frames(index), wallMs });
      await Promise.all([report(), grow()]);
    },
  };
}
