import { PipelineError } from './errors.js';
import { bytesText } from './summary.js';
import { isOpenState, type Upload } from './upload.js';
import type { Video } from './video.js';

/** What one upload and its video, or all of a tenant's, hold. */
export interface Holding {
  /** Declared sizes of open uploads: room that is promised to each until it is completed or closed. One that declared none holds none. */
  readonly reservedBytes: number;
  /** Sizes of the sources that are kept. */
  readonly storedBytes: number;
  /** Upload sessions that are open. */
  readonly openUploads: number;
}

/** A tenant's account. */
export interface Usage extends Holding {
  /** What reserved and stored together may come to, bytes; null: as much as there is. */
  readonly quotaBytes: number | null;
}

export const NOTHING_HELD: Holding = { reservedBytes: 0, storedBytes: 0, openUploads: 0 };

/**
 * What these rows hold. The account moves by the difference between two of these, before and after a change, in the
 * change's own transaction: so what was given is given back exactly once, whichever way an upload ends, and a repeat,
 * which changes no row, moves nothing.
 */
export function holdingOf(
  video: Pick<Video, 'state' | 'uploadedAt' | 'sourceSizeBytes'>,
  upload: Pick<Upload, 'state' | 'sizeBytes'> | null,
): Holding {
  // A video that failed or was cancelled after its upload keeps its source; only a deletion takes that away.
  const kept = video.uploadedAt !== null && video.state !== 'deleted';
  const open = upload !== null && isOpenState(upload.state);
  return {
    reservedBytes: open ? (upload.sizeBytes ?? 0) : 0,
    storedBytes: kept ? (video.sourceSizeBytes ?? 0) : 0,
    openUploads: open ? 1 : 0,
  };
}

export function heldMore(before: Holding, after: Holding): Holding {
  return {
    reservedBytes: after.reservedBytes - before.reservedBytes,
    storedBytes: after.storedBytes - before.storedBytes,
    openUploads: after.openUploads - before.openUploads,
  };
}

/** Bytes by which the account as a whole becomes larger; 0 or less: what was promised is kept or given back. */
export const grownBy = (more: Holding): number => more.reservedBytes + more.storedBytes;

export function hasRoom(usage: Usage, sizeBytes: number): boolean {
  return usage.quotaBytes === null || usage.reservedBytes + usage.storedBytes + sizeBytes <= usage.quotaBytes;
}

/** Says how much is left: of an account that was made smaller than what it holds, nothing. */
export function quotaExceeded(usage: Usage, sizeBytes: number): PipelineError {
  const { quotaBytes, reservedBytes, storedBytes } = usage;
  const leftBytes = quotaBytes === null ? 0 : Math.max(0, quotaBytes - reservedBytes - storedBytes);
  const note = `The file has ${bytesText(sizeBytes)}; ${bytesText(leftBytes)} of ${bytesText(quotaBytes ?? 0)} are left, and open uploads hold ${bytesText(reservedBytes)}.`;
  return new PipelineError('QUOTA_EXCEEDED', { note, details: { quotaBytes, reservedBytes, storedBytes, sizeBytes } });
}
