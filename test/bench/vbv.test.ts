import { lowestLevel } from '../../bench/vbv.js';

const vbv = { fps: 10, maxrateKbps: 80, bufsizeKbps: 160 };

test('frames at the cap leave the buffer where it was', () => {
  expect(lowestLevel(Array(100).fill(1000), vbv)).toBeCloseTo(0.9 - 0.05, 6);
});

test('a peak that the buffer holds is within the promise, one that it does not hold is not', () => {
  const calm = Array(20).fill(0);
  expect(lowestLevel([...calm, 20_000, ...calm], vbv)).toBeCloseTo(0, 6);
  expect(lowestLevel([...calm, 12_000, 9_500], vbv)).toBeCloseTo(1 - 0.6 + 0.05 - 0.475, 6);
  expect(lowestLevel([...calm, 20_001], vbv)).toBeLessThan(0);
});

test('a full buffer takes no more: what was saved before does not count without end', () => {
  expect(lowestLevel([...Array(1000).fill(0), ...Array(40).fill(2000)], vbv)).toBeLessThan(0);
});
