import type { ColourPlan, Plan, VideoPlan } from '../domain/plan.js';

/** Diffuse white of an HDR picture, cd/m² (ITU-R BT.2408): what becomes of it is the white of a page, with room for highlights above. */
const HDR_WHITE_NITS = 203;
/**
 * The brightest light that is kept apart from the next, the same in every chunk: what frames say of their own peak
 * stands at some key frames only, and a seek would miss it.
 */
const HDR_PEAK_NITS = 1000;

/**
 * ffmpeg's own deinterlacer; one whole frame for two fields, so that the rate stays. Fields are rows of the picture as it is
 * stored, and ffmpeg turns it before it comes here: so it is turned back for the moment, which loses nothing.
 */
export function fieldFilters({ deinterlace, deinterlaceMarked, turned }: VideoPlan): string[] {
  const joined = deinterlace ? ['bwdif=mode=send_frame'] : deinterlaceMarked ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
  const turn = joined.length > 0 && turned && TURNS[`${turned.rotation}${turned.mirrored ? ' mirrored' : ''}`];
  return turn ? [turn.back, ...joined, turn.again] : joined;
}

/** What undoes ffmpeg's turn as far as rows are concerned, and what does it again. */
const TURNS: Readonly<Record<string, { readonly back: string; readonly again: string }>> = {
  '90': { back: 'transpose=cclock', again: 'transpose=clock' },
  '270': { back: 'transpose=clock', again: 'transpose=cclock' },
  '90 mirrored': { back: 'transpose=clock_flip', again: 'transpose=clock_flip' },
  '270 mirrored': { back: 'transpose=cclock_flip', again: 'transpose=cclock_flip' },
  '180': { back: 'vflip', again: 'vflip' },
  '180 mirrored': { back: 'vflip', again: 'vflip' },
};

/**
 * What makes the grid's frames BT.709, once, before they are shared out to the qualities and pictures. Of a
 * picture that is converted, that is done at the size of the largest quality: in floats at a source's 4K it would
 * cost several times as much, and nothing larger is ever shown. ffmpeg itself turns and mirrors them before: told not to,
 * it would copy the display matrix of the source into every quality.
 */
export function normaliseFilters({ video, rungs }: Pick<Plan, 'video' | 'rungs'>): string[] {
  const { colour } = video;
  const [largest] = rungs;
  if (colour && largest) return colourFilters(colour, `${largest.width}:${largest.height}`);
  // An older plan. zscale 5.1 refuses RGB without tags, and leaves full range full.
  return video.convertPixels ? [`scale=out_range=tv:${SWSCALE_FLAGS}+full_chroma_int`, 'format=yuv444p'] : [];
}

const BT709 = 'matrix=bt709:primaries=bt709:transfer=bt709:range=limited';

function colourFilters(colour: ColourPlan, size: string): string[] {
  // From here on nothing is a field, and no frame's own claim is asked.
  const whole = 'setparams=field_mode=prog';
  if (colour.convert === 'none') return [`${whole}:range=limited:color_primaries=bt709:color_trc=bt709:colorspace=bt709`];
  const from = `matrixin=${colour.matrix}:primariesin=${colour.primaries}:transferin=${colour.transfer}:rangein=${colour.range === 'pc' ? 'full' : 'limited'}`;
  const read = `zscale=${size}:filter=bicubic:${from}`;
  if (colour.convert === 'gamut') return [whole, `${read}:${BT709}`, 'format=yuv420p'];
  return [
    ...[whole, `${read}:matrix=gbr:primaries=bt709:transfer=linear:range=full:npl=${HDR_WHITE_NITS}`, 'format=gbrpf32le'],
    // mobius: up to 0.3 of white light stays as it is, so faces and what is darker keep their colours; above it is bent below 1.
    `tonemap=mobius:desat=0:peak=${(HDR_PEAK_NITS / HDR_WHITE_NITS).toFixed(3)}`,
    `zscale=matrixin=gbr:primariesin=bt709:transferin=linear:rangein=full:${BT709}`,
    'format=yuv420p',
  ];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** zscale: docs/decisions/008 says what swscale would cost. */
const resize = ({ width, height }: Size): string => `zscale=${width}:${height}:filter=bicubic`;

const SWSCALE_FLAGS = 'flags=bicubic+accurate_rnd+bitexact';
/** What pictures of older plans were made with, whose matrix and range are as they came. */
const olderPicture = ({ width, height }: Size): string => `scale=${width}:${height}:${SWSCALE_FLAGS},setsar=1`;

/** One quality of the normalised picture, in 8 bits. */
export const qualityFilters = ({ colour }: VideoPlan, size: Size): string => `${resize(size)},${colour ? 'format=yuv420p,' : ''}setsar=1`;

/** A storyboard tile: JPEG is BT.601 of full range, whatever is written beside it. */
export const tileFilters = ({ colour }: VideoPlan, size: Size): string =>
  colour ? `${resize(size)}:matrix=smpte170m:range=full,format=yuvj420p,setsar=1` : olderPicture(size);

/** The poster's lossless picture. */
export const posterFilters = ({ colour }: VideoPlan, size: Size): string =>
  colour ? `${resize(size)}:matrix=gbr:range=full,format=gbrp,setsar=1` : olderPicture(size);
