import type { Catalogue } from '../catalogue/catalogue.js';
import type { Failure } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import { withHeartbeat } from './with-heartbeat.js';

/**
 * Reads the object that an upload's parts were joined to, once, before it becomes a source: see `isBelieved`. Changes
 * nothing, so it can run again at any time. An object that went away, or a store that keeps no checksum, is not this
 * step's business: the completion that follows looks at the row and at the object.
 * @returns why it must not become one; null where nothing speaks against it
 */
export const proveSource =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  (uploadId: string, etag: string): Promise<Failure | null> =>
    withHeartbeat(async (beat, signal) => {
      const upload = await deps.catalogue.getUpload(uploadId);
      if (upload === null) throw new PipelineError('NOT_FOUND', { details: { uploadId } });
      const sizeBytes = (await deps.store.head(upload.key))?.sizeBytes ?? 0;
      const proof = await deps.store.prove(upload.key, { etag, signal, onRead: (readBytes) => beat(readBytes / Math.max(1, sizeBytes)) });
      return proof === 'broken' ? damaged() : null;
    });

export function damaged(): Failure {
  const { code, message } = new PipelineError('UPLOAD_DAMAGED');
  return { code, message };
}
