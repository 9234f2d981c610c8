import type { Decision } from './decision-codes.js';
import type { ColourPlan } from './plan.js';
import type { VideoFacts } from './probe.js';

/**
 * How the pixels of a source are to be read, and what is done to make BT.709 of limited range of them. Nothing is left
 * to a filter's own guess: where the file is silent, what its kind mostly means is taken, and said.
 */
export function decideColour(video: VideoFacts): { colour: ColourPlan; decisions: Decision[] } {
  const { color, pixelFormat } = video;
  const rgb = /^(gbr|rgb|bgr|argb|abgr|0rgb)/.test(pixelFormat);
  const hdr = HDR_TRANSFERS[color.transfer];
  const matrix = rgb ? 'gbr' : (known(MATRICES, color.space) ?? guessedMatrix(video));
  const primaries = known(PRIMARIES, color.primaries) ?? (hdr || matrix.startsWith('bt2020') ? 'bt2020' : 'bt709');
  const range = rgb || color.range === 'pc' || pixelFormat.startsWith('yuvj') ? 'pc' : 'tv';
  const plain = matrix === 'bt709' && primaries === 'bt709' && range === 'tv' && PLANAR_YUV.test(pixelFormat);
  const convert = hdr ? 'tone-map' : plain ? 'none' : 'gamut';
  const decisions: Decision[] = [];
  if (hdr) {
    const text = `The source is HDR (${hdr}); its brightness and colours are mapped to those of ordinary screens (BT.709). White keeps its place below the highlights; what is brighter than 1000 cd/m² is cut.`;
    decisions.push({ code: 'TONE_MAPPED', text });
  }
  const missing = rgb ? [] : unsaid(video);
  if (missing.length > 0) {
    const taken = [`matrix ${NAMES[matrix] ?? matrix}`, ...(missing.includes('primaries') ? [`primaries ${NAMES[primaries] ?? primaries}`] : [])];
    const why = known(MATRICES, color.space) === null ? `, by its ${hdr ? 'HDR' : 'size'}` : '';
    decisions.push({
      code: 'COLOUR_ASSUMED',
      text: `The source does not say its colour ${missing.join(' and ')}; it is taken for ${taken.join(', ')}${why}.`,
    });
  }
  if (convert === 'gamut') {
    const from = rgb
      ? 'RGB'
      : `${NAMES[matrix] ?? matrix}${primaries === 'bt709' ? '' : ` with primaries ${NAMES[primaries] ?? primaries}`}, ${range === 'pc' ? 'full' : 'limited'} range`;
    decisions.push({
      code: 'COLOUR_CONVERTED',
      text: `The colours of the source (${from}) are converted to BT.709 of limited range, which every player shows rightly.`,
    });
  }
  const bits = bitsOf(pixelFormat);
  if (bits > 8) decisions.push({ code: 'BITS_REDUCED', text: `The source has ${bits} bits a sample; the result has 8.` });
  return { colour: { convert, matrix, primaries, transfer: hdr ? color.transfer : 'bt709', range }, decisions };
}

/** Curves of HDR, as people call them. Those of ordinary pictures are all shown alike, and are left as they are. */
const HDR_TRANSFERS: Readonly<Record<string, string | undefined>> = { smpte2084: 'PQ', 'arib-std-b67': 'HLG' };

/** Names that ffprobe and zscale share. */
const MATRICES: readonly string[] = ['bt709', 'fcc', 'bt470bg', 'smpte170m', 'bt2020nc', 'bt2020c', 'ycgco'];
const PRIMARIES: readonly string[] = ['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film', 'bt2020', 'smpte431', 'smpte432'];

const NAMES: Readonly<Record<string, string | undefined>> = {
  ...{ bt709: 'BT.709', bt470bg: 'BT.601 (625 lines)', smpte170m: 'BT.601 (525 lines)', bt2020nc: 'BT.2020', bt2020c: 'BT.2020', bt2020: 'BT.2020' },
  ...{ smpte431: 'DCI-P3', smpte432: 'Display P3' },
};

/** Planar YUV with 8 to 16 bits. Alpha is left out when it is scaled. */
const PLANAR_YUV = /^(yuva?4\d\dp|nv12)/;

const known = (names: readonly string[], name: string): string | null => (names.includes(name) ? name : null);

/** Silent files: HDR is BT.2020, and a picture of television's old sizes BT.601, as players take it too. */
function guessedMatrix({ color, width, height }: VideoFacts): string {
  if (HDR_TRANSFERS[color.transfer] || color.primaries === 'bt2020') return 'bt2020nc';
  if (color.primaries === 'bt709') return 'bt709';
  return Math.max(width, height) >= 1280 || Math.min(width, height) > 576 ? 'bt709' : 'smpte170m';
}

function unsaid({ color }: VideoFacts): string[] {
  return [...(known(MATRICES, color.space) ? [] : ['matrix']), ...(known(PRIMARIES, color.primaries) ? [] : ['primaries'])];
}

/** "yuv420p10le" → 10, "p010le" → 10, "yuv420p" → 8. */
const bitsOf = (pixelFormat: string): number => Number(/(?:p|gray|p0)(9|1[0246])(?:le|be)?$/.exec(pixelFormat)?.[1] ?? 8);
