import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import type { UploadOutcome } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';

/**
 * Ends an upload without a video: the row first, so that no part is signed any more, then whatever S3 holds for it.
 * A completed upload stays completed: its file is a video's source now.
 */
export const closeUpload =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (uploadId: string, state: 'cancelled' | 'expired'): Promise<UploadOutcome> => {
    const upload = await deps.catalogue.closeUpload(uploadId, state, null);
    if (upload === null) throw new PipelineError('NOT_FOUND', { details: { uploadId } });
    if (upload.state === 'completed') return { state: 'completed' };
    // More than one multipart can stand under a key: two first signings race, and the loser may die before its abort.
    for (const open of await deps.store.listMultiparts(upload.key)) await deps.store.abortMultipart(open.key, open.multipartId);
    await deps.store.delete([upload.key]);
    return { state: upload.state === 'expired' ? 'expired' : 'cancelled' };
  };
