import { PipelineError } from '../domain/errors.js';
import {
  checksumHeaders,
  expectedPartBytes,
  extendedExpiry,
  isChecksum,
  measured,
  type PartChecksum,
  partCount,
  sourceMetadata,
  type Upload,
} from '../domain/upload.js';
import type { ApiDeps } from './deps.js';
import { closedError } from './end-upload.js';
import type { SignedPartsJson } from './schemas.js';
import { isOpen } from './upload-json.js';
import { urlLifeS } from './url-life.js';

export interface WantedPart {
  readonly part_number: number;
  readonly checksum?: string;
}

/** URLs for parts of an open upload, which lives on by it. The first call for an upload creates its multipart. */
export async function signParts(deps: ApiDeps & { clock: () => Date }, found: Upload, wanted: readonly WantedPart[]): Promise<SignedPartsJson> {
  const nowMs = deps.clock().getTime();
  if (!isOpen(found)) throw closedError(found);
  const upload = await keepAlive(deps, found, nowMs);
  const ttlS = urlLifeS(deps, upload);
  const sizes = measured(upload);
  if (sizes === null)
    throw new PipelineError('CONFLICT', { note: 'Its size was not declared. Create an upload with size_bytes, or send the file another way.' });
  const beyond = wanted.map((part) => part.part_number).filter((n) => n > partCount(sizes));
  if (beyond.length > 0) {
    throw new PipelineError('REQUEST_INVALID', { note: `This upload has ${partCount(sizes)} part(s); there is no part ${beyond.join(', ')}.` });
  }
  const checksums = wanted.map((part) => checksumFor(upload, part));

  const { key, multipartId } = await withMultipart(deps, upload);
  const parts = await Promise.all(
    wanted.map(async ({ part_number: partNumber }, index) => {
      const sizeBytes = expectedPartBytes(sizes, partNumber);
      const checksum = checksums[index] ?? null;
      const url = await deps.store.presignPart({ key, multipartId, partNumber, sizeBytes, ttlS, checksum });
      return { part_number: partNumber, size_bytes: sizeBytes, url, headers: checksum ? checksumHeaders(checksum) : {} };
    }),
  );
  return { parts, expires_at: new Date(nowMs + ttlS * 1000).toISOString() };
}

/** Our clock only spares the catalogue a question that it would answer with "not yet"; whether and until when is its own to say. */
export async function keepAlive(deps: ApiDeps, upload: Upload, nowMs: number): Promise<Upload> {
  const lifeMs = deps.config.uploadTtlS * 1000;
  if (extendedExpiry(upload, nowMs, lifeMs) === null) return upload;
  const row = await deps.catalogue.extendUpload(upload.id, lifeMs);
  if (row === null) throw new PipelineError('UPLOAD_CLOSED');
  return row;
}

/** All parts of an upload carry its checksum, or none does: S3 joins no others. */
function checksumFor(upload: Upload, part: WantedPart): PartChecksum | null {
  const algorithm = upload.checksum;
  if (algorithm === null && part.checksum === undefined) return null;
  if (algorithm === null)
    throw new PipelineError('REQUEST_INVALID', { note: 'This upload was created without "checksum": send part_numbers, without checksums.' });
  if (part.checksum === undefined)
    throw new PipelineError('REQUEST_INVALID', { note: `This upload was created with ${algorithm}: send parts, each with its checksum.` });
  if (!isChecksum(algorithm, part.checksum))
    throw new PipelineError('REQUEST_INVALID', { note: `The checksum of part ${part.part_number} is not a ${algorithm} in base64.` });
  return { algorithm, value: part.checksum };
}

/**
 * The upload's one multipart. Two first calls race through the catalogue: the row keeps one id, and the loser aborts its
 * own. Where attaching fails or the process dies, ours is not aborted: the row may hold it (its answer was lost), and
 * then an abort would take away parts that clients have sent. What nobody holds is found under the upload's key when
 * the session ends.
 */
async function withMultipart(deps: ApiDeps, upload: Upload): Promise<{ key: string; multipartId: string }> {
  if (upload.door === 'parts' && upload.multipartId !== null) return { key: upload.key, multipartId: upload.multipartId };
  if (upload.door !== null)
    throw new PipelineError('CONFLICT', { note: 'Its file is being sent another way. For another file create another upload.' });
  const { contentType, checksum } = upload;
  const mine = await deps.store.createMultipart(upload.key, { contentType, metadata: sourceMetadata(upload), checksum });
  const row = await deps.catalogue.attachMultipart(upload.id, mine);
  if (row?.multipartId !== mine) await deps.store.abortMultipart(upload.key, mine);
  if (!row) throw new PipelineError('UPLOAD_CLOSED');
  if (row.door !== 'parts' || row.multipartId === null) throw new PipelineError('CONFLICT', { note: 'Its file is being sent another way.' });
  return { key: row.key, multipartId: row.multipartId };
}
