import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { type ApiClient, ApiRefusal } from './api-client.js';
import { putPart } from './put-part.js';

const PARALLEL_PARTS = 4;
const SIGN_BATCH = 16;
const PART_TRIES = 10;
const COMPLETE_TRIES = 3;

const session = z.object({ id: z.string(), video_id: z.string(), part_size_bytes: z.number().int().positive() });
const signed = z.object({ parts: z.array(z.object({ part_number: z.number(), url: z.string(), size_bytes: z.number() })) });
type SignedPart = z.output<typeof signed>['parts'][number];

export interface UploadOptions {
  readonly api: ApiClient;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onVideoId: (videoId: string) => void;
  /** Bytes that the store has taken, and the size of the file. */
  readonly onProgress: (sentBytes: number, sizeBytes: number) => void;
}

/**
 * Uploads a file as any client would: create, sign parts in batches, PUT them in parallel straight to the store, complete.
 * Failed parts are sent again with growing pauses; a 403 means that the URL has ended, and it is signed anew.
 * @throws ApiRefusal; the file system's error; or the signal's reason
 */
export async function uploadFile({ api, file, signal, onVideoId, onProgress }: UploadOptions): Promise<void> {
  const { size } = await stat(file);
  const post = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await api.request({ method: 'POST', path, body, idempotencyKey: randomUUID(), signal });
    return answer?.body;
  };
  const upload = session.parse(await post('/v1/uploads', { file_name: fileName(file), size_bytes: size, content_type: contentType(file) }));
  onVideoId(upload.video_id);
  const sign = async (numbers: readonly number[]): Promise<readonly SignedPart[]> =>
    signed.parse(await post(`/v1/uploads/${upload.id}/parts`, { part_numbers: numbers })).parts;

  let sentBytes = 0;
  const send = async (part: SignedPart): Promise<void> => {
    const source = { file, offset: (part.part_number - 1) * upload.part_size_bytes, sizeBytes: part.size_bytes };
    let { url } = part;
    let why = '';
    for (let attempt = 1; attempt <= PART_TRIES; attempt += 1) {
      const status = await putPart(url, source, signal).catch((error: unknown) => failureOf(error, signal));
      if (typeof status === 'number' && status >= 200 && status < 300) {
        sentBytes += part.size_bytes;
        onProgress(Math.min(sentBytes, size), size);
        return;
      }
      why = typeof status === 'number' ? `the store answered ${status}` : status;
      await sleep(Math.min(200 * 2 ** attempt, 10_000) * (0.5 + Math.random() / 2), undefined, { signal });
      if (status === 403) url = (await sign([part.part_number]))[0]?.url ?? url;
    }
    throw new ApiRefusal(0, 'UPLOAD_FAILED', `Part ${part.part_number} could not be sent in ${PART_TRIES} tries (${why}).`, []);
  };
  const sendAll = async (numbers: readonly number[]): Promise<void> => {
    const limit = pLimit(PARALLEL_PARTS);
    for (let from = 0; from < numbers.length; from += SIGN_BATCH) {
      const parts = await sign(numbers.slice(from, from + SIGN_BATCH));
      await Promise.all(parts.map((part) => limit(() => send(part))));
    }
  };

  let missing: readonly number[] = Array.from({ length: Math.max(1, Math.ceil(size / upload.part_size_bytes)) }, (_, index) => index + 1);
  for (let attempt = 1; ; attempt += 1) {
    await sendAll(missing);
    try {
      await post(`/v1/uploads/${upload.id}/complete`);
      return;
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.missingParts.length === 0 || attempt === COMPLETE_TRIES) throw error;
      missing = error.missingParts;
    }
  }
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.ts': 'video/mp2t',
  '.avi': 'video/x-msvideo',
};

function contentType(file: string): string {
  return CONTENT_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
}

/** The API refuses control characters and more than 255 characters; a name is only for people. */
function fileName(file: string): string {
  const name = basename(file)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '_')
    .slice(0, 255);
  return name.trim() === '' ? 'file' : name;
}

/** A fault of the network is a reason to try again; one of the file is not. */
function failureOf(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted();
  if (error instanceof ApiRefusal) throw error;
  return error instanceof Error ? error.message : String(error);
}
