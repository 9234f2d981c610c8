import type { Plan, VideoPlan } from '../../src/domain/plan.js';
import { fieldFilters, normaliseFilters, posterFilters, qualityFilters, tileFilters } from '../../src/media/picture-filters.js';
import { tinyPlan } from './encode-all.js';

const BT709 = { convert: 'none', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'tv' } as const;
const planOf = (video: Partial<VideoPlan>): Plan => tinyPlan({ rate: { num: 25, den: 1 }, frameCount: 50, video });
const filters = (video: Partial<VideoPlan>): string => normaliseFilters(planOf(video)).join(',');

test('a picture that is BT.709 already is only told so, whatever its frames claim', () =>
  expect(filters({ colour: BT709 })).toBe('setparams=field_mode=prog:range=limited:color_primaries=bt709:color_trc=bt709:colorspace=bt709'));

test('another way to code colours is converted once, at the size of the largest quality', () =>
  expect(filters({ colour: { ...BT709, convert: 'gamut', matrix: 'smpte170m', range: 'pc' } })).toBe(
    'setparams=field_mode=prog,zscale=160:120:filter=bicubic:matrixin=smpte170m:primariesin=bt709:transferin=bt709:rangein=full' +
      ':matrix=bt709:primaries=bt709:transfer=bt709:range=limited,format=yuv420p',
  ));

test('HDR is mapped in linear light, with a white and a peak that are the same in every chunk', () =>
  expect(filters({ colour: { ...BT709, convert: 'tone-map', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' } })).toBe(
    'setparams=field_mode=prog,zscale=160:120:filter=bicubic:matrixin=bt2020nc:primariesin=bt2020:transferin=smpte2084:rangein=limited' +
      ':matrix=gbr:primaries=bt709:transfer=linear:range=full:npl=203,format=gbrpf32le,tonemap=mobius:desat=0:peak=4.926' +
      ',zscale=matrixin=gbr:primariesin=bt709:transferin=linear:rangein=full:matrix=bt709:primaries=bt709:transfer=bt709:range=limited,format=yuv420p',
  ));

test('fields are joined where the file says so, or where frames may', () => {
  expect(fieldFilters(planOf({ deinterlace: true }).video)).toEqual(['bwdif=mode=send_frame']);
  expect(fieldFilters(planOf({ deinterlaceMarked: true }).video)).toEqual(['bwdif=mode=send_frame:deint=interlaced']);
  expect(fieldFilters(planOf({}).video)).toEqual([]);
});

test('fields of a turned picture are joined as they are stored, and those of none are not', () => {
  const turned = { rotation: 90 };
  expect(fieldFilters(planOf({ deinterlace: true, turned }).video)).toEqual(['transpose=cclock', 'bwdif=mode=send_frame', 'transpose=clock']);
  expect(fieldFilters(planOf({ turned }).video)).toEqual([]);
});

test('plans from before colours were decided are made as they were', () => {
  const { video } = planOf({});
  const size = { width: 80, height: 60 };
  expect(filters({})).toBe('');
  expect(filters({ convertPixels: true })).toBe('scale=out_range=tv:flags=bicubic+accurate_rnd+bitexact+full_chroma_int,format=yuv444p');
  expect(qualityFilters(video, size)).toBe('zscale=80:60:filter=bicubic,setsar=1');
  for (const make of [tileFilters, posterFilters]) expect(make(video, size)).toBe('scale=80:60:flags=bicubic+accurate_rnd+bitexact,setsar=1');
});
