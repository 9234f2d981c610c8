import type { Catalogue } from '../catalogue/catalogue.js';
import type { Failure } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { arrivalKey } from '../domain/keys.js';
import { type Completion, isBelieved, sourceMetadata, type Upload, type UploadOutcome } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';
import { assembleUpload } from './assemble-upload.js';
import { closeUpload } from './close-upload.js';

/**
 * Ends an upload from what S3 says, never from what a client says: looks at what came through its door, makes one object
 * of it, and looks at that object.
 *
 * Dies anywhere and runs again: before the object is made nothing has happened; after it HEAD (size, and the upload's id
 * in the metadata) tells that the object is ours; the catalogue's row moves once. Twice, in parallel or late, the answer
 * is the same.
 *
 * `expired`: nobody asked, the session's time seems to be up. Where its client was active since, nothing is looked at: it
 * may be sending a part again that stands there in full.
 *
 * `joined`: the object stands and has to be read before the row moves. `proven`: the ETag of the one that was.
 */
export const completeUpload =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (uploadId: string, why: 'asked' | 'expired' = 'asked', proven: string | null = null): Promise<Completion> => {
    const upload = await deps.catalogue.getUpload(uploadId);
    if (upload === null) throw new PipelineError('NOT_FOUND', { details: { uploadId } });
    if (upload.state === 'completed') return await completed(deps.store, upload);
    if (upload.state !== 'waiting' && upload.state !== 'uploading') return { state: upload.state };
    const leftMs = why === 'expired' ? await deps.catalogue.uploadLeftMs(uploadId) : null;
    if (leftMs !== null && leftMs > 0) return { state: 'extended', leftMs };

    const { missing, sizeBytes } = await assembleUpload(deps, upload);
    if (missing.length > 0) return { state: 'incomplete', missingParts: missing };

    const facts = await deps.store.head(upload.key);
    const isOurs = facts !== null && facts.metadata['upload-id'] === sourceMetadata(upload)['upload-id'];
    if (!isOurs || (sizeBytes !== null && facts.sizeBytes !== sizeBytes)) {
      throw new PipelineError('INTERNAL', {
        note: 'The stored file is not the one that was uploaded.',
        details: { key: upload.key, expectedBytes: sizeBytes, foundBytes: facts?.sizeBytes ?? null },
      });
    }
    if (!isBelieved(upload) && proven !== facts.etag) return { state: 'joined', etag: facts.etag };
    const after = await deps.catalogue.completeUpload(uploadId, { sizeBytes: facts.sizeBytes, etag: facts.etag }).catch(failureOf);
    // Its size was not declared, and there is no room for what came.
    if (after !== null && 'code' in after) return await closeUpload(deps)(uploadId, 'errored', after);
    if (after?.state === 'completed') return await completed(deps.store, after);
    // An abort or a deletion has won the row in between, and may have cleared away before the file was there.
    await deps.store.delete([upload.key, arrivalKey(upload)]);
    return { state: 'cancelled' };
  };

function failureOf(error: unknown): Failure {
  if (error instanceof PipelineError && error.code === 'QUOTA_EXCEEDED') return { code: error.code, message: error.message };
  throw error;
}

/**
 * What other doors leave behind goes away here: the arrival whose copy is the source now, and multiparts of files that
 * another one took the place of. `parts` leaves nothing.
 */
async function completed(store: ObjectStore, upload: Upload): Promise<UploadOutcome> {
  if (upload.door === null || upload.door === 'parts') return { state: 'completed' };
  for (const open of await store.listMultiparts(upload.key)) await store.abortMultipart(open.key, open.multipartId);
  await store.delete([arrivalKey(upload)]);
  const { fileName, sizeBytes } = upload;
  return sizeBytes === null ? { state: 'completed' } : { state: 'completed', file: { fileName, sizeBytes } };
}
