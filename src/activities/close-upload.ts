import type { Catalogue } from '../catalogue/catalogue.js';
import type { Failure } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { arrivalKey } from '../domain/keys.js';
import type { UploadOutcome } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';

/**
 * Ends an upload without a video: the row first, so that no part is signed any more, then whatever S3 holds for it.
 * A completed upload stays completed: its file is a video's source now. One that is to expire and was extended meanwhile
 * stays open, and keeps its parts: the catalogue's row decides, by the catalogue's clock.
 */
export const closeUpload =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (uploadId: string, state: 'cancelled' | 'expired' | 'errored', failure: Failure | null = null): Promise<UploadOutcome> => {
    const upload = await deps.catalogue.closeUpload(uploadId, state, failure);
    if (upload === null) throw new PipelineError('NOT_FOUND', { details: { uploadId } });
    if (upload.state === 'completed') return { state: 'completed' };
    if (upload.state === 'waiting' || upload.state === 'uploading') {
      return { state: 'extended', leftMs: Math.max(0, (await deps.catalogue.uploadLeftMs(uploadId)) ?? 0) };
    }
    // More than one multipart can stand under a key: two first signings race, and the loser may die before its abort.
    for (const open of await deps.store.listMultiparts(upload.key)) await deps.store.abortMultipart(open.key, open.multipartId);
    await deps.store.delete([upload.key, arrivalKey(upload)]);
    return { state: upload.state };
  };
