import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  startChild,
  upsertSearchAttributes,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { fileSummary } from '../domain/summary.js';
import { control, lastLook, settle } from './activity-proxies.js';
import { type ProcessVideoInput, UPLOAD_ABORT, UPLOAD_COMPLETE, type UploadInput, type UploadOutcome, WORKFLOWS, workflowId } from './contract.js';
import { videoDetails } from './details.js';

const completeUpdate = defineUpdate<UploadOutcome>(UPLOAD_COMPLETE);
const abortUpdate = defineUpdate<UploadOutcome>(UPLOAD_ABORT);

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
  const session: { outcome: UploadOutcome | null; busy: boolean } = { outcome: null, busy: false };
  upsertSearchAttributes({ ReelmillTenantId: [input.tenantId], ReelmillVideoId: [input.videoId] });

  /** One at a time: complete, abort and expiry never overlap, and the first that ends the session decides. */
  const alone = async (act: () => Promise<UploadOutcome>): Promise<UploadOutcome> => {
    // A loop: one change wakes every waiter, and only the first of them may go on.
    while (session.busy) await condition(() => !session.busy);
    if (session.outcome) return session.outcome;
    session.busy = true;
    try {
      const answer = await act();
      if (answer.state !== 'incomplete') session.outcome = answer;
      return answer;
    } finally {
      session.busy = false;
    }
  };
  setHandler(completeUpdate, () => alone(() => control.completeUpload(input.uploadId)));
  setHandler(abortUpdate, () => alone(() => control.closeUpload(input.uploadId, 'cancelled')));

  const leftMs = Math.max(0, input.expiresAtMs - Date.now());
  if (!(await condition(() => session.outcome !== null, leftMs))) {
    // A client that sent every part and died before saying so has lost nothing.
    const last = await alone(() => lastLook.completeUpload(input.uploadId)).catch(giveUp);
    if (last.state === 'incomplete') await alone(() => settle.closeUpload(input.uploadId, 'expired'));
  }
  await condition(allHandlersFinished);
  const end: UploadOutcome = session.outcome ?? { state: 'expired' };
  if (end.state === 'completed') await startProcessing(input);
  return end;
}

/** After a day of trying nobody can say any more whether the file is whole; nobody was told that it is. */
function giveUp(error: unknown): UploadOutcome {
  if (!(error instanceof ActivityFailure)) throw error;
  log.warn('an upload at the end of its life could not be looked at and is cleared away', { reason: error.message });
  return { state: 'incomplete', missingParts: [] };
}

async function startProcessing(input: UploadInput): Promise<void> {
  const video: ProcessVideoInput = {
    videoId: input.videoId,
    tenantId: input.tenantId,
    generation: 1,
    fileName: input.fileName,
    sizeBytes: input.sizeBytes,
  };
  await startChild(WORKFLOWS.processVideo, {
    workflowId: workflowId.processVideo(video.videoId, video.generation),
    args: [video],
    // The upload is over; the video lives on by itself.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    staticSummary: fileSummary(video),
    staticDetails: videoDetails(video),
  });
}
