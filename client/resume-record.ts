import { z } from 'zod';
import { CHECKSUM_ALGORITHMS } from '../src/domain/upload.js';

const schema = z.object({
  version: z.literal(1),
  /** The API, and the file by its absolute path. */
  endpoint: z.string(),
  path: z.string(),
  /** The file as it was: another size or time of change is another file. Nanoseconds, as text. */
  sizeBytes: z.number().int().min(0),
  mtimeNs: z.string(),
  /** Kept before the create call, so that a repeated call finds what the first one made. */
  idempotencyKey: z.string(),
  /** What was asked for: the same key goes with the same request only. */
  request: z.object({
    file_name: z.string(),
    size_bytes: z.number().int(),
    content_type: z.string(),
    checksum: z.enum(CHECKSUM_ALGORITHMS).optional(),
  }),
  /** null until the create call was answered. */
  uploadId: z.string().nullable(),
  videoId: z.string().nullable(),
  startedAt: z.string(),
});

/** What a client remembers of an upload that it has begun and not finished. */
export type ResumeRecord = z.output<typeof schema>;

/** Where it remembers it: one record for one file and one API. `save` is on disk, whole, when it resolves. */
export interface ResumeMemory {
  load(): Promise<ResumeRecord | null>;
  save(record: ResumeRecord): Promise<void>;
  forget(): Promise<void>;
}

/** null for what is not, or no longer, a record: then the upload begins anew, and the old one ends by itself. */
export function parseResumeRecord(text: string): ResumeRecord | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Half a disk block, or another release's form.
    return null;
  }
}

/** For an upload that is not to outlive its process. */
export const NO_MEMORY: ResumeMemory = {
  load: async () => null,
  save: async () => undefined,
  forget: async () => undefined,
};
