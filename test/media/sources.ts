import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReadRange } from '../../src/domain/extent.js';

const run = promisify(execFile);

export const picture = (size = '320x180', rate = '25', seconds = 3): string[] => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`];
export const tone = (seconds = 3, rate = 48_000): string[] => ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=${rate}:d=${seconds}`];
export const h264 = (...more: string[]): string[] => ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', ...more];

/** Sources made on the spot in a folder of their own; `remove` takes it away. */
export async function sourceFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'reelmill-sources-'));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    async make(name: string, ...args: string[]): Promise<string> {
      await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-threads', '1', ...args, '-threads', '1', path(name)], { timeout: 60_000 });
      return path(name);
    },
    async cut(file: string, bytes: number, name: string): Promise<string> {
      await copyFile(file, path(name));
      await truncate(path(name), bytes);
      return path(name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Reads of a local file, each opening it anew, and how many there were. */
export function rangesOf(file: string): ReadRange & { calls: number; bytes: number } {
  const read = async (start: number, length: number): Promise<Uint8Array> => {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, start);
      counted.calls += 1;
      counted.bytes += bytesRead;
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  };
  const counted = Object.assign(read, { calls: 0, bytes: 0 });
  return counted;
}

export const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;
