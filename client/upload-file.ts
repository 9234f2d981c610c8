import type { FileHandle } from 'node:fs/promises';
import { type ApiClient, bodyOf, serverTimeMs } from './api-client.js';
import type { ChecksumAlgorithm, Upload } from './api-types.js';
import { ClientFault, clientFault } from './client-fault.js';
import { openSession } from './open-session.js';
import { checksumOf, defaultAlgorithm, hasherFor, type Slice } from './part-checksum.js';
import { createPartFeed } from './part-feed.js';
import { partOrder } from './part-order.js';
import { isOpen, type PartUpload } from './part-upload.js';
import { askPreflight } from './preflight.js';
import { createPutConnection } from './put-part.js';
import { NO_MEMORY, type ResumeMemory } from './resume-record.js';
import { type ReadyPart, sendParts } from './send-parts.js';
import { checkUnchanged, openSource } from './source-file.js';

export interface UploadOptions {
  readonly api: ApiClient;
  readonly file: string;
  readonly signal: AbortSignal;
  /** Parts at a time; default 4. */
  readonly parallel?: number;
  /** What the store checks each part by; null: nothing. Default: CRC-32C, or SHA-256 where that has no native code. An upload that goes on keeps its own. */
  readonly checksum?: ChecksumAlgorithm | null;
  /** What survives this process; default: nothing. */
  readonly memory?: ResumeMemory;
  /** Address of the API, for the memory. */
  readonly endpoint?: string;
  /** How long no part at all may get through; default five minutes. */
  readonly patienceMs?: number;
  /** Silence of a connection after which a part is sent again. */
  readonly stallMs?: number;
  readonly onVideoId: (videoId: string) => void;
  /** Bytes that the store has taken, the size of the file, and the former with what is on its way. */
  readonly onProgress: (sentBytes: number, sizeBytes: number, movingBytes: number) => void;
  readonly onEvent?: (event: UploadEvent) => void;
}

export type UploadEvent =
  | { readonly type: 'session'; readonly upload: PartUpload; readonly resumed: boolean; readonly bytesThere: number }
  | { readonly type: 'note'; readonly line: string }
  | { readonly type: 'part-failed'; readonly partNumber: number; readonly why: string }
  | { readonly type: 'transferred' };

const PARALLEL = 4;
const PATIENCE_MS = 300_000;
const MAX_COMPLETES = 3;

/**
 * Uploads a file as any client would: create or go on, sign parts in batches, PUT them in parallel straight to the store,
 * first and last one first, complete. Resolves with the upload, completed.
 * @throws ClientFault; or the signal's reason
 */
export async function uploadFile(options: UploadOptions): Promise<Upload> {
  const { file, facts } = await openSource(options.file);
  const connection = createPutConnection({ parallel: options.parallel ?? PARALLEL, ...(options.stallMs ? { stallMs: options.stallMs } : {}) });
  const tell = options.onEvent ?? ((): void => undefined);
  try {
    const { api, signal, memory = NO_MEMORY, endpoint = '' } = options;
    const note = (line: string): void => tell({ type: 'note', line });
    const wished = options.checksum === undefined ? await defaultAlgorithm() : options.checksum;
    const { upload, resumed } = await openSession({ api, endpoint, memory, note, signal }, facts, wished);
    options.onVideoId(upload.video_id);
    const missingBytes = upload.missing_parts.reduce((sum, part) => sum + sliceOf(upload, part).sizeBytes, 0);
    tell({ type: 'session', upload, resumed, bytesThere: upload.size_bytes - missingBytes });
    if (!resumed) await askPreflight(api, { uploadId: upload.id, file, sizeBytes: facts.sizeBytes, signal });
    const done = await transfer({ ...options, memory }, { upload, file, connection, tell, check: () => checkUnchanged(file, facts) });
    await memory.forget();
    return done;
  } finally {
    connection.close();
    await file.close();
  }
}

interface Transfer {
  readonly upload: PartUpload;
  readonly file: FileHandle;
  readonly connection: ReturnType<typeof createPutConnection>;
  readonly tell: (event: UploadEvent) => void;
  readonly check: () => Promise<void>;
}

