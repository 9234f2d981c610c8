import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Clip, lavfiArgs, sourceArgs } from './source-args.js';

export interface BenchSource {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly seconds: number;
  /** false: made of test patterns, because the clips are not there. Such figures flatter. */
  readonly real: boolean;
}

export interface SourceWish {
  readonly height: 1080 | 720;
  readonly seconds: number;
  readonly seed: number;
}

const FPS = 24;
/** Minutes on an idle machine; a busy one may take long. */
const MAKE_LIMIT_MS = 6 * 3_600_000;

/** Real film, CC0, 720×480: lengths in seconds as their video tracks have them. */
const CLIPS: readonly (Omit<Clip, 'path'> & { readonly name: string })[] = [
  { name: 'crystal.mp4', seconds: 12 },
  { name: 'rabbit.webm', seconds: 7.8 },
];

/**
 * The benchmark source of that size, made once and kept in the user's cache folder under the hash of its recipe.
 * From the clips in `clipsFolder` where they are, else of test patterns (`real: false`).
 */
export async function benchSource(wish: SourceWish, options: { root: string; ffmpeg: string; say: (line: string) => void }): Promise<BenchSource> {
  const clips = CLIPS.map(({ name, seconds }) => ({ path: join(options.root, '..', 'shared', 'media', name), seconds }));
  const real = clips.every((clip) => existsSync(clip.path));
  const size = { width: (wish.height * 16) / 9, height: wish.height, fps: FPS };
  const wanted = { ...size, seconds: wish.seconds, seed: wish.seed };
  const args = real ? sourceArgs(wanted, clips) : lavfiArgs(wanted);
  const hash = createHash('sha256').update(
    args
      .map(
        (word) =>
          clips
            .find((clip) => clip.path === word)
            ?.path.split('/')
            .pop() ?? word,
      )
      .join('\0'),
  );
  if (real) for (const clip of clips) hash.update(readFileSync(clip.path));
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'reelmill', 'bench');
  const path = join(folder, `${wish.height}p-${wish.seconds}s-${hash.digest('hex').slice(0, 16)}.mp4`);
  if (!real) options.say('The clips in ../shared/media are not there: the source is made of test patterns, and the figures flatter.');
  if (!existsSync(path)) {
    options.say(`Making the ${wish.height}p source of ${wish.seconds} s (once; it is kept in ${folder}) …`);
    mkdirSync(folder, { recursive: true });
    // A name of this process's own, then a rename: a run that was killed leaves nothing that looks like a source.
    const fresh = `${path}.${process.pid}.mp4`;
    await promisify(execFile)(options.ffmpeg, [...args, fresh], { timeout: MAKE_LIMIT_MS, maxBuffer: 16 * 1024 * 1024 });
    renameSync(fresh, path);
  }
  return { path, ...size, seconds: wish.seconds, real };
}
