import fc from 'fast-check';
import { frameTimeUs, limitTerms, parseRational, rational, secondsText, toNumber } from '../../src/domain/rational.js';

test.each([
  ['30000/1001', { num: 30_000, den: 1001 }],
  ['25', { num: 25, den: 1 }],
  ['50/2', { num: 25, den: 1 }],
  ['4:3', { num: 4, den: 3 }],
])('%s is read in lowest terms', (text, expected) => expect(parseRational(text)).toEqual(expected));

test.each(['0/0', '0/1', 'N/A', '', '1/0', '-1/2', '1.5', undefined])('%s is no rate', (text) => expect(parseRational(text)).toBeNull());

test('signs sit on the numerator, and zero has none', () => {
  expect(rational(1, -2)).toEqual({ num: -1, den: 2 });
  expect(rational(0, -5)).toEqual({ num: 0, den: 1 });
});

test('what is no fraction of integers is refused', () => {
  expect(() => rational(1, 0)).toThrow(RangeError);
  expect(() => rational(1.5)).toThrow(RangeError);
});

test('frame times are the exact time rounded to the nearest microsecond, for a day at any rate', () => {
  const rates = fc.record({ num: fc.integer({ min: 1, max: 240_000 }), den: fc.constantFrom(1, 1000, 1001) });
  fc.assert(
    fc.property(rates, fc.integer({ min: 0, max: 24 * 3600 * 240 }), ({ num, den }, frame) => {
      // |us × num − frame × den × 10^6| ≤ num / 2, in whole numbers.
      const off = BigInt(frameTimeUs(frame, { num, den })) * BigInt(num) - BigInt(frame) * BigInt(den) * 1_000_000n;
      return (off < 0n ? -off : off) * 2n <= BigInt(num);
    }),
  );
});

test('a day of 29.97 has no drift', () => {
  expect(frameTimeUs(30_000 * 86_400, rational(30_000, 1001))).toBe(1001 * 86_400 * 1_000_000);
});

test('the nearest fraction of small terms is near', () => {
  expect(limitTerms(rational(30_000, 1001), 1_000_000)).toEqual(rational(30_000, 1001));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 1, max: 2 ** 40 }), (a, b) => {
      const value = rational(Math.max(a, Math.ceil(b / 1000)), Math.max(b, Math.ceil(a / 1000)));
      const near = limitTerms(value, 1_000_000);
      expect(Math.max(near.num, near.den)).toBeLessThanOrEqual(1_000_000);
      expect(Math.abs(toNumber(near) / toNumber(value) - 1)).toBeLessThan(1e-5);
    }),
  );
});

test.each([
  [0, '0.000000'],
  [1, '0.000001'],
  [12_345_678, '12.345678'],
  [-1_500_000, '-1.500000'],
])('%d µs are written %s', (us, text) => expect(secondsText(us)).toBe(text));
