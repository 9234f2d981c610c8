import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimateEta } from '../../src/domain/eta.js';

test('nothing is promised before a chunk is done', () => {
  expect(estimateEta({ samples: [], totalFrames: 100, elapsedMs: 1000 })).toBeNull();
});

test('two encoders at a steady pace: the truth lies in the range, and the range narrows', () => {
  const at = (done: number) => {
    const samples = Array.from({ length: done }, () => ({ frameCount: 600, wallMs: 10_000 }));
    return estimateEta({ samples, totalFrames: 600 * 20, elapsedMs: (done / 2) * 10_000 });
  };
  const [early, late] = [at(2), at(16)];
  expect(early).toEqual({ low: expect.any(Number), high: expect.any(Number) });
  expect([(early?.low ?? 0) <= 90, (early?.high ?? 0) >= 90]).toEqual([true, true]);
  expect([(late?.low ?? 0) <= 21, (late?.high ?? 0) >= 20]).toEqual([true, true]);
  expect((late?.high ?? 0) - (late?.low ?? 0)).toBeLessThan((early?.high ?? 0) - (early?.low ?? 0));
});

test('it is a range, finite and not negative, whatever was measured', () => {
  const sample = fc.record({ frameCount: fc.integer({ min: 1, max: 3600 }), wallMs: fc.integer({ min: 1, max: 1e6 }) });
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 1e6 }),
      fc.integer({ min: 1, max: 1e8 }),
      (samples, more, elapsedMs) => {
        const totalFrames = samples.reduce((sum, each) => sum + each.frameCount, 0) + more;
        const eta = estimateEta({ samples, totalFrames, elapsedMs });
        return eta !== null && eta.low >= 0 && eta.high >= eta.low && Number.isFinite(eta.high);
      },
    ),
  );
});
