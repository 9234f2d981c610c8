import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The counters of all frames of a file, in the order in which they are shown. */
export function readCounters(path: string): number[] {
  const raw = ffmpeg(
    '-i',
    path,
    '-map',
    '0:v',
    '-vf',
    `crop=iw:ih/4:0:0,scale=${COUNTER_BITS}:1:flags=area,format=gray`,
    '-fps_mode',
    'passthrough',
    '-f',
    'rawvideo',
    '-',
  );
  return Array.from({ length: raw.length / COUNTER_BITS }, (_, frame) =>
    Array.from(raw.subarray(frame * COUNTER_BITS, (frame + 1) * COUNTER_BITS)).reduce((n, level, bit) => n + (level > 125 ? 1 << bit : 0), 0),
  );
}
