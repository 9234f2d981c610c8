import type { HonestRow } from '../row.js';
import { coded, h264, PATCHES } from '../scene.js';
import { row, seen } from './plain.js';

const ONE = 65_536;
const [A, B, C, D] = PATCHES;

/** The display matrix in the header of the first track: a, b, c, d of it. */
const withMatrix =
  (a: number, b: number, c: number, d: number) =>
  (bytes: Buffer): Buffer => {
    const head = bytes.indexOf('tkhd');
    if (head < 0) throw new Error('no track header');
    // Behind the type: version and flags, and nine fields of four bytes, of version 0.
    const matrix = head + 4 + 40;
    for (const [place, value] of [a, b, 0, c, d, 0].entries()) bytes.writeInt32BE(value * ONE, matrix + place * 4);
    return bytes;
  };

const upright = { width: 320, height: 180 };
const turned = { width: 180, height: 320 };

/** Every way in which a display matrix can put a picture, and how the corners are then seen. */
const MATRICES: readonly (readonly [
  string,
  readonly [number, number, number, number],
  readonly string[],
  { width: number; height: number },
  readonly ('ROTATED' | 'MIRRORED')[],
])[] = [
  ['as it is', [1, 0, 0, 1], [A, B, C, D], upright, []],
  ['turned 90°', [0, 1, -1, 0], [C, A, D, B], turned, ['ROTATED']],
  ['turned 180°', [-1, 0, 0, -1], [D, C, B, A], upright, ['ROTATED']],
  ['turned 270°', [0, -1, 1, 0], [B, D, A, C], turned, ['ROTATED']],
  ['left for right', [-1, 0, 0, 1], [B, A, D, C], upright, ['MIRRORED']],
  ['top for bottom', [1, 0, 0, -1], [C, D, A, B], upright, ['MIRRORED', 'ROTATED']],
  ['falling diagonal', [0, 1, 1, 0], [A, C, B, D], turned, ['MIRRORED', 'ROTATED']],
  ['rising diagonal', [0, -1, -1, 0], [D, B, C, A], turned, ['MIRRORED', 'ROTATED']],
];

const turns: HonestRow[] = MATRICES.map(([name, matrix, corners, size, decisions]) =>
  row(
    ['turned', name, 'phone.mp4'],
    seen({}, { ...size, corners, decisions, ...(decisions.length === 0 ? { without: ['ROTATED', 'MIRRORED'] } : {}) }),
    {
      patch: withMatrix(...matrix),
    },
  ),
);

const stored = (name: string, scene: { width: number; height: number }, more: Parameters<typeof seen>[1], sar?: string): HonestRow =>
  row(['shape', name, 'shape.mkv'], seen(scene, more), { scene, ...(sar ? { args: [...coded({}, []), ...h264('-aspect', sar)] } : {}) });

export const SHAPES: readonly HonestRow[] = [
  ...turns,
  row(
    ['turned', 'turned 90° and not square', 'phone.mp4'],
    seen({}, { width: 180, height: 480, corners: [C, A, D, B], decisions: ['ROTATED', 'SQUARE_PIXELS', 'PORTRAIT'] }),
    {
      args: [...coded(), ...h264('-aspect', '480:180')],
      patch: withMatrix(0, 1, -1, 0),
    },
  ),
  stored('portrait', { width: 180, height: 320 }, { decisions: ['PORTRAIT', 'OWN_SIZE', 'NO_480P'] }),
  stored(
    'portrait of 608 × 1080',
    { width: 608, height: 1080 },
    { width: 480, height: 852, decisions: ['PORTRAIT', 'NO_720P'], without: ['NO_480P'] },
  ),
  stored('a strip, 21:9', { width: 420, height: 180 }, {}),
  stored('a square', { width: 200, height: 200 }, {}),
  row(['shape', 'odd sides', 'shape.mkv'], seen({ width: 321, height: 181 }), {
    scene: { width: 321, height: 181 },
    args: [...coded({ pixels: 'yuv444p' }), ...h264()],
  }),
  stored('anamorphic, 16:11', { width: 220, height: 180 }, { width: 320, height: 180, decisions: ['SQUARE_PIXELS'] }, '320:180'),
  stored('high pixels, 8:9', { width: 360, height: 180 }, { width: 320, height: 180, decisions: ['SQUARE_PIXELS'] }, '320:180'),
  stored('never enlarged', { width: 320, height: 180 }, { decisions: ['NO_1080P', 'NO_720P', 'NO_480P', 'OWN_SIZE'] }),
];
