import type { Readable } from 'node:stream';
import type { ChecksumAlgorithm, PartChecksum, StoredPart } from '../domain/upload.js';

/**
 * The port to an S3-like object store. What every adapter guarantees, and test/contract/object-store.ts holds it to:
 *
 * - Strong read-after-write: what `put` or `completeMultipart` acknowledged is what `get`, `head` and `list` show.
 * - `put` with `onlyIfAbsent` has exactly one winner per key, however many race; the losers get `exists`.
 *   Everything that must happen once rests on this. A `put` that rejects as transient may have been stored all the same.
 * - Bytes are checked on the way in: a body that does not match its `sha256` is never stored.
 * - Keys that are absent are values (`null`, `[]`), not errors. Errors are `PipelineError('STORAGE_UNAVAILABLE')`
 *   (transient) or `PipelineError('INTERNAL')` (refused for a reason that a retry does not cure).
 */
export interface ObjectStore {
  put(key: string, body: Uint8Array, options: PutOptions): Promise<PutOutcome>;
  /** null where there is no such key. Reads at most the range; `end` is inclusive, as in HTTP. Rejects with SOURCE_CHANGED where `etag` is given and the object is another one now. */
  get(key: string, options?: GetOptions): Promise<StoredObject | null>;
  head(key: string): Promise<ObjectFacts | null>;
  /**
   * Reads the whole object and compares it with the checksum that the store made of the bytes as they came (S3 makes a
   * CRC64NVME where its client asked for none). Rejects with SOURCE_CHANGED where the object is another one now. null where there
   * is none.
   */
  prove(key: string, options: ProveOptions): Promise<Proof | null>;
  /** Keys in byte order, at most 1000 a page; `next` is null on the last page. */
  list(prefix: string, after?: string | null): Promise<{ objects: ListedObject[]; next: string | null }>;
  /** Absent keys are no fault. */
  delete(keys: readonly string[]): Promise<void>;
  /** Deletes the very object with this ETag: `changed` where another one has the key now. `deleted` also where there is none. */
  deleteExactly(key: string, etag: string): Promise<'deleted' | 'changed'>;
  /**
   * Copies an object inside the store, whatever its size, under type and metadata of its own. No byte passes this process.
   * `changed` where the source is no longer the object with this ETag, or is gone: then nothing stands at `toKey` that did
   * not before. Twice is once; dies in the middle: an open multipart under `toKey` may stay behind.
   */
  copy(fromKey: string, toKey: string, options: CopyOptions): Promise<'copied' | 'changed'>;

  /** With `checksum`, every part must be signed with one, and S3 refuses bytes that differ from it. Not for `uploadPart`. */
  createMultipart(key: string, options: MultipartOptions): Promise<string>;
  /** All parts, all pages, with their checksums where the multipart has them; null where S3 knows no such multipart (aborted, or completed already). */
  listParts(key: string, multipartId: string): Promise<StoredPart[] | null>;
  /** One part of a file of our own, sent by this process, its bytes checked on the way in; the same number again replaces it. null where S3 knows no such multipart. */
  uploadPart(key: string, multipartId: string, partNumber: number, body: Uint8Array): Promise<StoredPart | null>;
  /** `gone` where S3 knows no such multipart: HEAD then decides whether it was completed. A 200 with an error body rejects. */
  completeMultipart(key: string, multipartId: string, parts: readonly StoredPart[]): Promise<'completed' | 'gone'>;
  /** Absent multiparts are no fault. */
  abortMultipart(key: string, multipartId: string): Promise<void>;
  /** Open multiparts whose key begins with `prefix`, all pages. */
  listMultiparts(prefix: string): Promise<{ key: string; multipartId: string; initiatedAt: string }[]>;
  /**
   * A URL for one PUT of one part of exactly `sizeBytes` (null: of any size): bare body, no header beyond content-length needed. With a
   * checksum it takes the bytes that have it, sent with `checksumHeaders`, and no others: other bytes are answered with
   * 400 and not stored, another or no checksum with 400 or 403.
   */
  presignPart(part: PartToSign): Promise<string>;

  /** A URL for a PUT of a whole object of exactly `sizeBytes` (null: of any size up to S3's 5 GiB). May be used again until its time is over. */
  presignPut(object: { key: string; sizeBytes: number | null; ttlS: number }): Promise<string>;
  /** A form to which a browser adds the file as its last field, `file`, and POSTs it; answered with 201. Refuses a file that is smaller or larger. */
  presignPost(object: { key: string; contentType: string; minBytes: number; maxBytes: number; ttlS: number }): Promise<PresignedForm>;
  /**
   * Copies an object of at most 5 GiB inside the store, to a key at which there is nothing yet.
   * `stored`: that very object stands there now. `exists`: another one stood there before. `changed`: `from` is not the object with that ETag, or is gone.
   */
  copyOnce(from: string, to: string, options: CopyOptions & { readonly sizeBytes: number }): Promise<'stored' | 'exists' | 'changed'>;

  /** Makes the bucket where absent, opens `media/*` for anonymous GET and nothing else, and lets browsers PUT and read ETag. Safe to repeat. */
  prepareBucket(options: { corsOrigins: readonly string[] }): Promise<void>;
  /** Resolves when the store answers; for readiness. */
  ping(): Promise<void>;
}

export interface MultipartOptions {
  readonly contentType: string;
  readonly metadata: Record<string, string>;
  readonly checksum?: ChecksumAlgorithm | null;
}

export interface PartToSign {
  readonly key: string;
  readonly multipartId: string;
  readonly partNumber: number;
  /** null: the length is not signed. */
  readonly sizeBytes: number | null;
  readonly ttlS: number;
  readonly checksum?: PartChecksum | null;
}

export interface PutOptions {
  readonly contentType: string;
  readonly cacheControl?: string;
  /** Lower-case hex; the store refuses other bytes. */
  readonly sha256: string;
  readonly onlyIfAbsent?: boolean;
  /** Replaces only the very object with this ETag; `changed` where another one, or none, is there. Not with `onlyIfAbsent`. */
  readonly onlyIfEtag?: string;
}

export interface CopyOptions {
  /** Of the source. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Record<string, string>;
}

export interface PresignedForm {
  readonly url: string;
  /** In this order, before the file. */
  readonly fields: Readonly<Record<string, string>>;
}

export type PutOutcome = 'stored' | 'exists' | 'changed';

export interface GetOptions {
  readonly start?: number;
  readonly end?: number;
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

export interface ProveOptions {
  readonly etag: string;
  readonly signal?: AbortSignal;
  /** Hears of the bytes as they are read, from the beginning where it is read a second time. */
  readonly onRead?: (readBytes: number) => void;
}

/** `broken`: twice the bytes were others than the store's checksum says. `unknown`: the store has no such checksum, and nothing was read. */
export type Proof = 'proven' | 'broken' | 'unknown';

export interface ObjectFacts {
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was stored, by the store's clock, to the second at least; ISO 8601 UTC. */
  readonly modifiedAt: string;
}

export interface StoredObject extends ObjectFacts {
  /** The stream ends with an error, never early, where fewer bytes arrive than `contentLength` says. */
  readonly body: Readable;
  readonly contentLength: number;
}

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAt: string;
}

/** Media that never changes under its key. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
