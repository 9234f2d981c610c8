import { plainProgressText, progressText, secondsLeft, timeText } from '../../cli/progress-text.js';
import { createTransferRate } from '../../cli/transfer-rate.js';

test.each([
  [9, '0:09'],
  [90, '1:30'],
  [3_599, '59:59'],
  [11_100, '3:05:00'],
])('%d s are %s', (seconds, text) => expect(timeText(seconds)).toBe(text));

test('a line tells share, size, rate and what is left', () => {
  const half = { movedBytes: 500_000_000, sizeBytes: 1_000_000_000, perSecond: 10_000_000 };
  expect(plainProgressText(half)).toBe(' 50 % of 1.0 GB  10.0 MB/s  0:50 left');
  expect(progressText(half)).toBe(`${'━'.repeat(12)}${'─'.repeat(12)}  50 % of 1.0 GB  10.0 MB/s  0:50 left`);
});

test('what is not known is not told, and it never shows more than all', () => {
  expect(plainProgressText({ movedBytes: 0, sizeBytes: 1000, perSecond: null })).toBe('  0 % of 1.0 kB');
  expect(secondsLeft({ movedBytes: 0, sizeBytes: 1000, perSecond: 0 })).toBeNull();
  expect(plainProgressText({ movedBytes: 1100, sizeBytes: 1000, perSecond: 5 })).toContain('100 % of');
  expect(plainProgressText({ movedBytes: 0, sizeBytes: 0, perSecond: null })).toBe('100 % of 0 B');
  expect(plainProgressText({ movedBytes: 999, sizeBytes: 1000, perSecond: null })).toContain(' 99 % of');
});

test('the rate is that of the last seconds, and not known at once', () => {
  const rate = createTransferRate(10_000);
  rate.note(0, 0);
  expect(rate.perSecond(100)).toBeNull();
  rate.note(1_000, 1_000_000);
  expect(rate.perSecond(1_000)).toBe(1_000_000);
  for (let second = 2; second <= 30; second += 1) rate.note(second * 1_000, 1_000_000 + (second - 1) * 100);
  expect(rate.perSecond(30_000)).toBeCloseTo(100, 0);
});

test('a transfer that stands still becomes slow, and one that falls back begins anew', () => {
  const rate = createTransferRate(10_000);
  rate.note(0, 0);
  rate.note(1_000, 1_000_000);
  expect(rate.perSecond(10_000)).toBe(100_000);
  rate.note(11_000, 500_000);
  expect(rate.perSecond(11_200)).toBeNull();
  rate.note(12_000, 600_000);
  expect(rate.perSecond(12_000)).toBe(100_000);
});

test('thousands of marks a second are kept as few', () => {
  const rate = createTransferRate();
  for (let ms = 0; ms <= 20_000; ms += 1) rate.note(ms, ms * 1_000);
  expect(rate.perSecond(20_000)).toBeGreaterThan(950_000);
  expect(rate.perSecond(20_000)).toBeLessThan(1_050_000);
});
