import { decideColour } from '../../src/domain/decide-colour.js';
import type { ColourPlan } from '../../src/domain/plan.js';
import type { VideoFacts } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';

type Color = VideoFacts['color'];

const facts = (color: Partial<Color>, video: Partial<VideoFacts>): VideoFacts => ({
  ...{ streamIndex: 0, codec: 'h264', profile: 'High', width: 1920, height: 1080, sampleAspect: rational(1), rotation: 0 },
  ...{ pixelFormat: 'yuv420p', fieldOrder: 'progressive', averageRate: rational(25), baseRate: rational(25) },
  ...{ packetCount: 1500, startUs: 0, durationUs: 60_000_000 },
  color: { primaries: 'bt709', transfer: 'bt709', space: 'bt709', range: 'tv', ...color },
  ...video,
});

const BT709: ColourPlan = { convert: 'none', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'tv' };
const SILENT: Color = { primaries: 'unknown', transfer: 'unknown', space: 'unknown', range: 'unknown' };
const SD = { width: 720, height: 576 };
const HDR10: Color = { primaries: 'bt2020', transfer: 'smpte2084', space: 'bt2020nc', range: 'tv' };
const PHONE = 'yuv420p10le';

test.each<[string, Partial<Color>, Partial<VideoFacts>, Partial<ColourPlan>, string[]]>([
  ['BT.709', {}, {}, {}, []],
  ['BT.709 of 10 bits', {}, { pixelFormat: 'yuv422p10le' }, {}, ['BITS_REDUCED']],
  ['BT.709 with alpha of 12 bits', {}, { pixelFormat: 'yuva444p12le' }, {}, ['BITS_REDUCED']],
  ['a curve like that of BT.709', { transfer: 'iec61966-2-1' }, {}, {}, []],
  ['full range', { range: 'pc' }, {}, { convert: 'gamut', range: 'pc' }, ['COLOUR_CONVERTED']],
  ['full range by name', {}, { pixelFormat: 'yuvj422p' }, { convert: 'gamut', range: 'pc' }, ['COLOUR_CONVERTED']],
  ['RGB', SILENT, { pixelFormat: 'gbrp' }, { convert: 'gamut', matrix: 'gbr', range: 'pc' }, ['COLOUR_CONVERTED']],
  ['grey', {}, { pixelFormat: 'gray' }, { convert: 'gamut' }, ['COLOUR_CONVERTED']],
  ['BT.601', { space: 'bt470bg', primaries: 'bt470bg' }, SD, { convert: 'gamut', matrix: 'bt470bg', primaries: 'bt470bg' }, ['COLOUR_CONVERTED']],
  [
    'BT.601 without primaries',
    { space: 'smpte170m', primaries: 'unknown' },
    {},
    { convert: 'gamut', matrix: 'smpte170m' },
    ['COLOUR_ASSUMED', 'COLOUR_CONVERTED'],
  ],
  ['Display P3', { primaries: 'smpte432' }, {}, { convert: 'gamut', primaries: 'smpte432' }, ['COLOUR_CONVERTED']],
  ['silence at 1080 lines', SILENT, {}, {}, ['COLOUR_ASSUMED']],
  ['silence at 1080 lines upright', SILENT, { width: 1080, height: 1920 }, {}, ['COLOUR_ASSUMED']],
  ['silence at 576 lines', SILENT, SD, { convert: 'gamut', matrix: 'smpte170m' }, ['COLOUR_ASSUMED', 'COLOUR_CONVERTED']],
  ['silence at 600 lines', SILENT, { width: 800, height: 600 }, {}, ['COLOUR_ASSUMED']],
  ['silence but for BT.709 primaries', { ...SILENT, primaries: 'bt709' }, SD, {}, ['COLOUR_ASSUMED']],
  ['a matrix that nobody knows', { space: 'reserved' }, {}, {}, ['COLOUR_ASSUMED']],
  [
    'BT.2020',
    { space: 'bt2020nc', primaries: 'bt2020', transfer: 'bt2020-10' },
    {},
    { convert: 'gamut', matrix: 'bt2020nc', primaries: 'bt2020' },
    ['COLOUR_CONVERTED'],
  ],
  [
    'HDR10',
    HDR10,
    { pixelFormat: PHONE },
    { convert: 'tone-map', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
    ['TONE_MAPPED', 'BITS_REDUCED'],
  ],
  [
    'HLG',
    { ...HDR10, transfer: 'arib-std-b67' },
    { pixelFormat: PHONE },
    { convert: 'tone-map', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'arib-std-b67' },
    ['TONE_MAPPED', 'BITS_REDUCED'],
  ],
  [
    'PQ and no more',
    { ...SILENT, transfer: 'smpte2084' },
    SD,
    { convert: 'tone-map', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
    ['TONE_MAPPED', 'COLOUR_ASSUMED'],
  ],
])('%s', (_name, color, video, expected, codes) => {
  const { colour, decisions } = decideColour(facts(color, video));
  expect(colour).toEqual({ ...BT709, ...expected });
  expect(decisions.map(({ code }) => code)).toEqual(codes);
});

test('says in words what was missing, what was taken and what was done', () => {
  const texts = (color: Partial<Color>, video: Partial<VideoFacts>) => decideColour(facts(color, video)).decisions.map(({ text }) => text);
  expect(texts(SILENT, SD)).toEqual([
    'The source does not say its colour matrix and primaries; it is taken for matrix BT.601 (525 lines), primaries BT.709, by its size.',
    'The colours of the source (BT.601 (525 lines), limited range) are converted to BT.709 of limited range, which every player shows rightly.',
  ]);
  expect(texts({ space: 'bt2020nc', primaries: 'bt2020', range: 'pc' }, { pixelFormat: 'yuv420p12le' })).toEqual([
    'The colours of the source (BT.2020 with primaries BT.2020, full range) are converted to BT.709 of limited range, which every player shows rightly.',
    'The source has 12 bits a sample; the result has 8.',
  ]);
});
