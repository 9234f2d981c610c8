import type { DecisionCode } from '../../src/domain/decision-codes.js';
import type { HonestRow } from '../row.js';
import { type Coding, coded, h264 } from '../scene.js';
import { row, seen } from './plain.js';

const h265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:crf=6:keyint=25'];
const BT2020 = { matrix: 'bt2020nc', primaries: 'bt2020' } as const;
const TEN = 'yuv420p10le';

const colour = (
  name: string,
  coding: Partial<Coding>,
  decisions: readonly DecisionCode[],
  how: { args?: readonly string[]; width?: number; height?: number; without?: DecisionCode[] } = {},
): HonestRow => {
  const scene = { width: how.width ?? 320, height: how.height ?? 180 };
  const short = Math.min(scene.height, scene.width);
  // From 480 lines on a row of the ladder is the largest quality.
  const size = short >= 480 ? { width: Math.round((scene.width * 480) / short / 2) * 2, height: 480 } : scene;
  return row(['colour', name, 'colour.mkv'], seen(scene, { ...size, decisions, ...(how.without ? { without: how.without } : {}) }), {
    scene,
    args: [...coded(coding), ...(how.args ?? h264())],
  });
};

/** Every way to code colours that is met, in the same patches. */
export const COLOURS: readonly HonestRow[] = [
  colour('BT.709', {}, [], { without: ['COLOUR_CONVERTED', 'COLOUR_ASSUMED', 'TONE_MAPPED'] }),
  colour('BT.709, 10 bits', { pixels: TEN }, ['BITS_REDUCED'], { args: h265 }),
  colour('BT.709, 4:2:2', { pixels: 'yuv422p' }, []),
  colour('BT.709, full range', { range: 'pc' }, ['COLOUR_CONVERTED']),
  colour('BT.601, 525 lines', { matrix: 'smpte170m', primaries: 'smpte170m', transfer: 'smpte170m' }, ['COLOUR_CONVERTED']),
  colour('BT.601, 625 lines', { matrix: 'bt470bg', primaries: 'bt470bg', transfer: 'smpte170m' }, ['COLOUR_CONVERTED']),
  colour('BT.601, full range', { matrix: 'smpte170m', range: 'pc' }, ['COLOUR_CONVERTED']),
  colour('BT.2020, SDR', { ...BT2020, transfer: 'bt2020-10', pixels: TEN }, ['COLOUR_CONVERTED', 'BITS_REDUCED'], { args: h265 }),
  colour('Display P3', { primaries: 'smpte432' }, ['COLOUR_CONVERTED']),
  colour('HDR10 (PQ)', { ...BT2020, transfer: 'smpte2084', pixels: TEN }, ['TONE_MAPPED', 'BITS_REDUCED'], { args: h265 }),
  colour('HLG', { ...BT2020, transfer: 'arib-std-b67', pixels: TEN }, ['TONE_MAPPED', 'BITS_REDUCED'], { args: h265 }),
  colour('HLG, larger than its qualities', { ...BT2020, transfer: 'arib-std-b67', pixels: TEN }, ['TONE_MAPPED'], {
    args: h265,
    width: 960,
    height: 540,
  }),
  colour('untagged, small: BT.601', { matrix: 'smpte170m', tagged: false }, ['COLOUR_ASSUMED', 'COLOUR_CONVERTED']),
  colour('untagged, 600 lines: BT.709', { tagged: false }, ['COLOUR_ASSUMED'], { width: 800, height: 600, without: ['COLOUR_CONVERTED'] }),
  row(['colour', 'RGB', 'colour.mkv'], seen({}, { decisions: ['COLOUR_CONVERTED'] }), {
    args: ['-c:v', 'libx264rgb', '-preset', 'ultrafast', '-qp', '8', '-pix_fmt', 'rgb24'],
  }),
];
