import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { missingParts, sourceMetadata, type Upload, type UploadOutcome } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';

/**
 * Ends an upload from what S3 says, never from what a client says: lists the parts, checks count and each size,
 * completes the multipart, and looks at the object that came of it.
 *
 * Dies anywhere and runs again: before CompleteMultipartUpload nothing has happened; after it S3 no longer knows the
 * multipart, and HEAD (size, and the upload's id in the metadata) tells that the object is ours; the catalogue's row
 * moves once. Twice, in parallel or late, the answer is the same.
 *
 * `expired`: nobody asked, the session's time seems to be up. Where its client was active since, nothing is looked at: it
 * may be sending a part again that stands there in full.
 */
export const completeUpload =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (uploadId: string, why: 'asked' | 'expired' = 'asked'): Promise<UploadOutcome> => {
    const upload = await deps.catalogue.getUpload(uploadId);
    if (upload === null) throw new PipelineError('NOT_FOUND', { details: { uploadId } });
    if (upload.state === 'completed') return { state: 'completed' };
    if (upload.state !== 'waiting' && upload.state !== 'uploading') return { state: upload.state };
    const leftMs = why === 'expired' ? await deps.catalogue.uploadLeftMs(uploadId) : null;
    if (leftMs !== null && leftMs > 0) return { state: 'extended', leftMs };

    const missing = await assemble(deps.store, upload);
    if (missing.length > 0) return { state: 'incomplete', missingParts: missing };

    const facts = await deps.store.head(upload.key);
    if (facts === null || facts.sizeBytes !== upload.sizeBytes || facts.metadata['upload-id'] !== sourceMetadata(upload)['upload-id']) {
      throw new PipelineError('INTERNAL', {
        note: 'The stored file is not the one that was uploaded.',
        details: { key: upload.key, expectedBytes: upload.sizeBytes, foundBytes: facts?.sizeBytes ?? null },
      });
    }
    const after = await deps.catalogue.completeUpload(uploadId, { sizeBytes: facts.sizeBytes, etag: facts.etag });
    if (after?.state === 'completed') return { state: 'completed' };
    // An abort or a deletion has won the row in between, and may have cleared away before the file was there.
    await deps.store.delete([upload.key]);
    return { state: 'cancelled' };
  };

/** Part numbers that are still missing; none means that the object stands, or stood already. */
async function assemble(store: ObjectStore, upload: Upload): Promise<number[]> {
  // A file that came whole, by a copy or one PUT: the object itself is what the session waits for.
  if (upload.multipartId === null) return (await store.head(upload.key)) === null ? missingParts(upload, []) : [];
  const parts = await store.listParts(upload.key, upload.multipartId);
  if (parts === null) {
    // Completed before, or being completed by a call whose answer was lost: then the object is there, or soon is.
    if ((await store.head(upload.key)) === null)
      throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'It has neither the parts nor the file yet.' });
    return [];
  }
  const missing = missingParts(upload, parts);
  if (missing.length > 0) return missing;
  const wanted = Math.max(1, Math.ceil(upload.sizeBytes / upload.partSizeBytes));
  await store.completeMultipart(
    upload.key,
    upload.multipartId,
    parts.filter((part) => part.partNumber <= wanted),
  );
  return [];
}
