import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Grammar } from './pieces.js';

/** A small honest file that mutants are made of. */
export interface Seed {
  readonly name: string;
  readonly grammar: Grammar;
  readonly bytes: Buffer;
}

export const SEED_FRAMES = 25;

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '12', '-bf', '0'];
const AAC = ['-c:a', 'aac', '-b:a', '48k'];
const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '8', '-c:a', 'libmp3lame', '-b:a', '48k'];

/** How each is made, behind the two inputs. The name's ending picks the container. */
const RECIPES: readonly (readonly [string, Grammar, readonly string[]])[] = [
  ['a.mp4', 'boxes', [...H264, ...AAC, '-movflags', '+faststart']],
  ['b.mov', 'boxes', [...H264, ...AAC]],
  ['c.3gp', 'boxes', [...H264, ...AAC]],
  ['d-fragmented.mp4', 'boxes', [...H264, ...AAC, '-movflags', '+frag_keyframe+empty_moov+default_base_moof']],
  ['e.mkv', 'ebml', [...H264, ...AAC]],
  ['f.webm', 'ebml', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '150k', '-c:a', 'libopus', '-b:a', '32k']],
  ['g.ts', 'packets', [...H264, ...AAC]],
  ['h.avi', 'riff', MPEG4],
];

/** Eight containers, a second each, the same bytes at every run with one ffmpeg. */
export async function makeSeeds(ffmpeg: string, folder: string): Promise<Seed[]> {
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:d=1'];
  const seeds: Seed[] = [];
  for (const [name, grammar, recipe] of RECIPES) {
    const path = join(folder, name);
    const argv = ['-v', 'error', '-nostdin', '-y', ...sources, '-threads', '1', '-fflags', '+bitexact', '-flags', '+bitexact', ...recipe, path];
    await promisify(execFile)(ffmpeg, argv, { timeout: 60_000 });
    seeds.push({ name, grammar, bytes: await readFile(path) });
  }
  return seeds;
}
