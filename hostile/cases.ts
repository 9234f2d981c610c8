import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '../faults/random.js';
import { mutate } from './mutate.js';
import type { Kit, Row } from './row.js';
import { HEADER_ROWS } from './rows-headers.js';
import { LIST_ROWS } from './rows-lists.js';
import { STREAM_ROWS } from './rows-streams.js';
import { SEED_FRAMES, type Seed } from './seeds.js';

/** One file to be put through inspection, plan and encoding. */
export interface Case {
  readonly name: string;
  readonly bytes: Buffer;
  /** Frames that the whole file has, where bytes were only taken from its end: fewer may not be published in silence. */
  readonly wholeFrames: number | null;
}

/** What stands for a case between processes: its bytes are a function of it. */
export interface CaseRef {
  readonly index: number;
  readonly row?: number;
}

export const ROWS: readonly Row[] = [...STREAM_ROWS, ...LIST_ROWS, ...HEADER_ROWS];

/** The rows, then mutants of all seeds in turn, until there are `n`. */
export function listCases(n: number, heavy: boolean): CaseRef[] {
  const rows = ROWS.flatMap((row, at) => (row.heavy && !heavy ? [] : [at]));
  return Array.from({ length: Math.max(n, rows.length) }, (_, index) => (index < rows.length ? { index, row: rows[index] as number } : { index }));
}

/** The same reference, seed and ffmpeg give the same bytes. */
export async function buildCase(ref: CaseRef, wish: { seed: number; seeds: readonly Seed[]; kit: Kit }): Promise<Case> {
  if (ref.row !== undefined) {
    const { name, build } = ROWS[ref.row] as Row;
    return { name, bytes: await build(wish.kit), wholeFrames: null };
  }
  const random = createRandom(Math.imul(wish.seed, 1_000_003) + ref.index);
  const seed = wish.seeds[ref.index % wish.seeds.length] as Seed;
  const { bytes, how, truncated } = mutate(seed.bytes, seed.grammar, random);
  // A transport stream does not say how long it is: one that stops between two packets is whole, as any recording is.
  const promised = truncated && seed.grammar !== 'packets' ? SEED_FRAMES : null;
  return { name: `#${ref.index} ${seed.name}: ${how}`, bytes, wholeFrames: promised };
}

export function createKit(ffmpeg: string, folder: string, seeds: readonly Seed[], canary: Kit['canary']): Kit {
  const [film] = seeds;
  if (!film) throw new RangeError('there are no seeds');
  const made = new Map<string, Promise<Buffer>>();
  const make = async (args: readonly string[], path: string): Promise<Buffer> => {
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args.slice(0, -1), path], { timeout: 300_000 });
    return readFile(path);
  };
  return {
    folder,
    film: film.bytes,
    canary,
    make: (...args) => {
      const key = args.join('\0');
      const path = join(folder, args.at(-1) ?? '');
      made.set(key, made.get(key) ?? make(args, path));
      return made.get(key) as Promise<Buffer>;
    },
  };
}
