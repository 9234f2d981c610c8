import { clientFault } from '../client/client-fault.js';
import type { CommandContext, CommandRun } from './context.js';
import { forgetUpload, readRecords } from './resume-folder.js';

/** `reelmill cancel`: ends an upload without a video. Of a video only the upload that was begun here can be found. */
export async function cancelUpload(id: string, context: CommandContext): CommandRun {
  const { client, endpoint, reporter, resumeFolder, signal } = context;
  const begun = (await readRecords(resumeFolder)).find((record) => record.videoId === id && record.endpoint === endpoint.baseUrl);
  const uploadId = id.startsWith('upl_') ? id : begun?.uploadId;
  if (!uploadId) throw clientFault('UPLOAD_FAILED', `No unfinished upload of ${id} was begun on this machine. Name the upload itself (upl_…).`);
  await client.api.DELETE('/v1/uploads/{upload_id}', { params: { path: { upload_id: uploadId } }, signal });
  await forgetUpload(resumeFolder, uploadId);
  reporter.answer({ upload_id: uploadId, status: 'cancelled' }, () => `${uploadId} is cancelled, and what was sent is deleted.`);
  return 0;
}
