import { PipelineError } from '../domain/errors.js';
import { intakeOf, sourceKey } from '../domain/keys.js';
import type { Upload } from '../domain/upload.js';
import { isOpenState, MAX_UPLOAD_BYTES, partSizeFor, sourceMetadata } from '../domain/upload.js';
import { type IntakeObject, intakeIds } from './intake-ids.js';
import { damaged } from './prove-source.js';
import type { ReconcileDeps } from './reconcile-deps.js';
import { withHeartbeat } from './with-heartbeat.js';

/** An object under intake/ and the upload that it becomes. */
export interface TakenObject extends IntakeObject {
  readonly upload: Upload;
}

export type Begun =
  /** Nothing there, or nobody's. */
  | { readonly state: 'gone' }
  /** Stored a moment ago: look again then. */
  | { readonly state: 'young'; readonly waitMs: number }
  | { readonly state: 'found'; readonly object: TakenObject };

export type TakeInEnd = 'completed' | 'changed' | 'closed';

/**
 * Takes an object that a tenant stored under intake/ into the same intake as every other door: an upload and its video, the
 * session's workflow, the source under its own immutable key, completion. Then the object goes from intake/.
 *
 * Each step is keyed by what the object is (key, ETag, size), so that two sweeps, an event sent five times or a death on any
 * line make one video: the row has its id from it, the copy names the ETag, and what is deleted is that very object. Somebody
 * who stores another file under the key meanwhile loses nothing: it is another object, and the next sweep's.
 */
export const takeIn = (deps: ReconcileDeps) => ({
  /** Looks at the object and makes its row. */
  async beginTakeIn(key: string): Promise<Begun> {
    const place = intakeOf(key);
    const facts = place === null ? null : await deps.store.head(key);
    if (place === null || facts === null || !(await deps.catalogue.hasTenant(place.tenantId))) return { state: 'gone' };
    const ageMs = Date.now() - Date.parse(facts.modifiedAt);
    // A clock that is ahead of ours must not make us wait for long.
    if (ageMs < deps.reconcile.intakeSettleMs)
      return { state: 'young', waitMs: Math.min(deps.reconcile.intakeSettleMs, deps.reconcile.intakeSettleMs - ageMs) };
    const object = { key, etag: facts.etag, sizeBytes: facts.sizeBytes };
    return { state: 'found', object: { ...object, upload: await uploadFor(deps, object, place, facts.contentType) } };
  },

  /**
   * The object to the upload's key, inside the store. Found there already: nothing to do. Read once before: a copy has a
   * checksum of its own, so what a broken line left in the original (see `isBelieved`) could not be seen any more.
   */
  copyIntake: ({ key, etag, sizeBytes, upload }: TakenObject): Promise<'copied' | 'changed' | 'damaged'> =>
    withHeartbeat(async (beat, signal) => {
      const there = await deps.store.head(upload.key);
      if (there?.sizeBytes === upload.sizeBytes && there.metadata['upload-id'] === upload.id) return 'copied';
      const proof = await deps.store.prove(key, { etag, signal, onRead: (bytes) => beat(bytes / Math.max(1, sizeBytes)) }).catch(nullWhereChanged);
      if (proof === null) return 'changed';
      if (proof === 'broken') return 'damaged';
      return deps.store.copy(key, upload.key, { etag, contentType: upload.contentType, metadata: sourceMetadata(upload) });
    }),

  /** Completes the session, or gives it up where the object was replaced; then the object goes. */
  async endTakeIn({ key, etag, upload: { id } }: TakenObject, copied: 'copied' | 'changed' | 'damaged'): Promise<TakeInEnd> {
    if (copied === 'changed') {
      await deps.workflows.abortUpload(id);
      return 'changed';
    }
    if (copied === 'damaged') await deps.workflows.refuseUpload(id, damaged());
    else if ((await deps.workflows.completeUpload(id))?.state === 'incomplete') {
      throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The copy that was made is not there.', details: { uploadId: id } });
    }
    const row = await deps.catalogue.getUpload(id);
    if (row === null || isOpenState(row.state)) {
      throw new PipelineError('WORKFLOWS_UNAVAILABLE', { note: 'The session has not closed its row.', details: { uploadId: id } });
    }
    // Expired: the object was not copied in time. It stays, and the next sweep gives it a session of its own.
    if (row.state !== 'expired') await deps.store.deleteExactly(key, etag);
    return row.state === 'completed' ? 'completed' : 'closed';
  },
});

async function uploadFor(
  deps: ReconcileDeps,
  object: IntakeObject,
  place: { readonly tenantId: string; readonly name: string },
  contentType: string,
): Promise<Upload> {
  for (let life = 1; ; life += 1) {
    const { uploadId, videoId } = intakeIds(object, life);
    const upload = await deps.catalogue.createUpload({
      id: uploadId,
      videoId,
      tenantId: place.tenantId,
      fileName: fileNameOf(place.name),
      contentType,
      sizeBytes: object.sizeBytes,
      partSizeBytes: partSizeFor(object.sizeBytes),
      key: sourceKey(place.tenantId, videoId, uploadId),
      expiresAt: new Date(Date.now() + deps.reconcile.uploadTtlMs).toISOString(),
    });
    if (upload.state === 'expired') continue;
    return object.sizeBytes > MAX_UPLOAD_BYTES ? refuse(deps, upload) : upload;
  }
}

/** Its owner finds the video, errored, with the reason. */
async function refuse(deps: ReconcileDeps, upload: Upload): Promise<Upload> {
  const { code, message } = new PipelineError('UPLOAD_TOO_LARGE');
  return (await deps.catalogue.closeUpload(upload.id, 'errored', { code, message })) ?? upload;
}

function nullWhereChanged(error: unknown): null {
  if (error instanceof PipelineError && error.code === 'SOURCE_CHANGED') return null;
  throw error;
}

/** As the API takes file names: at most 255 characters, none of them invisible. */
const fileNameOf = (name: string): string => name.replace(/\p{C}/gu, '_').slice(0, 255);
