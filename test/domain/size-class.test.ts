import { expect, test } from '@jest/globals';
import { nextSizeClass, sizeClassFor } from '../../src/domain/size-class.js';

test.each([
  [640, 360, 'small'],
  [720, 1280, 'small'],
  [1920, 1080, 'medium'],
  [2560, 1440, 'medium'],
  [3840, 2160, 'large'],
] as const)('%d × %d is %s', (width, height, size) => {
  expect(sizeClassFor({ width, height })).toBe(size);
});

test('what is too large for a class moves up, until there is no more', () => {
  expect([nextSizeClass('small'), nextSizeClass('medium'), nextSizeClass('large')]).toEqual(['medium', 'large', null]);
});
