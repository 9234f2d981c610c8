import fc from 'fast-check';
import { outlived, shownGeneration } from '../../src/domain/generation.js';
import { NO_PROGRESS, progressAt, STAGES } from '../../src/domain/video.js';

test('progress never falls, over stages and over chunks', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 601 }), (chunksTotal) => {
      const steps = STAGES.flatMap((stage) =>
        stage === 'encode'
          ? Array.from({ length: chunksTotal + 1 }, (_, done) => progressAt(stage, done, chunksTotal))
          : [progressAt(stage, 0, chunksTotal)],
      );
      let last = NO_PROGRESS.percent;
      for (const { percent } of steps) {
        expect(percent).toBeGreaterThanOrEqual(last);
        expect(percent).toBeLessThan(100);
        last = percent;
      }
    }),
    { numRuns: 30 },
  );
});

test('more chunks done than there are do not run into the next stage', () => {
  expect(progressAt('encode', 9, 3).percent).toBeLessThanOrEqual(progressAt('package', 3, 3).percent);
  expect(progressAt('encode', 0, 0).percent).toBe(progressAt('encode', 0, 5).percent);
});

describe('generations that are published', () => {
  const nowMs = Date.parse('2026-11-21T10:00:00.000Z');
  const ago = (ms: number): string => new Date(nowMs - ms).toISOString();
  const kept = (generation: number, more = {}) =>
    ({ generation, state: 'published', live: false, supersededAt: ago(10_000), retiredAt: null, ...more }) as const;

  test('go when they are neither live nor among the newest, and another one has been live for long enough', () => {
    const all = [kept(1), kept(2), kept(3, { live: true, supersededAt: null }), kept(4), kept(5, { supersededAt: ago(500) })];
    const gone = (count: number, supersededMs: number) => outlived(all, { count, supersededMs }, nowMs);
    expect(gone(2, 1_000)).toEqual([4, 2, 1]);
    expect(gone(3, 1_000)).toEqual([2, 1]);
    expect(gone(1, 1_000)).toEqual([4, 2, 1]);
    expect(gone(1, 400)).toEqual([5, 4, 2, 1]);
    expect(gone(2, 20_000)).toEqual([]);
    expect(gone(9, 0)).toEqual([]);
  });

  test('do not count where they failed, or are gone already', () => {
    const all = [
      kept(1),
      kept(2, { retiredAt: ago(1) }),
      kept(3, { state: 'errored', supersededAt: null }),
      kept(4, { live: true, supersededAt: null }),
    ];
    expect(outlived(all, { count: 2, supersededMs: 0 }, nowMs)).toEqual([]);
    expect(outlived(all, { count: 1, supersededMs: 0 }, nowMs)).toEqual([1]);
  });

  test('are what a video tells of itself, but while a newer one is being made', () => {
    expect(shownGeneration({ state: 'preparing', generation: 2, liveGeneration: 1 })).toBe(2);
    expect(shownGeneration({ state: 'ready', generation: 2, liveGeneration: 1 })).toBe(1);
    expect(shownGeneration({ state: 'errored', generation: 2, liveGeneration: null })).toBe(2);
  });
});
