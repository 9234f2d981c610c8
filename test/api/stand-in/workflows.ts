/** Workflows that answer as the real ones do, without their work: what the pipeline client is tested against. */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { Failure } from '../../../src/domain/artefact.js';
import {
  type DeleteVideoInput,
  type Resolution,
  UPLOAD_ABORT,
  UPLOAD_COMPLETE,
  UPLOAD_REFUSE,
  type UploadInput,
  type UploadOutcome,
  VIDEO_RESOLVE,
} from '../../../src/workflows/contract.js';

const completeUpdate = defineUpdate<UploadOutcome>(UPLOAD_COMPLETE);
const abortUpdate = defineUpdate<UploadOutcome>(UPLOAD_ABORT);
const refuseUpdate = defineUpdate<UploadOutcome, [Failure]>(UPLOAD_REFUSE);
const resolveUpdate = defineUpdate<void, [Resolution]>(VIDEO_RESOLVE);

/** Behaves by its file's name. */
export async function upload(input: UploadInput): Promise<number> {
  let asked = 0;
  let over = false;
  setHandler(completeUpdate, async (): Promise<UploadOutcome> => {
    asked += 1;
    if (input.fileName === 'incomplete') return { state: 'incomplete', missingParts: [2, 3] };
    if (input.fileName === 'refused') throw ApplicationFailure.nonRetryable('The database does not answer.', 'CATALOGUE_UNAVAILABLE');
    if (input.fileName === 'slow') await sleep('3s');
    if (input.fileName === 'leaves') {
      over = true;
      await sleep('1h');
    }
    over = true;
    return { state: 'completed' };
  });
  setHandler(abortUpdate, (): UploadOutcome => {
    over = true;
    return { state: 'cancelled' };
  });
  setHandler(refuseUpdate, ({ code }): UploadOutcome => {
    if (code !== 'SOURCE_NOT_MEDIA') throw ApplicationFailure.nonRetryable('The failure did not come through.', 'INTERNAL');
    over = true;
    return { state: 'errored' };
  });
  await condition(() => over).catch(async (error: unknown) => {
    // As the real one: whoever waits for an answer hears of the end first.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
    throw error;
  });
  if (input.fileName !== 'leaves') await condition(allHandlersFinished);
  return asked;
}

export async function processVideo(): Promise<string> {
  let taken: Resolution | null = null;
  setHandler(
    resolveUpdate,
    (resolution) => {
      taken = resolution;
    },
    {
      validator: (_resolution) => {
        if (taken) throw new Error('This video is not in review.');
      },
    },
  );
  await condition(() => false);
  return '';
}

/** Waits to be told that all is gone. */
export async function deleteVideo(_input: DeleteVideoInput): Promise<void> {
  let over = false;
  setHandler(defineUpdate<void>('purged'), () => {
    over = true;
  });
  await condition(() => over);
}
