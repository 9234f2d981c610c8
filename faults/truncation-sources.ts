import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A source before it is cut. */
export interface WholeSource {
  readonly name: string;
  readonly path: string;
  readonly bytes: Buffer;
  readonly frameCount: number;
  readonly soundS: number;
}

const SECONDS = 3;
const FPS = 25;
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '20', '-bf', '2'];

const FILES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['faststart.mp4', [...H264, '-c:a', 'aac', '-movflags', 'faststart']],
  ['index-at-end.mp4', [...H264, '-c:a', 'aac']],
  ['film.mkv', [...H264, '-c:a', 'aac', '-cluster_time_limit', '500']],
  ['film.ts', [...H264, '-c:a', 'aac']],
  ['film.avi', ['-c:v', 'mpeg4', '-q:v', '6', '-g', '20', '-c:a', 'mp3']],
];

/** Codecs whose decoders say little of damaged bytes. */
export const QUIET_FILES: typeof FILES = [
  ['hevc.mp4', ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none:keyint=20', '-c:a', 'aac']],
  ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '20', '-c:a', 'libopus']],
];

/** The same film of three seconds in every container. */
export async function makeWholeSources(folder: string, more: typeof FILES = []): Promise<WholeSource[]> {
  const sources: WholeSource[] = [];
  for (const [name, args] of [...FILES, ...more]) {
    const path = join(folder, name);
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=${FPS}:d=${SECONDS}`, '-f', 'lavfi', '-i', `sine=frequency=440:d=${SECONDS}`];
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...picture, ...args, path], { timeout: 60_000 });
    sources.push({ name, path, bytes: await readFile(path), frameCount: SECONDS * FPS, soundS: SECONDS });
  }
  return sources;
}
