/**
 * What became of every accepted upload of one tenant, or of all. Accepted means completed: the file stands in the store and
 * its video is queued. Times are ISO 8601 UTC.
 */
export interface Ledger {
  readonly accepted: number;
  readonly published: number;
  readonly rejected: number;
  readonly inReview: number;
  readonly inFlight: number;
  /** By request. */
  readonly cancelled: number;
  readonly deleted: number;
  /** Sessions that may still become accepted. */
  readonly openUploads: number;
  /** What these announced. */
  readonly reservedBytes: number;
  readonly oldestOpenAt: string | null;
  /** When the oldest of those in flight was accepted. */
  readonly oldestInFlightAt: string | null;
}

export interface TenantLedger extends Ledger {
  readonly tenantId: string;
}

export const EMPTY_LEDGER: Ledger = {
  accepted: 0,
  published: 0,
  rejected: 0,
  inReview: 0,
  inFlight: 0,
  cancelled: 0,
  deleted: 0,
  openUploads: 0,
  reservedBytes: 0,
  oldestOpenAt: null,
  oldestInFlightAt: null,
};

/** Accepted uploads that nothing is known of any more. Anything but 0 is a loss, or a row that contradicts another. */
export function gapOf(ledger: Ledger): number {
  const { accepted, published, rejected, inReview, inFlight, cancelled, deleted } = ledger;
  return accepted - published - rejected - inReview - inFlight - cancelled - deleted;
}

export function sumLedgers(ledgers: readonly Ledger[]): Ledger {
  return ledgers.reduce<Ledger>(
    (sum, each) => ({
      accepted: sum.accepted + each.accepted,
      published: sum.published + each.published,
      rejected: sum.rejected + each.rejected,
      inReview: sum.inReview + each.inReview,
      inFlight: sum.inFlight + each.inFlight,
      cancelled: sum.cancelled + each.cancelled,
      deleted: sum.deleted + each.deleted,
      openUploads: sum.openUploads + each.openUploads,
      reservedBytes: sum.reservedBytes + each.reservedBytes,
      oldestOpenAt: earlier(sum.oldestOpenAt, each.oldestOpenAt),
      oldestInFlightAt: earlier(sum.oldestInFlightAt, each.oldestInFlightAt),
    }),
    EMPTY_LEDGER,
  );
}

export function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
