import { PipelineError } from '../domain/errors.js';
import { sourceMetadata, type Upload } from '../domain/upload.js';
import type { ApiDeps } from './deps.js';
import { closedError } from './end-upload.js';
import type { ToldFile } from './told-file.js';
import { isOpen } from './upload-json.js';
import { urlLifeS } from './url-life.js';

/**
 * A new multipart for a client that chooses its part size. New each time: the file begun last is the one, and parts of two
 * files never meet in one multipart. Who began before gets 404 at his next part.
 */
export async function openForUppy(
  deps: ApiDeps & { clock: () => Date },
  upload: Upload,
  file: ToldFile,
): Promise<{ key: string; multipartId: string }> {
  if (!isOpen(upload)) throw closedError(upload);
  urlLifeS(deps, upload);
  // Before a multipart is made for nothing.
  if (upload.door === 'parts') throw otherDoor(upload);
  const contentType = file.contentType ?? upload.contentType;
  const multipartId = await deps.store.createMultipart(upload.key, { contentType, metadata: sourceMetadata(upload) });
  const row = await deps.catalogue.openDoor(upload.id, { door: 'uppy', multipartId, instead: upload.multipartId, ...file });
  if (row?.multipartId !== multipartId) await deps.store.abortMultipart(upload.key, multipartId);
  if (row === null) throw new PipelineError('UPLOAD_CLOSED');
  if (row.multipartId !== multipartId) throw otherDoor(row);
  await dropBefore(deps, upload, row);
  return { key: row.key, multipartId };
}

/** What was begun before is not wanted any more. Dies before that: completion and the session's end clear whatever lies under the key. */
export async function dropBefore(deps: Pick<ApiDeps, 'store'>, before: Upload, after: Upload): Promise<void> {
  if (before.multipartId !== null && before.multipartId !== after.multipartId) await deps.store.abortMultipart(before.key, before.multipartId);
}

export function otherDoor(upload: Upload): PipelineError {
  const how = upload.door === 'parts' ? 'in parts that POST …/parts signs' : 'by another call that was made meanwhile';
  return new PipelineError('CONFLICT', { note: `Its file is being sent ${how}. For another file create another upload.` });
}
