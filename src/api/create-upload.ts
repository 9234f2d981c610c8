import type { z } from 'zod';
import type { UploadDraft } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { sourceKey } from '../domain/keys.js';
import { partSizeFor, UNKNOWN_TYPE, type Upload } from '../domain/upload.js';
import { uploadInput } from '../workflows/start-upload.js';
import type { ApiDeps } from './deps.js';
import { newIds } from './new-ids.js';
import type { createUploadBody } from './schemas.js';
import { isOpen } from './upload-json.js';

/**
 * Row first, then the workflow, then the answer. A process that dies
 * - before the row: nothing happened;
 * - between row and workflow: the row is one that no client was told of. The same request with its Idempotency-Key finds
 *   it and starts the workflow; without a key reconciling starts it within a minute, and it expires in its time;
 * - after the workflow's start: the repeated request gets the same upload, and the second start does nothing.
 * So an upload that was acknowledged always has its workflow.
 */
export async function createUpload(
  deps: ApiDeps & { clock: () => Date },
  request: { tenantId: string; idempotencyKey: string | undefined; file: z.output<typeof createUploadBody> },
): Promise<Upload> {
  const { tenantId, file } = request;
  const sizeBytes = file.size_bytes ?? null;
  const { uploadId, videoId } = newIds(tenantId, request.idempotencyKey);
  const draft: UploadDraft = {
    id: uploadId,
    videoId,
    tenantId,
    fileName: file.file_name ?? '',
    contentType: file.content_type ?? UNKNOWN_TYPE,
    sizeBytes,
    partSizeBytes: sizeBytes === null ? null : partSizeFor(sizeBytes),
    checksum: file.checksum ?? null,
    key: sourceKey(tenantId, videoId, uploadId),
    fingerprint: file.fingerprint ?? null,
    labels: { title: file.title ?? null, metadata: file.metadata ?? {}, passthrough: file.passthrough ?? null },
    expiresAt: new Date(deps.clock().getTime() + deps.config.uploadTtlS * 1000).toISOString(),
  };
  const upload = await deps.catalogue.createUpload(draft);
  if (!isSameFile(upload, draft)) throw new PipelineError('IDEMPOTENCY_KEY_REUSED');
  // A closed upload had its workflow; Temporal forgets ended ones, so a start now would run it again.
  if (isOpen(upload)) await deps.pipeline.startUpload(uploadInput(upload));
  return upload;
}

/** What a request leaves open the row may have learnt meanwhile; title and the like may have been changed since. */
function isSameFile(upload: Upload, draft: UploadDraft): boolean {
  const sameName = draft.fileName === '' || upload.fileName === draft.fileName;
  const sameType = draft.contentType === UNKNOWN_TYPE || upload.contentType === draft.contentType;
  const sameSize = draft.sizeBytes === null || upload.sizeBytes === draft.sizeBytes;
  return sameName && sameType && sameSize && upload.fingerprint === draft.fingerprint && upload.checksum === draft.checksum;
}
