import type { Failure } from './artefact.js';

export const UPLOAD_STATES = ['waiting', 'uploading', 'completed', 'expired', 'cancelled', 'errored'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** States in which parts may still come. */
export const OPEN_UPLOAD_STATES: readonly UploadState[] = ['waiting', 'uploading'];
export const isOpenState = (state: UploadState): boolean => OPEN_UPLOAD_STATES.includes(state);

/**
 * How a file comes in. A session has one door.
 * - `parts`: our own protocol; sizes are declared, each part's URL is signed for its exact size.
 * - `uppy`: a multipart whose part size its client chose and told nobody.
 * - `whole`: one PUT or one form, of whose end nobody tells.
 */
export const DOORS = ['parts', 'uppy', 'whole'] as const;
export type Door = (typeof DOORS)[number];

/** One resumable transfer. Times are ISO 8601 UTC. */
export interface Upload {
  readonly id: string;
  readonly tenantId: string;
  readonly videoId: string;
  readonly state: UploadState;
  /** Empty until somebody names the file: see `named`. */
  readonly fileName: string;
  readonly contentType: string;
  /** As declared at creation; null where nothing was, until completion finds it. */
  readonly sizeBytes: number | null;
  /** Every part but the last has exactly this size. Fixed at creation where the size was declared; where the client chose it, as the store's parts agree. */
  readonly partSizeBytes: number | null;
  /** What every part carries, so that S3 refuses other bytes; null: parts come bare, as browsers send them. Fixed at creation. */
  readonly checksum: ChecksumAlgorithm | null;
  readonly key: string;
  /** S3's own upload id; null until the first part is signed. */
  readonly multipartId: string | null;
  /** null until the first of them is opened. */
  readonly door: Door | null;
  /** Whether the session was created with a file name; where not, name and type are what the door's client says last. */
  readonly named: boolean;
  /** What a client knows the same file by on another machine, made of name, size, time of change and type; null where it sent none. */
  readonly fingerprint: string | null;
  /** Moves on while the client is at work: `extendedExpiry`. */
  readonly expiresAt: string;
  readonly createdAt: string;
  readonly completedAt: string | null;
  /** When it left its open states, whichever way. */
  readonly closedAt: string | null;
  /** Why it ended, where it is errored. */
  readonly failure: Failure | null;
}

export interface StoredPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Where the upload's parts carry one. */
  readonly checksum?: PartChecksum;
}

/** Checksums of a part that S3 checks against the bytes that arrive. */
export const CHECKSUM_ALGORITHMS = ['sha256', 'crc32c'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface PartChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64 of the bytes, the most significant first. */
  readonly value: string;
}

/** Canonical base64 of 32 and of 4 bytes. */
const CHECKSUM_FORMS: Readonly<Record<ChecksumAlgorithm, RegExp>> = {
  sha256: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/,
  crc32c: /^[A-Za-z0-9+/]{5}[AQgw]==$/,
};

/** Whether a text has the form of such a checksum. A malformed one would be signed, and S3 would answer 400 to the right bytes. */
export function isChecksum(algorithm: ChecksumAlgorithm, value: string): boolean {
  return CHECKSUM_FORMS[algorithm].test(value);
}

/** The headers, lower case, with which such a part must be sent: S3 signs them, compares them with the bytes, and answers 400 where they differ. */
export function checksumHeaders(checksum: PartChecksum): Readonly<Record<string, string>> {
  return { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value };
}

/** An upload whose sizes are known. */
export interface Measured {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
}

/** The media type of a file of which nobody said one. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const MIB = 1024 * 1024;
const MIN_PART_BYTES = 8 * MIB;
/** The most that one PUT or one form may carry: S3's limit. */
export const MAX_WHOLE_BYTES = 5 * 1024 * MIB;
/** S3's limits: at most 10 000 parts, each but the last at least 5 MiB, at most 5 GiB. */
export const MAX_PARTS = 10_000;
export const MAX_UPLOAD_BYTES = 10 * 1024 * MIB;

