import { PipelineError } from './errors.js';
import {
  expectedPartBytes,
  MAX_PARTS,
  MAX_UPLOAD_BYTES,
  type Measured,
  measured,
  missingParts,
  partCount,
  type StoredPart,
  type Upload,
} from './upload.js';

/** S3's smallest part that is not the last, bytes. */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

/** `whole`: what the parts make. `missing`: parts to send, or to send again. `fault`: why no further part can help. One of the three. */
export interface PartsVerdict {
  readonly whole: Measured | null;
  readonly missing: readonly number[];
  readonly fault: PipelineError | null;
}

/**
 * Judges parts whose size the client chose. Part 1 shows the size; all but the last must have it, from 1 without a hole.
 * Where no size was declared the last part that is there ends the file, so a client's own count has to agree.
 * @param named the highest part number that the client says it sent; null where it said nothing
 */
export function judgeParts(declaredBytes: number | null, stored: readonly StoredPart[], named: number | null = null): PartsVerdict {
  const last = Math.max(0, ...stored.map((part) => part.partNumber));
  const sumBytes = stored.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sumBytes > MAX_UPLOAD_BYTES) return refused('UPLOAD_TOO_LARGE', `It has ${sumBytes} bytes or more; at most ${MAX_UPLOAD_BYTES} are taken.`);

  const first = stored.find((part) => part.partNumber === 1);
  const isOnlyPart = declaredBytes === null ? last === 1 && (named ?? 1) === 1 : first?.sizeBytes === declaredBytes;
  if (first === undefined || (first.sizeBytes < SMALLEST_PART_BYTES && !isOnlyPart)) {
    const there = new Set(stored.map((part) => part.partNumber));
    return { whole: null, missing: upTo(Math.max(last, named ?? 0, 1)).filter((n) => n === 1 || !there.has(n)), fault: null };
  }

  const whole = { sizeBytes: declaredBytes ?? sumBytes, partSizeBytes: Math.max(1, first.sizeBytes) };
  const count = declaredBytes === null ? Math.max(last, named ?? 0) : partCount(whole);
  if (count > MAX_PARTS) return refused('UPLOAD_TOO_LARGE', `It would need ${count} parts; at most ${MAX_PARTS} are taken.`);
  if (last > count || (named !== null && (declaredBytes === null ? last > named : named > count))) {
    return refused(
      'UPLOAD_MISMATCH',
      `The store holds parts up to ${last}; ${named === null ? '' : `the client speaks of ${named}, and `}${count} are expected.`,
    );
  }
  const missing = declaredBytes === null ? holes(stored, count, whole.partSizeBytes) : missingParts(whole, stored);
  return { whole: missing.length === 0 ? whole : null, missing, fault: null };
}

/** Parts that an upload is known to lack, whatever its door. [1] also stands for a file of which nothing is there and nothing is known. */
export function lackingParts(upload: Pick<Upload, 'door' | 'sizeBytes' | 'partSizeBytes'>, stored: readonly StoredPart[]): readonly number[] {
  if (upload.door === 'uppy') return judgeParts(upload.sizeBytes, stored).missing;
  const sizes = upload.door === 'whole' ? null : measured(upload);
  return sizes === null ? [1] : missingParts(sizes, stored);
}

/**
 * The parts that a client may leave as they are when it goes on. Never the highest one: it is what an unchanged Uppy, which
 * sends one part after the other, was sending when its page was closed or its network went away, and a server may have kept
 * what came of it at its full size (versitygw 1.8.0 does). To send it again costs one part, to trust it may cost the file.
 */
export function soundParts(declaredBytes: number | null, stored: readonly StoredPart[]): StoredPart[] {
  const last = Math.max(0, ...stored.map((part) => part.partNumber));
  const again = new Set([...judgeParts(declaredBytes, stored).missing, last]);
  return stored.filter((part) => !again.has(part.partNumber));
}

/** Parts of an upload that is complete: S3 knows them no more, and every one of them had its size. */
export function partsOnceSent(upload: Measured): { readonly partNumber: number; readonly sizeBytes: number }[] {
  return upTo(partCount(upload)).map((partNumber) => ({ partNumber, sizeBytes: expectedPartBytes(upload, partNumber) }));
}

function holes(stored: readonly StoredPart[], last: number, partSizeBytes: number): number[] {
  const sizes = new Map(stored.map((part) => [part.partNumber, part.sizeBytes]));
  const isSound = (n: number, size: number): boolean => size === partSizeBytes || (n === last && size < partSizeBytes && size > 0) || last === 1;
  return upTo(last).filter((n) => {
    const size = sizes.get(n);
    return size === undefined || !isSound(n, size);
  });
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

const refused = (code: 'UPLOAD_TOO_LARGE' | 'UPLOAD_MISMATCH', note: string): PartsVerdict => ({
  whole: null,
  missing: [],
  fault: new PipelineError(code, { note }),
});
