import { createHash } from 'node:crypto';

/** What makes an object under intake/ the one that it is, however often it is seen. */
export interface IntakeObject {
  readonly key: string;
  readonly etag: string;
  readonly sizeBytes: number;
}

/**
 * Ids of the upload and the video that an object becomes: the same for the same key, ETag and size. `life` counts from 1 and
 * rises only where a session ended before the object could be copied.
 */
export function intakeIds({ key, etag, sizeBytes }: IntakeObject, life: number): { readonly uploadId: string; readonly videoId: string } {
  const hex = (label: string): string => uuidOf([label, key, etag, String(sizeBytes), String(life)]);
  return { uploadId: `upl_${hex('intake upload')}`, videoId: `vid_${hex('intake video')}` };
}

/** A UUID made from texts, version 8, in hex without dashes. JSON keeps the texts apart. */
function uuidOf(texts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex');
}
