import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Chunk 0 has 8 s, the others 20 s or more: from 29 s on a video has three. Seconds. */
const SHORTEST_S = 30;
const SIZES = ['640x360', '1280x720', '854x480'] as const;
/** Slow, and one of them no whole number: how many frames there are changes nothing of what is killed. */
const RATES = ['15', '24000/1001', '12', '10'] as const;

/** Output file of source `index` (from 0); its name says which one it is, whatever uploads it. */
export const sourceName = (index: number): string => `source-${String(index).padStart(3, '0')}.mp4`;

/**
 * ffmpeg's arguments for source `index`: no two are alike (size, rate, colours, length, sound), each has at least three
 * chunks, and each is cheap to make and to encode.
 */
export function sourceArgs(index: number, output: string): string[] {
  const size = SIZES[index % SIZES.length] ?? SIZES[0];
  const rate = RATES[(index + 1) % RATES.length] ?? RATES[0];
  const lengthS = SHORTEST_S + (index % 4);
  const picture =
    index % 5 === 4
      ? `mandelbrot=s=640x360:r=${rate}:start_scale=${(3 - (index % 7) * 0.1).toFixed(2)},trim=duration=${lengthS}`
      : `testsrc2=s=${size}:r=${rate}:d=${lengthS},hue=h=${(index * 37) % 360}`;
  const hasSound = index % 3 !== 2;
  const sound = ['-f', 'lavfi', '-i', `sine=f=${220 + 55 * (index % 16)}:b=4:r=48000:d=${lengthS}`];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', picture],
    ...(hasSound ? sound : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...(hasSound ? ['-c:a', 'aac', '-b:a', '96k'] : []), output],
  ];
}

/** Makes `count` sources in `folder`, one after the other; their paths. */
export async function makeSources(ffmpegPath: string, count: number, folder: string): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, index) => join(folder, sourceName(index)));
  for (const [index, path] of paths.entries()) await promisify(execFile)(ffmpegPath, sourceArgs(index, path), { timeout: 300_000 });
  return paths;
}
