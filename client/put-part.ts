import type { FileHandle } from 'node:fs/promises';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ClientFault } from './client-fault.js';
import { readSlice, type Slice } from './part-checksum.js';

/** Silence on the connection, in either direction, after which a part is given up and sent again. */
const STALL_MS = 30_000;
/** Written at once, and told as progress; two of them a part are all the memory that it takes. */
const PIECE_BYTES = 256 * 1024;
/** An S3 error fits in; the rest is not read. */
const MAX_ANSWER_BYTES = 4096;

export interface PutAnswer {
  readonly status: number;
  /** S3's own code, such as BadDigest; empty where there is none. */
  readonly code: string;
}

export interface PutConnection {
  put(part: PutWish, signal: AbortSignal): Promise<PutAnswer>;
  close(): void;
}

export interface PutWish {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly file: FileHandle;
  readonly slice: Slice;
  /** Bytes that went out since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * PUTs of slices of files, over connections that are kept. Each is read from disk as it goes out, with an exact length.
 * Resolves with the store's answer, whatever it is; rejects when the connection fails or stalls.
 * @throws ClientFault where the file is at fault; or the signal's reason
 */
export function createPutConnection(options: { readonly parallel: number; readonly stallMs?: number }): PutConnection {
  const { parallel, stallMs = STALL_MS } = options;
  // The same few connections over and over: their windows are open already.
  const agent = { keepAlive: true, maxSockets: parallel, maxFreeSockets: parallel, scheduling: 'lifo' as const };
  const [http, https] = [new HttpAgent(agent), new HttpsAgent(agent)];
  return {
    async put(wish, signal) {
      signal.throwIfAborted();
      const headers = { ...wish.headers, 'Content-Length': String(wish.slice.sizeBytes) };
      const how = { method: 'PUT', headers, signal, timeout: stallMs };
      const request = wish.url.startsWith('https:')
        ? httpsRequest(wish.url, { ...how, agent: https })
        : httpRequest(wish.url, { ...how, agent: http });
      request.on('timeout', () => request.destroy(new Error(`no byte moved for ${stallMs / 1000} s`)));
      try {
        return await exchange(request, wish);
      } catch (error) {
        request.destroy();
        signal.throwIfAborted();
        throw error;
      }
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

async function exchange(request: ClientRequest, wish: PutWish): Promise<PutAnswer> {
  const over = new AbortController();
  const answered = new Promise<PutAnswer>((resolve, reject) => {
    request.on('error', reject);
    request.on('close', () => !over.signal.aborted && reject(new Error('the connection was closed')));
    request.on('response', (response) => {
      // A server may refuse before it has read all: what is left need not be sent.
      over.abort();
      readAnswer(response).then(resolve, reject);
    });
  });
  const sent = send(request, wish, { over: over.signal, failed: answered });
  // A broken pipe says nothing, the answer or the connection's own error says why; only a fault of the file is told at once.
  const fileFault = sent.catch((error: unknown) => {
    if (error instanceof ClientFault) throw error;
  });
  await Promise.race([fileFault, answered]);
  const answer = await answered;
  if (!request.writableEnded) request.destroy();
  return answer;
}

/** Reads a piece while the one before it is on its way. */
async function send(request: ClientRequest, wish: PutWish, until: { readonly over: AbortSignal; readonly failed: Promise<unknown> }): Promise<void> {
  const { file, slice, onBytes } = wish;
  const buffers = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)] as const;
  let going: Promise<unknown> = Promise.resolve();
  let done = 0;
  for (let turn = 0; done < slice.sizeBytes && !until.over.aborted; turn += 1) {
    const buffer = buffers[turn % 2 === 0 ? 0 : 1];
    const bytesRead = await readSlice(file, buffer, slice.offset + done, slice.sizeBytes - done);
    await going;
    done += bytesRead;
    going = Promise.race([write(request, buffer.subarray(0, bytesRead)).then(() => onBytes?.(bytesRead)), until.failed]);
    // It is awaited one turn later; a failure in between is not lost, only late.
    going.catch(() => undefined);
  }
  // Also where the answer was there before the last piece was told as gone: the connection can be kept.
  if (done === slice.sizeBytes) request.end();
  await going;
}

/** Resolves when the bytes have left this process, so that their buffer can be used again. */
function write(request: ClientRequest, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    request.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

async function readAnswer(response: IncomingMessage): Promise<PutAnswer> {
  let text = '';
  for await (const piece of response) if (text.length < MAX_ANSWER_BYTES) text += String(piece);
  return { status: response.statusCode ?? 0, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? '' };
}
