import type { CreateUpload } from './api-types.js';

/** What a client remembers of an upload that it has begun and not finished. */
export interface ResumeRecord {
  readonly version: 1;
  /** The API, and the file by its absolute path. */
  readonly endpoint: string;
  readonly path: string;
  /** The file as it was: another size or time of change is another file. Nanoseconds, as text. */
  readonly sizeBytes: number;
  readonly mtimeNs: string;
  /** Kept before the create call, so that a repeated call finds what the first one made. */
  readonly idempotencyKey: string;
  /** What was asked for: the same key goes with the same request only. */
  readonly request: CreateUpload;
  /** null until the create call was answered. */
  readonly uploadId: string | null;
  readonly videoId: string | null;
  readonly startedAt: string;
}

/** Where it remembers it: one record for one file and one API. `save` is on disk, whole, when it resolves. */
export interface ResumeMemory {
  load(): Promise<ResumeRecord | null>;
  save(record: ResumeRecord): Promise<void>;
  forget(): Promise<void>;
}

/** null for what is not, or no longer, a record: then the upload begins anew, and the old one ends by itself. */
export function parseResumeRecord(text: string): ResumeRecord | null {
  try {
    const record = JSON.parse(text) as ResumeRecord;
    return isRecord(record) ? record : null;
  } catch {
    // Half a disk block, or another release's form.
    return null;
  }
}

function isRecord(record: ResumeRecord): boolean {
  const { version, endpoint, path, sizeBytes, mtimeNs, idempotencyKey, request, uploadId, videoId, startedAt } = record;
  const texts: readonly unknown[] = [endpoint, path, mtimeNs, idempotencyKey, startedAt, uploadId ?? '', videoId ?? '', request.file_name];
  return version === 1 && Number.isInteger(sizeBytes) && Number.isInteger(request.size_bytes) && texts.every((text) => typeof text === 'string');
}

/** For an upload that is not to outlive its process. */
export const NO_MEMORY: ResumeMemory = {
  load: async () => null,
  save: async () => undefined,
  forget: async () => undefined,
};
