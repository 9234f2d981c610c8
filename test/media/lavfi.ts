import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createSandbox } from '../../src/media/sandbox.js';

export const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
export const FFPROBE = process.env.FFPROBE_PATH ?? 'ffprobe';
/** As an encoder on this machine has it. `npm test` tries it out first, and says so where there is none. */
export const SANDBOX = process.env.ALLOW_UNSANDBOXED === '1' ? null : createSandbox();

/** A folder that is gone when the test file is done. */
export function tempFolder(): { path: string; file(name: string): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'reelmill-media-'));
  return { path, file: (name) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs ffmpeg directly and fails loudly; for sources and for reading results back, never for what is under test. */
export function ffmpeg(...args: readonly string[]): Buffer {
  return execFileSync(FFMPEG, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 256 * 1024 * 1024, timeout: 120_000 });
}

export function ffprobeJson<T>(...args: readonly string[]): T {
  return JSON.parse(execFileSync(FFPROBE, ['-v', 'error', '-of', 'json', ...args], { encoding: 'utf8', timeout: 60_000 })) as T;
}

const COUNTER_BITS = 8;

/**
 * lavfi graph whose frame n carries n as eight light or dark bars in its top quarter, least significant first, over a
 * moving picture: 160x120. It survives scaling and lossy coding, and tells every frame from its neighbours.
 */
export function countedFrames(rate: string, count: number): string[] {
  const bars = `color=black:s=160x30:r=${rate},format=yuv420p,geq=lum='if(mod(floor(N/pow(2,floor(X/20))),2),235,16)':cb=128:cr=128[bars]`;
  return ['-f', 'lavfi', '-i', `${bars};testsrc2=s=160x90:r=${rate},format=yuv420p[picture];[bars][picture]vstack,trim=end_frame=${count}`];
}

/** Leaves one grey pixel of each bar, in two rows: of one alone, ffmpeg complains that so few bits a second must be a mistake. */
const COUNTER_FILTER = `crop=iw:ih/4:0:0,scale=${COUNTER_BITS}:2:flags=area,format=gray`;
const counterIn = (levels: Uint8Array): number => Array.from(levels).reduce((n, level, bit) => n + (level > 125 ? 1 << bit : 0), 0);

/** The counters of all frames of a film, in the order in which they are shown. */
export function readCounters(path: string): number[] {
  return decodeCounters(path).counters;
}

/** The same, with what the decoder complained of. @throws Error where it ends with another code than 0 */
export function decodeCounters(path: string, ...flags: readonly string[]): { counters: number[]; complaints: string } {
  const args = ['-nostdin', '-v', 'warning', ...flags, '-i', path, '-map', '0:v', '-vf', COUNTER_FILTER, '-fps_mode', 'passthrough'];
  const { status, stdout, stderr } = spawnSync(FFMPEG, [...args, '-f', 'rawvideo', '-'], { maxBuffer: 1024 ** 2, timeout: 120_000 });
  if (status !== 0) throw new Error(`${path}: ${status} ${stderr.toString()}`);
  const [frameBytes, frames] = [2 * COUNTER_BITS, stdout.length / (2 * COUNTER_BITS)];
  const counters = Array.from({ length: frames }, (_, frame) => counterIn(stdout.subarray(frame * frameBytes, frame * frameBytes + COUNTER_BITS)));
  return { counters, complaints: stderr.toString() };
}

/** The counter of one picture: without a process of its own, for there are many. */
export async function readCounter(path: string): Promise<number> {
  const { width, height } = await sharp(path).metadata();
  const bars = sharp(path).extract({ left: 0, top: 0, width, height: Math.floor(height / 4) });
  // Shrunk in one step each bar would take colour from its neighbours: its middle has its own.
  const { data, info } = await bars.greyscale().raw().toBuffer({ resolveWithObject: true });
  const row = Math.floor(info.height / 2) * info.width;
  const middles = Array.from({ length: COUNTER_BITS }, (_, bit) => data[row + Math.floor(((bit + 0.5) * info.width) / COUNTER_BITS)] ?? 0);
  return counterIn(Uint8Array.from(middles));
}
