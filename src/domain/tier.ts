import { PipelineError } from './errors.js';
import { bytesText } from './summary.js';

/** What tenants of one kind may use. null: no limit. */
export interface Limits {
  /** A bucket that holds `burst` requests and gets `perS` new ones a second. */
  readonly requests: { readonly perS: number; readonly burst: number } | null;
  /** Upload sessions that may be open at a time. */
  readonly openUploads: number | null;
  /** Bytes of uploads that are begun on one day (UTC). */
  readonly bytesPerDay: number | null;
  /** Minutes of video that are planned for encoding on one day (UTC). */
  readonly encodeMinutesPerDay: number | null;
}

export interface Tier {
  readonly name: string;
  readonly limits: Limits;
}

/** What tenants are made with through the API; the migration fills its limits in. */
export const USUAL_TIER = 'standard';
/** What a tenant has that the system itself makes, and had before there were tiers. */
export const OPEN_TIER = 'unlimited';

export const NO_LIMITS: Limits = { requests: null, openUploads: null, bytesPerDay: null, encodeMinutesPerDay: null };
export const USUAL_LIMITS: Limits = {
  requests: { perS: 50, burst: 200 },
  openUploads: 100,
  bytesPerDay: 1_000_000_000_000,
  encodeMinutesPerDay: 6_000,
};

/** What a tenant has used of one day (UTC). */
export interface Spent {
  readonly bytes: number;
  readonly encodeMs: number;
}

export const NOTHING_SPENT: Spent = { bytes: 0, encodeMs: 0 };

/** "2026-11-21": the day that something counts for, whose end is the same for all. */
export const dayOf = (at: string): string => at.slice(0, 10);

/**
 * Whether a tenant may begin one more upload, with itself counted in already. Minutes are counted when a video is planned, so
 * they close the door to new uploads only: what was accepted is made.
 * @returns why not; null where it may
 */
export function overLimit(limits: Limits, counted: { readonly openUploads: number; readonly spent: Spent }, sizeBytes: number): PipelineError | null {
  const { openUploads, spent } = counted;
  if (limits.openUploads !== null && openUploads > limits.openUploads) {
    return new PipelineError('UPLOADS_LIMIT', { note: `${limits.openUploads} may be open at a time.`, details: { openUploads: limits.openUploads } });
  }
  if (limits.bytesPerDay !== null && spent.bytes > limits.bytesPerDay) {
    const leftBytes = Math.max(0, limits.bytesPerDay - (spent.bytes - sizeBytes));
    return new PipelineError('DAILY_LIMIT', { note: `${bytesText(leftBytes)} of ${bytesText(limits.bytesPerDay)} are left today.` });
  }
  if (limits.encodeMinutesPerDay !== null && spent.encodeMs >= limits.encodeMinutesPerDay * 60_000) {
    return new PipelineError('DAILY_LIMIT', { note: `The ${limits.encodeMinutesPerDay} minutes of video a day are used up.` });
  }
  return null;
}
