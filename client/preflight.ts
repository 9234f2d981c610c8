import type { FileHandle } from 'node:fs/promises';
import type { ApiClient } from './api-client.js';
import { ClientFault } from './client-fault.js';
import { readSlice } from './part-checksum.js';

/** As much of each end as the API looks at. */
const END_BYTES = 64 * 1024;
const NOT_OFFERED: readonly number[] = [404, 405, 413];

/**
 * Shows the API both ends of a file before anything is sent: what is certain to be refused is refused here, and the
 * upload ends with the reason. An API that does not offer this look answers 404 or 405, or 413 because it takes no body
 * of this size; then the whole file tells.
 * @throws ClientFault with the file's own code
 */
export async function askPreflight(
  api: ApiClient,
  ask: { uploadId: string; file: FileHandle; sizeBytes: number; signal: AbortSignal },
): Promise<void> {
  const { uploadId, file, sizeBytes, signal } = ask;
  const length = Math.min(END_BYTES, sizeBytes);
  const body = { head: await readEnd(file, 0, length), tail: await readEnd(file, sizeBytes - length, length) };
  try {
    await api.POST('/v1/uploads/{upload_id}/preflight', { params: { path: { upload_id: uploadId } }, body, signal });
  } catch (error) {
    if (!(error instanceof ClientFault) || !NOT_OFFERED.includes(error.status)) throw error;
  }
}

/** Base64. */
async function readEnd(file: FileHandle, offset: number, length: number): Promise<string> {
  const buffer = Buffer.alloc(length);
  for (let done = 0; done < length; ) done += await readSlice(file, buffer.subarray(done), offset + done, length - done);
  return buffer.toString('base64');
}
