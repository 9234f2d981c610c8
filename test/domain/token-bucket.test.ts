import fc from 'fast-check';
import { type Bucket, shareOf, takeToken } from '../../src/domain/token-bucket.js';

const rate = { perS: 2, burst: 3 };

test('a full bucket gives its burst, then one token each time it has refilled', () => {
  let bucket: Bucket | null = null;
  const seen = [0, 0, 0, 0, 499, 500, 500, 1500].map((nowMs) => {
    const taken = takeToken(bucket, rate, nowMs);
    bucket = taken.bucket;
    return [taken.decision.allowed, taken.decision.remaining, Math.round(taken.decision.retryMs)];
  });
  expect(seen).toEqual([
    [true, 2, 0],
    [true, 1, 0],
    [true, 0, 500],
    [false, 0, 500],
    [false, 0, 1],
    [true, 0, 500],
    [false, 0, 500],
    [true, 1, 0],
  ]);
});

test('in any stretch of time at most burst + rate × time are given, and of a steady wish below the rate all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2000), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100 }),
      (gaps, perS, burst) => {
        let bucket: Bucket | null = null;
        let nowMs = 0;
        const given: number[] = [];
        for (const gap of gaps) {
          nowMs += gap;
          const taken = takeToken(bucket, { perS, burst }, nowMs);
          bucket = taken.bucket;
          if (taken.decision.allowed) given.push(nowMs);
          else expect(taken.decision.retryMs).toBeGreaterThan(0);
        }
        for (let from = 0; from < given.length; from += 1) {
          const spanMs = (given.at(-1) ?? 0) - (given[from] ?? 0);
          expect(given.length - from).toBeLessThanOrEqual(burst + (perS * spanMs) / 1000 + 1e-6);
        }
      },
    ),
  );
  let bucket: Bucket | null = null;
  for (let n = 0; n < 100; n += 1) {
    const taken = takeToken(bucket, rate, n * 501);
    bucket = taken.bucket;
    expect(taken.decision.allowed).toBe(true);
  }
});

test('a clock that goes back adds nothing, and a bucket that was made smaller holds no more', () => {
  const empty = { tokens: 0, atMs: 10_000 };
  const { bucket, decision } = takeToken(empty, rate, 0);
  expect([decision.allowed, bucket]).toEqual([false, empty]);
  expect(takeToken({ tokens: 100, atMs: 0 }, rate, 0).decision.remaining).toBe(2);
});

test('the shares of all processes are one whole', () => {
  expect(shareOf({ perS: 10, burst: 40 }, 4)).toEqual({ perS: 2.5, burst: 10 });
  expect(shareOf({ perS: 10, burst: 2 }, 4)).toEqual({ perS: 2.5, burst: 1 });
});
