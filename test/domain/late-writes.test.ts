import fc from 'fast-check';
import { pauseBeforeNextLook } from '../../src/domain/late-writes.js';

const lateWritesMs = 3_900_000;

/** Looks as the workflow takes them; `found` says at which ages there is something. The ages of all looks. */
function looksUntilOver(found: (ageMs: number) => boolean): number[] {
  const ages: number[] = [];
  for (let ageMs = 200; ; ) {
    ages.push(ageMs);
    const pauseMs = pauseBeforeNextLook({ ageMs, found: found(ageMs), lateWritesMs });
    if (pauseMs === null) return ages;
    expect(pauseMs).toBeGreaterThan(0);
    ageMs += pauseMs;
  }
}

test('looks soon, then ever less often, and the last look begins when nothing can come any more', () => {
  const ages = looksUntilOver((ageMs) => ageMs < 1_000);
  expect(ages[1]).toBeLessThan(10_000);
  expect(ages.at(-1)).toBeGreaterThanOrEqual(lateWritesMs);
  expect(ages.at(-2)).toBeLessThan(lateWritesMs);
  expect(ages.length).toBeLessThan(14);
});

test('what comes at any moment is met by a look that is at most twice as late, or five seconds later', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: lateWritesMs }), (writtenMs) => {
      let left = true;
      const ages = looksUntilOver((ageMs) => {
        const met = left && ageMs >= writtenMs;
        if (met) left = false;
        return met;
      });
      const met = ages.find((ageMs) => ageMs >= writtenMs) ?? Number.POSITIVE_INFINITY;
      expect(left).toBe(false);
      expect(met).toBeLessThanOrEqual(Math.max(2 * writtenMs, writtenMs + 5_000));
    }),
  );
});

test('is not over as long as a look finds something, however late it is', () => {
  const ages = looksUntilOver((ageMs) => ageMs < 5 * lateWritesMs);
  expect(ages.at(-1)).toBeGreaterThanOrEqual(5 * lateWritesMs);
  for (const [index, ageMs] of ages.slice(1).entries()) expect(ageMs - (ages[index] ?? 0)).toBeLessThanOrEqual(3_600_000);
});
