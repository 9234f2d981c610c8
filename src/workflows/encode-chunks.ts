import { condition, continueAsNew, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { GenerationRef } from '../domain/keys.js';
import { progressAt } from '../domain/video.js';
import { control, encode, note } from './activity-proxies.js';
import { growing } from './growing.js';

export interface EncodeChunksInput extends GenerationRef {
  readonly tenantId: string;
  readonly chunkCount: number;
}

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
  const waiting = Array.from({ length: input.chunkCount }, (_, index) => index).filter((index) => !committed.has(index));
  let done = committed.size;
  let active = 0;
  let fault: unknown = null;
  let grown = true;
  let growingNow = false;

  const run = async (index: number): Promise<void> => {
    try {
      await encode(`chunk ${index + 1}/${input.chunkCount}`).encodeChunk({ ...at, index });
      done += 1;
      await report();
      await grow();
    } catch (error) {
      fault ??= error;
    } finally {
      active -= 1;
    }
  };
  const report = async (): Promise<void> => {
    setCurrentDetails(`${done} of ${input.chunkCount} chunks are committed.`);
    await note.saveProgress(at, progressAt('encode', done, input.chunkCount));
  };
  /** One at a time; commits that come meanwhile are taken in by one more run. */
  const grow = async (): Promise<void> => {
    grown = false;
    if (growingNow) return;
    growingNow = true;
    while (!grown) {
      grown = true;
      await growing(at);
    }
    growingNow = false;
  };

  await report();
  const running: Promise<void>[] = [];
  while (fault === null && waiting.length > 0 && !workflowInfo().continueAsNewSuggested) {
    active += 1;
    running.push(run(waiting.shift() as number));
    await condition(() => active < WINDOW || fault !== null);
  }
  await Promise.all(running);
  if (fault !== null) throw fault;
  if (waiting.length > 0) await continueAsNew<typeof encodeChunks>(input);
}