/** Sends what is missing and completes, until the store has all of it. */
async function transfer(options: UploadOptions, on: Transfer): Promise<Upload> {
  const { upload, check, tell } = on;
  let missing: readonly number[] = upload.missing_parts;
  for (let attempt = 1; isOpen(upload); attempt += 1) {
    await sendMissing(options, on, missing);
    tell({ type: 'transferred' });
    await check();
    try {
      return await complete(options, upload);
    } catch (error) {
      if (!(error instanceof ClientFault) || error.missingParts.length === 0 || attempt === MAX_COMPLETES) throw error;
      missing = error.missingParts;
    }
  }
  return upload;
}

async function sendMissing(options: UploadOptions, on: Transfer, missing: readonly number[]): Promise<void> {
  const { api, signal, parallel = PARALLEL, patienceMs = PATIENCE_MS, onProgress } = options;
  const { upload, file, connection, tell } = on;
  const newHasher = upload.checksum === null ? null : await hasherFor(upload.checksum);
  const sign = async (parts: readonly Unsigned[]): Promise<readonly ReadyPart[]> => {
    const body =
      upload.checksum === null
        ? { part_numbers: parts.map((part) => part.partNumber) }
        : { parts: parts.map((part) => ({ part_number: part.partNumber, checksum: part.checksum ?? '' })) };
    const signedAtMs = Date.now();
    const call = api.POST('/v1/uploads/{upload_id}/parts', { params: { path: { upload_id: upload.id } }, body, signal });
    const signed = await bodyOf(call);
    // By the server's own clock, where it tells it: this machine's may be wrong by hours.
    const lifeMs = Date.parse(signed.expires_at) - (serverTimeMs((await call).response) ?? signedAtMs);
    const byNumber = new Map(signed.parts.map((part) => [part.part_number, part]));
    return parts.map((part) => {
      const found = byNumber.get(part.partNumber);
      if (found === undefined) throw clientFault('UPLOAD_FAILED', `The API gave no address for part ${part.partNumber}.`);
      return { ...part, url: found.url, headers: found.headers, signedAtMs, lifeMs };
    });
  };
  const one = async (part: Unsigned): Promise<ReadyPart> => (await sign([part]))[0] as ReadyPart;
  const read = async (partNumber: number): Promise<Unsigned> => {
    const slice = sliceOf(upload, partNumber);
    return { partNumber, slice, checksum: newHasher === null ? null : await checksumOf(file, slice, newHasher()) };
  };
  const prepare = async (numbers: readonly number[]): Promise<readonly ReadyPart[]> => {
    const parts: Unsigned[] = [];
    for (const number of numbers) parts.push(await read(number));
    return await sign(parts);
  };

  let sentBytes = upload.size_bytes - missing.reduce((sum, part) => sum + sliceOf(upload, part).sizeBytes, 0);
  let movingBytes = 0;
  const show = (): void => onProgress(sentBytes, upload.size_bytes, sentBytes + movingBytes);
  const feed = createPartFeed(partOrder(missing, upload.part_count), parallel, prepare);
  await sendParts(feed, {
    ...{ file, connection, parallel, patienceMs, signal },
    signAgain: one,
    readAgain: async (part) => {
      const now = await read(part.partNumber);
      await on.check();
      return await one(now);
    },
    isOpen: async () => {
      const found = await bodyOf(api.GET('/v1/uploads/{upload_id}', { params: { path: { upload_id: upload.id } }, signal }));
      // Whoever ended it has a reason, which completing tells.
      if (!isOpen(found) && found.status !== 'completed') await complete(options, upload);
      return isOpen(found);
    },
    onSent: (part) => {
      sentBytes += part.slice.sizeBytes;
      show();
    },
    onMoving: (bytes) => {
      movingBytes += bytes;
      if (bytes > 0) show();
    },
    onTrouble: (part, why) => tell({ type: 'part-failed', partNumber: part.partNumber, why }),
  });
}

type Unsigned = Pick<ReadyPart, 'partNumber' | 'slice' | 'checksum'>;

function sliceOf(upload: PartUpload, partNumber: number): Slice {
  const offset = (partNumber - 1) * upload.part_size_bytes;
  return { offset, sizeBytes: Math.min(upload.part_size_bytes, upload.size_bytes - offset) };
}

function complete({ api, signal }: UploadOptions, { id }: PartUpload): Promise<Upload> {
  return bodyOf(api.POST('/v1/uploads/{upload_id}/complete', { params: { path: { upload_id: id } }, signal }));
}
