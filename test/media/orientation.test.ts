import { orientationOf } from '../../src/media/orientation.js';

const ONE = 65_536;
const matrix = (a: number, b: number, c: number, d: number): string =>
  `\n00000000: ${[a, b, 0].map((n) => String(n).padStart(11)).join(' ')}\n00000001: ${[c, d, 0].map((n) => String(n).padStart(11)).join(' ')}\n00000002:           0           0  1073741824\n`;

test.each<[string, string, { rotation: number; mirrored?: boolean }]>([
  ['upright', matrix(ONE, 0, 0, ONE), { rotation: 0 }],
  ['a quarter clockwise', matrix(0, ONE, -ONE, 0), { rotation: 90 }],
  ['upside down', matrix(-ONE, 0, 0, -ONE), { rotation: 180 }],
  ['a quarter the other way', matrix(0, -ONE, ONE, 0), { rotation: 270 }],
  ['left for right', matrix(-ONE, 0, 0, ONE), { rotation: 0, mirrored: true }],
  ['top for bottom', matrix(ONE, 0, 0, -ONE), { rotation: 180, mirrored: true }],
  ['along the falling diagonal', matrix(0, ONE, ONE, 0), { rotation: 270, mirrored: true }],
  ['along the rising diagonal', matrix(0, -ONE, -ONE, 0), { rotation: 90, mirrored: true }],
  ['a few degrees off', matrix(65_000, 8_000, -8_000, 65_000), { rotation: 0 }],
  ['larger than life', matrix(0, 2 * ONE, -2 * ONE, 0), { rotation: 90 }],
])('%s', (_name, displaymatrix, expected) => expect(orientationOf([{ displaymatrix, rotation: 45 }])).toEqual(expected));

test.each<[string, Parameters<typeof orientationOf>[0], number]>([
  ['no side data', undefined, 0],
  ['an angle alone, counter-clockwise as ffprobe gives it', [{ rotation: -90 }], 90],
  ['a matrix that turns everything into a line', [{ displaymatrix: matrix(0, 0, 0, ONE), rotation: 180 }], 180],
  ['a text that is no matrix', [{ displaymatrix: 'upright', rotation: 90 }], 270],
  ['other side data first', [{}, { displaymatrix: matrix(-ONE, 0, 0, -ONE) }], 180],
])('%s', (_name, sideData, rotation) => expect(orientationOf(sideData)).toEqual({ rotation }));
