import fc from 'fast-check';
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