/** However busy its client is, no session outlives this: a week is what browsers and people still know of an upload. */
export const MAX_UPLOAD_LIFE_MS = 7 * 86_400_000;

/**
 * The new end of a session whose client was active at `nowMs`; null where nothing is to be written: more than half of its
 * life is left (so a busy client costs a write in hours, not one a part), its time is up, or it has reached the longest life.
 * @param lifeMs how long a session lives after its last activity
 */
export function extendedExpiry(upload: Pick<Upload, 'createdAt' | 'expiresAt'>, nowMs: number, lifeMs: number): string | null {
  const endMs = Date.parse(upload.expiresAt);
  if (endMs <= nowMs || endMs - nowMs >= lifeMs / 2) return null;
  const untilMs = Math.min(nowMs + lifeMs, Date.parse(upload.createdAt) + MAX_UPLOAD_LIFE_MS);
  return untilMs > endMs ? new Date(untilMs).toISOString() : null;
}

/** Part size in bytes for a file: 8 MiB, doubled until the file fits in a thousand parts. Whole MiB. */
export function partSizeFor(sizeBytes: number): number {
  let size = MIN_PART_BYTES;
  while (Math.ceil(sizeBytes / size) > 1000) size *= 2;
  return size;
}

/** null where a size is not known yet. */
export function measured(upload: Pick<Upload, 'sizeBytes' | 'partSizeBytes'>): Measured | null {
  const { sizeBytes, partSizeBytes } = upload;
  return sizeBytes === null || partSizeBytes === null ? null : { sizeBytes, partSizeBytes };
}

export function partCount(upload: Measured): number {
  return Math.max(1, Math.ceil(upload.sizeBytes / upload.partSizeBytes));
}

/** The only size that part `n` (from 1) may have. */
export function expectedPartBytes(upload: Measured, partNumber: number): number {
  const before = (partNumber - 1) * upload.partSizeBytes;
  return Math.min(upload.partSizeBytes, upload.sizeBytes - before);
}

/** Part numbers that S3 does not hold in their exact size yet, ascending. Empty means: can be completed. */
export function missingParts(upload: Measured, stored: readonly StoredPart[]): number[] {
  const sizes = new Map(stored.map((part) => [part.partNumber, part.sizeBytes]));
  const missing: number[] = [];
  for (let n = 1; n <= partCount(upload); n += 1) if (sizes.get(n) !== expectedPartBytes(upload, n)) missing.push(n);
  return missing;
}

/** How an upload stands after an attempt to end it. `incomplete` and `extended` leave it open. `file`: what the session did not know when it began. */
export type UploadOutcome =
  | { readonly state: 'completed'; readonly file?: { readonly fileName: string; readonly sizeBytes: number } }
  | { readonly state: 'incomplete'; readonly missingParts: readonly number[] }
  /** Its time is not up after all: what is left of it by the catalogue's clock, the only one that decides. */
  | { readonly state: 'extended'; readonly leftMs: number }
  | { readonly state: 'cancelled' | 'expired' | 'errored' };

/**
 * What one try to complete comes to, inside the session. `joined`: the object stands, and has to be read once before it is
 * believed: `isBelieved`.
 */
export type Completion = UploadOutcome | { readonly state: 'joined'; readonly etag: string };

/**
 * Whether the object that came of an upload is taken without reading it. Parts that carried a checksum were compared on their
 * way in. Parts without one were not, and a server may keep one that broke off in its middle as if it were whole (versitygw
 * 1.8.0 does). A copy that the store made by itself has the checksum of its own bytes: reading it would prove nothing.
 */
export const isBelieved = (upload: Pick<Upload, 'checksum' | 'multipartId'>): boolean => upload.checksum !== null || upload.multipartId === null;

/** Stored with the object in S3: proof that what lies under the key came from this upload. */
export function sourceMetadata(upload: Pick<Upload, 'id' | 'videoId'>): { 'upload-id': string; 'video-id': string } {
  return { 'upload-id': upload.id, 'video-id': upload.videoId };
}
