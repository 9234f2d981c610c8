import { createReadStream } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { ApiRefusal } from './api-client.js';

export interface PartSource {
  readonly file: string;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

const IDLE_MS = 30_000;

/**
 * One PUT of one slice of a file, streamed from disk with an exact length. Resolves with the status; rejects when the connection fails.
 * @throws ApiRefusal FILE_NOT_READABLE where the file is at fault
 */
export async function putPart(url: string, part: PartSource, signal: AbortSignal): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = send(url, { method: 'PUT', headers: { 'Content-Length': String(part.sizeBytes) }, signal, timeout: IDLE_MS });
  request.on('timeout', () => request.destroy(new Error(`no progress for ${IDLE_MS / 1000} s`)));
  const answered = new Promise<number>((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.on('error', reject);
    });
  });
  if (part.sizeBytes === 0) {
    request.end();
    return await answered;
  }
  const slice = createReadStream(part.file, { start: part.offset, end: part.offset + part.sizeBytes - 1 });
  let fileFault: ApiRefusal | null = null;
  const refuse = (why: string): void => {
    fileFault = new ApiRefusal(0, 'FILE_NOT_READABLE', `${part.file} cannot be read to its end: ${why}.`, []);
    request.destroy(fileFault);
  };
  slice.on('error', (error) => refuse(error.message));
  slice.on('end', () => slice.bytesRead < part.sizeBytes && refuse('it became shorter during the upload'));
  // A server may refuse before it has read all: then its answer says why, and the broken pipe says nothing.
  const sent = pipeline(slice, request).then(
    () => answered,
    () => (fileFault ? Promise.reject(fileFault) : answered),
  );
  return await Promise.race([answered, sent]);
}
