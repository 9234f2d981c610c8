import { pauseAfter } from '../../client/pauses.js';

test('pauses double up to a limit, and are spread over their upper half', () => {
  expect([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, 0.999999))).toEqual([200, 400, 800, 1600]);
  expect([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, 0))).toEqual([100, 200, 400, 800]);
  expect([8, 50, 5_000].map((attempt) => pauseAfter(attempt, 0))).toEqual([7_500, 7_500, 7_500]);
  const drawn = Array.from({ length: 200 }, () => pauseAfter(3));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(400);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(800);
  expect(new Set(drawn).size).toBeGreaterThan(20);
});
