import { loudness, onsets, roughness, type Sound } from '../../honest/sound.js';

const RATE = 48_000;
const made = (level: (n: number) => number, startS = 0): Sound => ({
  samples: Int16Array.from({ length: RATE }, (_, n) => Math.round(level(n))),
  startS,
});
const tone = (n: number): number => 3000 * Math.sin((2 * Math.PI * 220 * n) / RATE);

test('a beep is found where it begins, on the time line of the track', () => {
  const beep = (from: number) => (n: number) => (n >= from && n < from + 2400 ? 20_000 : 0);
  expect(onsets(made(beep(12_000)))).toEqual([0.25]);
  expect(onsets(made(beep(12_000), -0.021))[0]).toBeCloseTo(0.229, 6);
  expect(onsets(made(() => 0))).toEqual([]);
});

test('a lost sample is rough where it was, and nowhere else', () => {
  const whole = made(tone);
  const lost = made((n) => tone(n < 24_000 ? n : n + 30));
  expect(roughness(lost, 0.5)).toBeGreaterThan(roughness(whole, 0.5) * 4 + 20);
  expect(roughness(lost, 0.3)).toBeLessThanOrEqual(roughness(whole, 0.3) + 4);
});

test('silence is told from a tone', () => {
  expect(loudness(made(tone), 0.5)).toBeGreaterThan(1500);
  expect(
    loudness(
      made((n) => (Math.abs(n - 24_000) < 480 ? 0 : tone(n))),
      0.5,
    ),
  ).toBe(0);
});
