import { judgeParts, partsOnceSent, soundParts } from '../domain/door-parts.js';
import { PipelineError } from '../domain/errors.js';
import { hasRoom, quotaExceeded } from '../domain/quota.js';
import { type Measured, measured, type StoredPart, type Upload } from '../domain/upload.js';
import type { Caller } from './context.js';
import type { ApiDeps } from './deps.js';
import { closedError, completeUpload } from './end-upload.js';
import { type Patience, patiently } from './patient.js';
import { keepAlive } from './sign-parts.js';
import { isOpen } from './upload-json.js';
import { urlLifeS } from './url-life.js';

type Deps = ApiDeps & { clock: () => Date };

export async function foundUpload(deps: Pick<ApiDeps, 'catalogue'>, caller: Caller, uploadId: string): Promise<Upload> {
  const upload = await deps.catalogue.findUpload(caller.tenantId, uploadId);
  if (!upload) throw new PipelineError('NOT_FOUND');
  return upload;
}

/** The upload while it is the one that this multipart was begun for: one that another file took the place of is gone. */
export async function foundMultipart(
  deps: Pick<ApiDeps, 'catalogue'>,
  caller: Caller,
  ids: { readonly upload_id: string; readonly multipart_id: string },
): Promise<Upload> {
  const upload = await foundUpload(deps, caller, ids.upload_id);
  if (upload.door !== 'uppy' || upload.multipartId !== ids.multipart_id) throw new PipelineError('NOT_FOUND');
  return upload;
}

export async function signUppyParts(deps: Deps, found: Upload, partNumbers: readonly number[]): Promise<{ partNumber: number; url: string }[]> {
  const { key, multipartId } = found;
  if (!isOpen(found) || multipartId === null) throw closedError(found);
  const upload = await keepAlive(deps, found, deps.clock().getTime());
  const ttlS = urlLifeS(deps, upload);
  // The client's part size is not known, so no length can be signed: completion looks at each size.
  const sign = (partNumber: number) => deps.store.presignPart({ key, multipartId, partNumber, sizeBytes: null, ttlS });
  return await Promise.all(partNumbers.map(async (partNumber) => ({ partNumber, url: await sign(partNumber) })));
}

export interface ListedPart {
  readonly PartNumber: number;
  readonly ETag: string;
  readonly Size: number;
}

/** `find` is asked again while S3 knows the multipart no more and the row is open: it is being completed at this moment. */
export function listParts(deps: Deps, patience: Patience, find: () => Promise<Upload>): Promise<ListedPart[]> {
  return patiently(async () => {
    const upload = await find();
    const sizes = measured(upload);
    if (upload.state === 'completed' && sizes !== null) return listedOnce(sizes);
    if (!isOpen(upload) || upload.multipartId === null) throw closedError(upload);
    const stored = await deps.store.listParts(upload.key, upload.multipartId);
    return stored === null ? await listedWhileJoined(deps, upload) : soundParts(upload.sizeBytes, stored).map(listed);
  }, patience);
}

/** The joined file may be read for minutes before the row moves. Its part size was noted before the parts were gone. */
async function listedWhileJoined({ store }: Pick<Deps, 'store'>, { key, partSizeBytes }: Upload): Promise<ListedPart[]> {
  const sizeBytes = (await store.head(key))?.sizeBytes ?? null;
  if (sizeBytes === null || partSizeBytes === null) throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The upload is being completed.' });
  return listedOnce({ sizeBytes, partSizeBytes });
}

/**
 * @param named the highest part number that the client says it sent: of a file whose size nobody declared only the client
 *   knows where it ends
 */
export async function completeParts(deps: Deps, upload: Upload, named: number | null): Promise<Upload> {
  if (isOpen(upload) && upload.multipartId !== null) {
    const stored = await deps.store.listParts(upload.key, upload.multipartId);
    if (stored !== null) {
      const { missing, fault } = judgeParts(upload.sizeBytes, stored, named);
      if (fault !== null) throw fault;
      if (missing.length > 0) throw new PipelineError('UPLOAD_INCOMPLETE', { details: { missing_parts: missing } });
      await needRoom(deps, upload, stored);
    }
  }
  return await completeUpload(deps, upload);
}

/** Said here, the session stays open, and its owner can make room and press retry. The completion looks again, and for good. */
async function needRoom(deps: Deps, upload: Upload, stored: readonly StoredPart[]): Promise<void> {
  if (upload.sizeBytes !== null) return;
  const sizeBytes = stored.reduce((sum, part) => sum + part.sizeBytes, 0);
  const usage = await deps.catalogue.findUsage(upload.tenantId);
  if (usage !== null && !hasRoom(usage, sizeBytes)) throw quotaExceeded(usage, sizeBytes);
}

/** Clients want any tag that is not empty; the true ones went away with the parts. */
const listedOnce = (sizes: Measured): ListedPart[] => partsOnceSent(sizes).map((part) => listed({ ...part, etag: `stored-${part.partNumber}` }));

const listed = (part: { readonly partNumber: number; readonly sizeBytes: number; readonly etag: string }): ListedPart => ({
  PartNumber: part.partNumber,
  ETag: `"${part.etag}"`,
  Size: part.sizeBytes,
});
