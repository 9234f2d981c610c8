import { createHash } from 'node:crypto';
import { v7 as timeOrdered } from 'uuid';

export interface UploadIds {
  readonly uploadId: string;
  readonly videoId: string;
}

/**
 * Ids of a new upload and its video. With an idempotency key they follow from (tenant, key) alone, so a repeated create
 * finds its own row whatever became of the first try; without one they are new, and order by time.
 */
export function newIds(tenantId: string, idempotencyKey: string | undefined): UploadIds {
  const hex = (label: string): string =>
    idempotencyKey === undefined ? timeOrdered().replaceAll('-', '') : named([label, tenantId, idempotencyKey]);
  return { uploadId: `upl_${hex('upload')}`, videoId: `vid_${hex('video')}` };
}

/** A UUID made from names, as version 5 makes one, with SHA-256 (so version 8). NUL keeps the names apart: neither holds one. */
function named(names: readonly string[]): string {
  const digest = createHash('sha256').update(names.join('\0')).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex');
}
