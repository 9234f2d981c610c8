import { z } from 'zod';
import { CHECKSUM_ALGORITHMS, UPLOAD_STATES } from '../src/domain/upload.js';

/** What a client reads of an upload's JSON; unknown fields are let through, as the API asks of its clients. */
const upload = z.object({
  id: z.string(),
  video_id: z.string(),
  status: z.enum(UPLOAD_STATES),
  file_name: z.string(),
  size_bytes: z.number().int().min(0),
  part_size_bytes: z.number().int().positive(),
  part_count: z.number().int().min(1),
  checksum: z.enum(CHECKSUM_ALGORITHMS).nullable(),
  missing_parts: z.array(z.number().int()),
  expires_at: z.string(),
});
export type UploadJson = z.output<typeof upload>;

const signedParts = z.object({
  parts: z.array(
    z.object({ part_number: z.number().int(), size_bytes: z.number().int(), url: z.string(), headers: z.record(z.string(), z.string()) }),
  ),
  expires_at: z.string(),
});
export type SignedPartsJson = z.output<typeof signedParts>;

export const readUpload = (body: unknown): UploadJson => upload.parse(body);
export const readSignedParts = (body: unknown): SignedPartsJson => signedParts.parse(body);

export const isOpen = ({ status }: UploadJson): boolean => status === 'waiting' || status === 'uploading';
