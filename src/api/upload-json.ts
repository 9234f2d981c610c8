import { lackingParts } from '../domain/door-parts.js';
import { isOpenState, measured, partCount, type Upload } from '../domain/upload.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { UploadJson } from './schemas.js';
import type { UploadTokens } from './upload-token.js';

export const isOpen = (upload: Upload): boolean => isOpenState(upload.state);

/** The upload as clients see it; asks the store which parts are there where that can still change. */
export async function uploadJson(
  upload: Upload,
  from: { store: Pick<ObjectStore, 'listParts'>; tokens: Pick<UploadTokens, 'issue'>; baseUrl: string },
): Promise<UploadJson> {
  const sizes = measured(upload);
  return {
    id: upload.id,
    object: 'upload',
    status: upload.state,
    video_id: upload.videoId,
    file_name: upload.fileName,
    size_bytes: upload.sizeBytes,
    content_type: upload.contentType,
    part_size_bytes: upload.partSizeBytes,
    part_count: sizes === null ? null : partCount(sizes),
    checksum: upload.checksum,
    missing_parts: isOpen(upload) ? await stillMissing(upload, from.store) : [],
    fingerprint: upload.fingerprint,
    errors: upload.failure ? [{ code: upload.failure.code, message: upload.failure.message }] : [],
    url: `${from.baseUrl}/v1/uploads/${upload.id}`,
    client_url: `${from.baseUrl}/v1/uploads/${from.tokens.issue(upload.id)}`,
    expires_at: upload.expiresAt,
    created_at: upload.createdAt,
    completed_at: upload.completedAt,
    closed_at: upload.closedAt,
  };
}

async function stillMissing(upload: Upload, store: Pick<ObjectStore, 'listParts'>): Promise<number[]> {
  const stored = upload.multipartId === null ? [] : await store.listParts(upload.key, upload.multipartId);
  // S3 knows the multipart no more while the row is open: it is being completed or cleared away at this moment.
  return stored === null ? [] : [...lackingParts(upload, stored)];
}
