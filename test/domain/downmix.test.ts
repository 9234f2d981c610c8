import { downmixOf } from '../../src/domain/downmix.js';

const gainsOf = (channels: number, layout: string | null) => new Map((downmixOf(channels, layout) ?? []).map((row) => [row.channel, row]));

test('one channel and two are left as they are', () => {
  expect(downmixOf(1, 'mono')).toBeNull();
  expect(downmixOf(2, null)).toBeNull();
});

test.each([
  [6, '5.1'],
  [6, '5.1(side)'],
  [8, '7.1'],
  [3, '3.0'],
  [7, '6.1'],
])('%d channels as %s keep the centre whole, and nothing behind is louder', (channels, layout) => {
  const gains = gainsOf(channels, layout);
  const { left, right } = gains.get('FC') ?? { left: 0, right: 0 };
  expect(left ** 2 + right ** 2).toBeCloseTo(1, 2);
  expect(left).toBe(right);
  for (const back of ['BL', 'BR', 'SL', 'SR', 'BC']) expect(Math.max(gains.get(back)?.left ?? 0, gains.get(back)?.right ?? 0)).toBeLessThan(left);
  expect(gains.has('LFE')).toBe(false);
});

test.each([
  [8, null],
  [16, 'hexadecagonal'],
])('of %d channels without a layout that is known none is lost', (channels, layout) => {
  const gains = [...gainsOf(channels, layout).values()];
  expect(gains.map((row) => row.channel)).toEqual(Array.from({ length: channels }, (_, n) => `c${n}`));
  expect(gains.every((row) => row.left + row.right > 0)).toBe(true);
  expect(gains[2]).toMatchObject({ left: Math.SQRT1_2, right: Math.SQRT1_2 });
});
