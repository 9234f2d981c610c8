import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../../faults/random.js';
import { CONTROL_WORKER, drawSchedule, type FaultKind, type PlannedFault } from '../../../faults/schedule.js';

const DEADLY: readonly FaultKind[] = ['kill encoder', 'kill control', 'drain'];
const RUNS = { numRuns: 40 };
const wishes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  faults: fc.integer({ min: 1, max: 150 }),
  encoders: fc.integer({ min: 1, max: 5 }),
});

test('a seed decides every number, and another seed gives others', () => {
  const five = (seed: number): number[] => {
    const random = createRandom(seed);
    return [1, 2, 3, 4, 5].map(() => random.next());
  };
  expect(five(7)).toEqual(five(7));
  expect(five(7)).not.toEqual(five(8));
  expect(new Set(five(0)).size).toBe(5);
});

test('numbers fill their range evenly', () => {
  const random = createRandom(3);
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let n = 0; n < 20_000; n += 1) {
    const bucket = Math.floor(random.between(0, 10));
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test('the same seed gives the same schedule', () => {
  fc.assert(
    fc.property(wishes, (wish) => expect(drawSchedule(wish)).toEqual(drawSchedule(wish))),
    RUNS,
  );
  expect(drawSchedule({ seed: 1, faults: 20, encoders: 2 })).not.toEqual(drawSchedule({ seed: 2, faults: 20, encoders: 2 }));
});

test('as many faults as wished, in the order of their times', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const schedule = drawSchedule(wish);
      expect(schedule.map(({ number }) => number)).toEqual(schedule.map((_, index) => index + 1));
      expect(schedule.length).toBe(wish.faults);
      expect(schedule.map(({ atMs }) => atMs)).toEqual(schedule.map(({ atMs }) => atMs).sort((a, b) => a - b));
    }),
    RUNS,
  );
});

test('six faults are two encoders, an ffmpeg, a control worker, a pause and a freeze', () => {
  for (const seed of [1, 2, 3]) {
    const kinds = drawSchedule({ seed, faults: 6, encoders: 2 }).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['freeze', 'kill control', 'kill encoder', 'kill encoder', 'kill ffmpeg', 'pause']);
  }
});

test('a hundred faults have every kind, and freezes outlast the heartbeat time-out of 30 s', () => {
  const schedule = drawSchedule({ seed: 1, faults: 100, encoders: 2 });
  const of = (kind: FaultKind): PlannedFault[] => schedule.filter((fault) => fault.kind === kind);
  expect(['kill encoder', 'kill ffmpeg', 'kill control', 'pause', 'freeze', 'drain'].map((kind) => of(kind as FaultKind).length)).toEqual([
    35, 15, 15, 15, 10, 10,
  ]);
  for (const { lastsMs } of of('freeze')) expect(lastsMs).toBeGreaterThan(30_000);
  for (const { lastsMs } of of('pause')) expect(lastsMs).toBeLessThan(10_000);
});

test('nobody is hit while frozen, and nobody dies so often that the launcher gives it up', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const schedule = drawSchedule(wish);
      const parts = [CONTROL_WORKER, ...Array.from({ length: wish.encoders }, (_, index) => `encoder ${index + 1}`)];
      expect(schedule.every(({ kind, part }) => (kind === 'kill ffmpeg' ? part === null : parts.includes(part ?? '')))).toBe(true);
      for (const part of parts) {
        const hits = schedule.filter((fault) => fault.part === part);
        for (const [index, hit] of hits.entries()) {
          const next = hits[index + 1];
          if (next) expect(next.atMs).toBeGreaterThanOrEqual(hit.atMs + hit.lastsMs - 1);
        }
        const deaths = hits.filter(({ kind }) => DEADLY.includes(kind)).map(({ atMs }) => atMs);
        // Seven deaths in a row, none of them after a minute of life: the eighth would be the last.
        for (let first = 0; first + 6 < deaths.length; first += 1) {
          const gaps = [1, 2, 3, 4, 5, 6].map((n) => (deaths[first + n] ?? 0) - (deaths[first + n - 1] ?? 0));
          expect(Math.max(...gaps)).toBeGreaterThan(75_000);
        }
      }
    }),
    RUNS,
  );
});
