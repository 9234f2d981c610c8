import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawDeletions, MOMENTS } from '../../../faults/delete-schedule.js';
import { type DeleteFindings, deletesJson, judgeDeletes } from '../../../faults/delete-verdict.js';
import { isOk } from '../../../faults/verdict.js';

const wishes = fc.record({ seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }), deletions: fc.integer({ min: 1, max: 60 }) });

test('a seed decides every deletion; every moment comes in every round', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const drawn = drawDeletions(wish);
      expect(drawn).toEqual(drawDeletions(wish));
      expect(drawn).toHaveLength(wish.deletions);
      for (let from = 0; from + MOMENTS.length <= drawn.length; from += MOMENTS.length) {
        expect(new Set(drawn.slice(from, from + MOMENTS.length).map(({ moment }) => moment))).toEqual(new Set(MOMENTS));
      }
      for (const part of ['API', 'control worker']) expect(drawn.filter(({ kill }) => kill?.part === part).length).toBeLessThanOrEqual(3);
      for (const { moment, wakeMs } of drawn) expect(wakeMs > 0).toBe(moment === 'zombie');
    }),
    { numRuns: 50 },
  );
});

const clean: DeleteFindings = {
  wanted: 2,
  given: 2,
  states: { ready: 2 },
  slowestMs: 12,
  refused: [],
  visible: [],
  alive: [],
  told: [],
  unpurged: [],
  objects: [],
  multiparts: [],
  running: [],
  failed: [],
  hurt: [],
};

test('a run without a finding is ok, and each kind of finding alone breaks it', () => {
  expect(isOk(judgeDeletes(clean))).toBe(true);
  expect(deletesJson(clean, { seed: 1, wallS: 1 })).toMatchObject({ seed: 1, deletions_given: clean.given, wall_s: 1 });
  const lists = Object.entries(clean).flatMap(([name, value]) => (Array.isArray(value) ? [name] : []));
  expect(lists).toHaveLength(10);
  for (const name of lists) expect([name, isOk(judgeDeletes({ ...clean, [name]: ['one'] }))]).toEqual([name, false]);
  expect(isOk(judgeDeletes({ ...clean, given: 1 }))).toBe(false);
});
