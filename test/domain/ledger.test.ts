import { describe, expect, test } from '@jest/globals';
import { EMPTY_LEDGER, gapOf, type Ledger, sumLedgers } from '../../src/domain/ledger.js';

describe('a ledger', () => {
  test('has a gap where accepted uploads stand in no place, or in two', () => {
    const places = { published: 1, rejected: 2, inReview: 3, inFlight: 4, cancelled: 5, deleted: 6 };
    const ledger: Ledger = { ...EMPTY_LEDGER, accepted: 21, ...places };
    expect(gapOf(ledger)).toBe(0);
    for (const name of Object.keys(places) as (keyof typeof places)[]) {
      expect(gapOf({ ...ledger, [name]: ledger[name] - 1 })).toBe(1);
      expect(gapOf({ ...ledger, [name]: ledger[name] + 1 })).toBe(-1);
    }
  });

  test('adds up, and keeps the earlier time', () => {
    const one: Ledger = { ...EMPTY_LEDGER, accepted: 1, inFlight: 1, openUploads: 2, reservedBytes: 10, oldestOpenAt: '2026-01-02T00:00:00.000Z' };
    const other: Ledger = { ...one, oldestOpenAt: '2026-01-01T00:00:00.000Z', oldestInFlightAt: '2026-01-03T00:00:00.000Z' };
    expect(sumLedgers([one, other, EMPTY_LEDGER])).toEqual({
      ...EMPTY_LEDGER,
      accepted: 2,
      inFlight: 2,
      openUploads: 4,
      reservedBytes: 20,
      oldestOpenAt: '2026-01-01T00:00:00.000Z',
      oldestInFlightAt: '2026-01-03T00:00:00.000Z',
    });
  });
});
