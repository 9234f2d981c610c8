import type { Catalogue } from '../catalogue/catalogue.js';
import { judgeParts, lackingParts } from '../domain/door-parts.js';
import { PipelineError } from '../domain/errors.js';
import { arrivalKey } from '../domain/keys.js';
import { MAX_WHOLE_BYTES, measured, partCount, sourceMetadata, type Upload } from '../domain/upload.js';
import type { ObjectFacts, ObjectStore } from '../storage/object-store.js';

export interface Assembled {
  /** Part numbers that are still missing; none means that the object stands, or stood already. */
  readonly missing: readonly number[];
  /** What the object must have; null where nobody can say any more, because it was made by an earlier try. */
  readonly sizeBytes: number | null;
}

interface Deps {
  readonly store: ObjectStore;
  readonly catalogue: Catalogue;
}

/** Makes the source of what came through the upload's door. Safe to repeat. */
export function assembleUpload(deps: Deps, upload: Upload): Promise<Assembled> {
  if (upload.door === 'whole') return adoptArrival(deps.store, upload);
  if (upload.door === 'uppy') return joinClientParts(deps, upload);
  return joinParts(deps.store, upload);
}

/** The object that came in one piece; null where there is none that can be this upload's file. */
export async function arrivalOf(store: ObjectStore, upload: Upload): Promise<ObjectFacts | null> {
  const facts = await store.head(arrivalKey(upload));
  const isRight = facts !== null && (upload.sizeBytes === null || facts.sizeBytes === upload.sizeBytes) && facts.sizeBytes <= MAX_WHOLE_BYTES;
  return isRight ? facts : null;
}

async function joinParts(store: ObjectStore, upload: Upload): Promise<Assembled> {
  const sizes = measured(upload);
  if (sizes === null) return { missing: [1], sizeBytes: null };
  // A file that came whole, by a copy: the object itself is what the session waits for.
  if (upload.multipartId === null)
    return { missing: (await store.head(upload.key)) === null ? lackingParts(upload, []) : [], sizeBytes: sizes.sizeBytes };
  const parts = await store.listParts(upload.key, upload.multipartId);
  if (parts === null) return await standing(store, upload);
  const missing = lackingParts(upload, parts);
  if (missing.length === 0) {
    const wanted = parts.filter((part) => part.partNumber <= partCount(sizes));
    await store.completeMultipart(upload.key, upload.multipartId, wanted);
  }
  return { missing, sizeBytes: sizes.sizeBytes };
}

/** The part size is noted before the parts are gone: clients go on asking for their list after completion. */
async function joinClientParts({ store, catalogue }: Deps, upload: Upload): Promise<Assembled> {
  const parts = upload.multipartId === null ? [] : await store.listParts(upload.key, upload.multipartId);
  if (parts === null) return await standing(store, upload);
  const { whole, missing, fault } = judgeParts(upload.sizeBytes, parts);
  if (fault !== null) throw fault;
  if (whole === null || upload.multipartId === null) return { missing, sizeBytes: null };
  await catalogue.measureParts(upload.id, whole.partSizeBytes);
  await store.completeMultipart(upload.key, upload.multipartId, parts);
  return { missing, sizeBytes: whole.sizeBytes };
}

/**
 * A URL can be used again after its file has come, and what it names would change under a video that is being made. So
 * the source is a copy, made once, of the very bytes that HEAD saw.
 */
async function adoptArrival(store: ObjectStore, upload: Upload): Promise<Assembled> {
  if ((await store.head(upload.key)) !== null) return { missing: [], sizeBytes: upload.sizeBytes };
  const arrival = await arrivalOf(store, upload);
  if (arrival === null) return { missing: [1], sizeBytes: null };
  const copied = await store.copyOnce(arrivalKey(upload), upload.key, {
    etag: arrival.etag,
    sizeBytes: arrival.sizeBytes,
    contentType: upload.contentType,
    metadata: sourceMetadata(upload),
  });
  // Sent again in this moment: the next look finds the newer one.
  return copied === 'changed' ? { missing: [1], sizeBytes: null } : { missing: [], sizeBytes: upload.sizeBytes };
}

/** Completed before, or being completed by a call whose answer was lost: then the object is there, or soon is. */
async function standing(store: ObjectStore, upload: Upload): Promise<Assembled> {
  if ((await store.head(upload.key)) === null) throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'It has neither the parts nor the file yet.' });
  return { missing: [], sizeBytes: upload.sizeBytes };
}
