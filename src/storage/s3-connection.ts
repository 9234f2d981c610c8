import { Readable } from 'node:stream';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import { guardBody } from './guarded-body.js';
import { type S3Call, translateS3Error } from './s3-errors.js';

export interface S3Options {
  /** S3 as this process reaches it; absent: AWS itself, by region. */
  readonly endpoint?: string;
  /** S3 as clients reach it: the host of presigned URLs, which the signature covers. Default: `endpoint`. */
  readonly publicEndpoint?: string;
  readonly region: string;
  readonly bucket: string;
  /** Absent: the SDK's own chain (instance role, profile, environment). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  readonly timeouts?: Partial<S3Timeouts>;
  /** Rows that one page of a listing asks for, at most 1000. Smaller only where a test wants many pages. */
  readonly pageSize?: number;
  /** Bytes that one call copies, from 5 MiB to S3's 5 GiB. Smaller only where a test wants many pieces. */
  readonly copyPieceBytes?: number;
}

/** All in milliseconds, each per attempt. Together they say: no call ever hangs. */
export interface S3Timeouts {
  readonly connectMs: number;
  /** From the first byte asked to the first byte answered; calls that move or join bytes get more, by size. */
  readonly responseMs: number;
  /** Silence in the middle of an answer, while somebody waits for it. */
  readonly idleMs: number;
  /** The whole of a readiness check, all attempts. */
  readonly pingMs: number;
}

const DEFAULT_TIMEOUTS: S3Timeouts = { connectMs: 5_000, responseMs: 30_000, idleMs: 30_000, pingMs: 5_000 };
/** First try and three more; the SDK waits between them with jitter. What lasts longer is for the caller's own retry. */
const MAX_ATTEMPTS = 4;
const MAX_SOCKETS = 64;
/** S3 takes 5 GiB; smaller pieces keep each call's deadline short, and a lost one costs less. */
const COPY_PIECE_BYTES = 1024 * 1024 * 1024;
/** S3's own largest page. */
const MAX_PAGE = 1000;

export interface SendOptions {
  readonly abortSignal?: AbortSignal;
  readonly requestTimeout?: number;
}

/** Two clients to one bucket, and the one door through which every call goes. */
export interface S3Connection {
  readonly bucket: string;
  readonly region: string;
  readonly pageSize: number;
  readonly copyPieceBytes: number;
  readonly timeouts: S3Timeouts;
  /** Signs for the public endpoint; sends nothing. */
  readonly presigner: S3Client;
  /** Runs one request; whatever it throws is translated. `extraMs` is added to the deadline of the answer. */
  call<T>(what: S3Call & { readonly extraMs?: number }, run: (client: S3Client, options: SendOptions) => Promise<T>): Promise<T>;
  close(): void;
}

export function connectS3(options: S3Options): S3Connection {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const data = createDataClient(options, timeouts);
  const presigner = createPresigner(options, data);
  return {
    bucket: options.bucket,
    region: options.region,
    pageSize: Math.min(options.pageSize ?? MAX_PAGE, MAX_PAGE),
    copyPieceBytes: options.copyPieceBytes ?? COPY_PIECE_BYTES,
    timeouts,
    presigner,
    call: async (what, run) => {
      try {
        what.signal?.throwIfAborted();
        return await run(data, { abortSignal: what.signal, requestTimeout: timeouts.responseMs + (what.extraMs ?? 0) });
      } catch (error) {
        throw translateS3Error(error, what);
      }
    },
    close: () => {
      data.destroy();
      presigner.destroy();
    },
  };
}

/** An answer that lacks what S3 always sends did not come from S3 in one piece: worth another try. */
export function required<T>(value: T | undefined, operation: string, field: string): T {
  if (value !== undefined) return value;
  throw new PipelineError('STORAGE_UNAVAILABLE', { note: `(${operation}: the answer has no ${field})`, details: { operation, field } });
}

function createDataClient(options: S3Options, timeouts: S3Timeouts): S3Client {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const client = new S3Client({
    ...place(options.region, options.endpoint),
    credentials: options.credentials,
    maxAttempts: MAX_ATTEMPTS,
    // `put` and `uploadPart` name their checksum themselves. The default adds a CRC to parts, which S3 refuses where the multipart was created without.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    // versitygw, as S3 itself, refuses aws-chunked pieces under 8 KiB.
    requestStreamBufferSize: 65_536,
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      requestTimeout: timeouts.responseMs,
      // Without this the handler only prints a warning and goes on waiting.
      throwOnRequestTimeout: true,
      // A socket's own idle clock also runs while the reader rests; guardBody's does not.
      socketTimeout: 0,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
  guardAnswers(client, timeouts.idleMs);
  return client;
}

/** Checksums only where S3 demands them: the default would bake the CRC of an empty body into every URL, and strict servers then refuse the real one. */
function createPresigner(options: S3Options, data: S3Client): S3Client {
  return new S3Client({
    ...place(options.region, options.publicEndpoint ?? options.endpoint),
    // The data client's, so that both share one cache of temporary credentials.
    credentials: data.config.credentials,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

const place = (region: string, endpoint: string | undefined): S3ClientConfig =>
  endpoint === undefined ? { region } : { region, endpoint, forcePathStyle: true };

/**
 * Small answers are read whole inside the SDK, where no time-out of the handler reaches: headers that come and a body that
 * never does would hang the call for ever. An object's bytes are guarded by `get`, which knows how many must come.
 */
function guardAnswers(client: S3Client, idleMs: number): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode?: number; body?: unknown };
      const isObject = context.commandName === 'GetObjectCommand' && response.statusCode !== undefined && response.statusCode < 300;
      if (response.body instanceof Readable && !isObject) response.body = guardBody(response.body, { expectedBytes: null, idleMs });
      return result;
    },
    // "low" is nearest to the wire: before anything reads the body.
    { name: 'guardAnswers', step: 'deserialize', priority: 'low' },
  );
}
