import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  startChild,
  upsertSearchAttributes,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import type { Failure } from '../domain/artefact.js';
import { fileSummary } from '../domain/summary.js';
import { control, heavy, lastLook, lookout, settle } from './activity-proxies.js';
import {
  type ProcessVideoInput,
  UPLOAD_ABORT,
  UPLOAD_COMPLETE,
  UPLOAD_REFUSE,
  UPLOAD_WATCH,
  type UploadInput,
  type UploadOutcome,
  WORKFLOWS,
  workflowId,
} from './contract.js';
import { videoDetails } from './details.js';

const completeUpdate = defineUpdate<UploadOutcome>(UPLOAD_COMPLETE);
const abortUpdate = defineUpdate<UploadOutcome>(UPLOAD_ABORT);
const refuseUpdate = defineUpdate<UploadOutcome, [Failure]>(UPLOAD_REFUSE);

/** Between two looks at a session whose time is up by the server's clock and not by the catalogue's. */
const LOOK_AGAIN_MS = 1000;
const watchSignal = defineSignal(UPLOAD_WATCH);

/**
 * One upload session, from its creation to its end. It stands before the first byte is sent, so there is no moment at
 * which S3 holds a file that nobody knows of. Completion runs here, as an activity, from what S3 lists.
 */
export async function upload(input: UploadInput): Promise<UploadOutcome> {
  try {
    return await untilItsEnd(input);
  } catch (error) {
    // Its video was deleted. What was being answered is broken off with it, and must be told so first: under a handler that
    // still runs the SDK's last workflow task is never taken (seen with 1.24.0), and the workflow hangs.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
    throw error;
  }
}

async function untilItsEnd(input: UploadInput): Promise<UploadOutcome> {
  const session: { outcome: UploadOutcome | null; busy: boolean; watched: boolean } = { outcome: null, busy: false, watched: input.watched ?? false };
  upsertSearchAttributes({ ReelmillTenantId: [input.tenantId], ReelmillVideoId: [input.videoId] });

  /** One at a time: complete, abort and expiry never overlap, and the first that ends the session decides. */
  const alone = async (act: () => Promise<UploadOutcome>): Promise<UploadOutcome> => {
    // A loop: one change wakes every waiter, and only the first of them may go on.
    while (session.busy) await condition(() => !session.busy);
    if (session.outcome) return session.outcome;
    session.busy = true;
    try {
      const answer = await act();
      if (answer.state !== 'incomplete' && answer.state !== 'extended') session.outcome = answer;
      return answer;
    } finally {
      session.busy = false;
    }
  };
  // A whole file is copied when it is completed, which takes a store longer than joining parts.
  const complete = () => alone(() => completeProven(input.uploadId, 'asked', session.watched ? lastLook : control));
  setHandler(completeUpdate, complete);
  setHandler(abortUpdate, () => alone(() => control.closeUpload(input.uploadId, 'cancelled')));
  setHandler(refuseUpdate, (failure) => alone(() => control.closeUpload(input.uploadId, 'errored', failure)));

  setHandler(watchSignal, () => {
    session.watched = true;
  });
  const watching = new CancellationScope();
  const watched = watching
    .run(async () => {
      await condition(() => session.watched);
      // What arrived may be replaced before it is completed: then it is looked for again.
      while (session.outcome === null && (await lookout.awaitArrival(input.uploadId)) === 'arrived') await complete();
    })
    .catch(tellOfWatch);

  let leftMs = Math.max(0, input.expiresAtMs - Date.now());
  while (!(await condition(() => session.outcome !== null, leftMs))) {
    const end = await expire(input.uploadId, alone);
    if (end.state !== 'extended') break;
    leftMs = Math.max(LOOK_AGAIN_MS, end.leftMs);
    // One that is extended again and again would outgrow its history: the same session goes on with an empty one.
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      if (session.outcome === null) await continueAsNew<typeof upload>({ ...input, watched: session.watched, expiresAtMs: Date.now() + leftMs });
    }
  }
  watching.cancel();
  await watched;
  await condition(allHandlersFinished);
  const end: UploadOutcome = session.outcome ?? { state: 'expired' };
  if (end.state === 'completed') await startProcessing({ ...input, ...end.file });
  return end;
}

/**
 * Completes, with a look at every byte before the row moves where the parts came without checksums. The answer is given
 * when that is done: whoever was told "completed" need not keep the file.
 */
async function completeProven(uploadId: string, why: 'asked' | 'expired', look: Pick<typeof control, 'completeUpload'>): Promise<UploadOutcome> {
  // A client that asks for nothing leaves the argument out, as it always did: a recorded history has it so.
  let answer = await (why === 'asked' ? look.completeUpload(uploadId) : look.completeUpload(uploadId, why));
  while (answer.state === 'joined') {
    const failure = await heavy.proveSource(uploadId, answer.etag);
    if (failure !== null) return await settle.closeUpload(uploadId, 'errored', failure);
    // Its parts are joined: that its client was active since changes nothing.
    answer = await look.completeUpload(uploadId, 'asked', answer.etag);
  }
  return answer;
}

/**
 * The end of a session's time, as far as this clock knows. Each step asks the catalogue's row, whose clock decides: a
 * client that was active since has moved it on, and then nothing happens.
 */
async function expire(uploadId: string, alone: (act: () => Promise<UploadOutcome>) => Promise<UploadOutcome>): Promise<UploadOutcome> {
  // A client that sent every part and died before saying so has lost nothing.
  const last = await alone(() => completeProven(uploadId, 'expired', lastLook)).catch(giveUp);
  return last.state === 'incomplete' ? await alone(() => settle.closeUpload(uploadId, 'expired')) : last;
}

/** After a day of trying nobody can say any more whether the file is whole; nobody was told that it is. */
function giveUp(error: unknown): UploadOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  log.warn('an upload at the end of its life could not be looked at and is cleared away', { reason: error.message });
  return { state: 'incomplete', missingParts: [] };
}

/** Where the watch breaks on a fault, a client's complete or the end of the session's life still finds the file. */
function tellOfWatch(error: unknown): void {
  if (!isCancellation(error)) log.warn('an upload was not watched to its end', { reason: error instanceof Error ? error.message : String(error) });
}

async function startProcessing(input: UploadInput): Promise<void> {
  const video: ProcessVideoInput = {
    videoId: input.videoId,
    tenantId: input.tenantId,
    generation: 1,
    fileName: input.fileName,
    sizeBytes: input.sizeBytes ?? 0,
  };
  await startChild(WORKFLOWS.processVideo, {
    workflowId: workflowId.processVideo(video.videoId, video.generation),
    args: [video],
    // The upload is over; the video lives on by itself.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    staticSummary: fileSummary(video),
    staticDetails: videoDetails(video),
  }).catch(startedAlready);
}

/** By reconciling, which took this session for gone, or by a session of the same upload before it: it runs, and that is all that is wanted. */
function startedAlready(error: unknown): void {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}
