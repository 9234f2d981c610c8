import type { Failure } from '../domain/artefact.js';
import { ERROR_CODES, PipelineError } from '../domain/errors.js';
import type { Upload, UploadOutcome } from '../domain/upload.js';
import { uploadInput } from '../workflows/start-upload.js';
import type { ApiDeps } from './deps.js';
import { isOpen } from './upload-json.js';

/**
 * Asks the workflow to complete the upload from what S3 lists.
 * @returns the row, completed; the same however often it is asked
 * @throws PipelineError UPLOAD_INCOMPLETE with missing_parts; UPLOAD_CLOSED, UPLOAD_EXPIRED or the file's own code where it ended otherwise
 */
export async function completeUpload(deps: ApiDeps, upload: Upload): Promise<Upload> {
  const { row, outcome } = await askWorkflow(deps, upload, (id) => deps.pipeline.completeUpload(id));
  if (row.state === 'completed') return row;
  if (outcome?.state === 'incomplete') {
    throw new PipelineError('UPLOAD_INCOMPLETE', { details: { missing_parts: outcome.missingParts } });
  }
  throw closedError(row);
}

/**
 * Ends the upload without a video. Ended already without one: nothing to do.
 * @throws PipelineError UPLOAD_CLOSED where it is complete: its file is a video's source now
 */
export async function abortUpload(deps: ApiDeps, upload: Upload): Promise<void> {
  const { row } = await askWorkflow(deps, upload, (id) => deps.pipeline.abortUpload(id));
  if (row.state === 'completed') throw new PipelineError('UPLOAD_CLOSED', { note: 'It is complete, and its video is being made.' });
  if (isOpen(row)) throw closedError(row);
}

/**
 * Ends the upload as errored: its file is known to be refused.
 * @returns why it ended, which is another reason where something else ended it first
 */
export async function refuseUpload(deps: ApiDeps, upload: Upload, failure: Failure): Promise<PipelineError> {
  const { row } = await askWorkflow(deps, upload, (id) => deps.pipeline.refuseUpload(id, failure));
  return closedError(row);
}

/** Why nothing more can be done with an upload that has ended. */
export function closedError(upload: Upload): PipelineError {
  if (upload.state === 'expired') return new PipelineError('UPLOAD_EXPIRED');
  if (upload.state === 'errored') return errorOf(upload.failure ?? { code: 'UPLOAD_CLOSED', message: ERROR_CODES.UPLOAD_CLOSED.text });
  if (upload.state === 'cancelled' || upload.state === 'completed') return new PipelineError('UPLOAD_CLOSED');
  // Only a terminated workflow leaves an open row behind: an operator has to look.
  return new PipelineError('INTERNAL', { note: 'The upload is open but its workflow has ended.', details: { uploadId: upload.id } });
}

/** A failure as it was thrown: its message is the code's sentence with a note behind it. */
function errorOf({ code, message }: Failure): PipelineError {
  const { text } = ERROR_CODES[code];
  const note = message.startsWith(text) ? message.slice(text.length).trim() : message;
  return new PipelineError(code, { note });
}

/**
 * A closed row answers by itself: Temporal forgets ended workflows. Open but without a workflow is a create that died
 * before its start (or a Temporal that lost its data): it is started now, and asked again.
 */
export async function askWorkflow<T extends UploadOutcome | 'watching'>(
  deps: ApiDeps,
  upload: Upload,
  ask: (uploadId: string) => Promise<T | null>,
): Promise<{ row: Upload; outcome: T | null }> {
  const reread = async (): Promise<Upload> => (await deps.catalogue.findUpload(upload.tenantId, upload.id)) ?? upload;
  if (!isOpen(upload)) return { row: upload, outcome: null };
  const first = await ask(upload.id);
  const row = await reread();
  if (first !== null || !isOpen(row)) return { row, outcome: first };
  await deps.pipeline.startUpload(uploadInput(row));
  const second = await ask(upload.id);
  return { row: await reread(), outcome: second };
}
