/**
 * The picture and the sound that every source of the matrix is made of: four patches of known colour, one in each
 * corner, and at known frames a white flash in the middle together with a beep. From these the result tells whether it
 * is upright, in colour, whole and in time.
 */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** "25", "30000/1001". */
  readonly rate: string;
  readonly frames: number;
}

export const SCENE: Scene = { width: 320, height: 180, rate: '25', frames: 75 };

/** A flash every so many frames, the first in the middle of the first such run. */
export const FLASH_FRAMES = 24;
const FIRST_FLASH = FLASH_FRAMES / 2;

/** Top left, top right, bottom left, bottom right. Dark enough that mapping HDR to ordinary screens leaves them as they are. */
export const PATCHES = ['8c2828', '288c28', '28288c', '808080'] as const;

export const fps = (rate: string): number => {
  const [num = 0, den = 1] = rate.split('/').map(Number);
  return num / den;
};

export const flashFrames = ({ frames }: Pick<Scene, 'frames'>): number[] =>
  Array.from({ length: Math.ceil(Math.max(0, frames - FIRST_FLASH) / FLASH_FRAMES) }, (_, n) => FIRST_FLASH + n * FLASH_FRAMES);

/** lavfi input: the scene in RGB, for `coded` to code. */
export function picture(scene: Partial<Scene> = {}): string[] {
  const { width, height, rate, frames } = { ...SCENE, ...scene };
  const [left, top] = [Math.floor(width / 2), Math.floor(height / 2)];
  const patch = (colour: string, w: number, h: number): string => `color=0x${colour}:s=${w}x${h}:r=${rate},format=gbrp`;
  const [a, b, c, d] = PATCHES;
  const [w, h] = [Math.ceil(width / 4), Math.ceil(height / 4)];
  const graph = [
    `${patch(a, left, top)}[a];${patch(b, width - left, top)}[b];[a][b]hstack[top]`,
    `${patch(c, left, height - top)}[c];${patch(d, width - left, height - top)}[d];[c][d]hstack[bottom]`,
    `[top][bottom]vstack[base];${patch('ffffff', w, h)}[flash]`,
    `[base][flash]overlay=x=(W-w)/2:y=(H-h)/2:format=gbrp:enable='eq(mod(n,${FLASH_FRAMES}),${FIRST_FLASH})'`,
  ].join(';');
  return ['-f', 'lavfi', '-i', `${graph},trim=end_frame=${frames}`];
}

/** lavfi input with a beep of 40 ms that begins with each flash; silence else. */
export function beeps(scene: Partial<Scene> = {}, sampleRate = 48_000): string[] {
  const { rate, frames } = { ...SCENE, ...scene };
  const periodS = FLASH_FRAMES / fps(rate);
  const at = `mod(t,${periodS})-${FIRST_FLASH / fps(rate)}`;
  return ['-f', 'lavfi', '-i', `aevalsrc='if(between(${at},0,0.04),0.7*cos(2*PI*1000*(${at})),0)':s=${sampleRate}:d=${frames / fps(rate)}`];
}

export interface Coding {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly range: 'tv' | 'pc';
  readonly pixels: string;
  /** Whether the file says so. */
  readonly tagged: boolean;
}

const BT709: Coding = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'tv', pixels: 'yuv420p', tagged: true };
/** Said again behind lavfi's input, which passes pixels on and nothing that is known of them. */
const SCENE_IS = 'matrixin=gbr:primariesin=bt709:transferin=bt709:rangein=full';
/** How white is laid into HDR (ITU-R BT.2408). */
const WHITE = 'npl=203';

/** Filters and encoder options that code the scene's colours in a certain way. `more` are filters in front of them. */
export function coded(wish: Partial<Coding> = {}, more: readonly string[] = []): string[] {
  const { matrix, primaries, transfer, range, pixels, tagged } = { ...BT709, ...wish };
  const hdr = ['smpte2084', 'arib-std-b67'].includes(transfer);
  const to = `matrix=${matrix}:primaries=${primaries}:transfer=${hdr ? transfer : 'bt709'}:range=${range === 'pc' ? 'full' : 'limited'}`;
  const filters = hdr
    ? [`zscale=${SCENE_IS}:matrix=gbr:primaries=bt709:transfer=linear:range=full:${WHITE}`, 'format=gbrpf32le', `zscale=${to}:${WHITE}`]
    : [`zscale=${SCENE_IS}:${to}`];
  const silent = 'setparams=color_primaries=unknown:color_trc=unknown:colorspace=unknown';
  return [
    ...['-vf', [...more, ...filters, `format=${pixels}`, ...(tagged ? [] : [silent])].join(',')],
    ...(tagged ? ['-color_primaries', primaries, '-color_trc', transfer, '-colorspace', matrix, '-color_range', range] : []),
  ];
}

export const h264 = (...more: string[]): string[] => ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '8', '-g', '25', ...more];
export const aac: readonly string[] = ['-c:a', 'aac', '-b:a', '128k'];
