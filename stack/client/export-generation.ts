import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import pLimit from 'p-limit';
import { StackFault } from '../fault.js';
import { urisOfPlaylist, urisOfStoryboard } from './playlist-uris.js';

const PARALLEL = 6;
const TRIES = 4;
const ONE_FILE_MS = 120_000;

interface Playback {
  readonly hls: string;
  readonly poster: string | null;
  readonly storyboard_vtt: string | null;
}

/**
 * Copies a published generation, as players see it, to `folder`: everything that can be reached from the master
 * playlist, poster and storyboard, in the places that keep their relative addresses true. `folder` is replaced whole.
 * Resolves with the number of files.
 * @throws StackFault
 */
export async function exportGeneration(playback: Playback, folder: string, signal: AbortSignal): Promise<number> {
  const home = new URL('.', playback.hls).href;
  const fresh = `${folder}.partial`;
  await rm(fresh, { recursive: true, force: true });
  const seen = new Set<string>();
  const limit = pLimit(PARALLEL);

  const copy = async (address: string): Promise<void> => {
    const url = address.split('#')[0] ?? address;
    if (seen.has(url)) return;
    seen.add(url);
    const kind = new URL(url).pathname.split('.').at(-1)?.toLowerCase();
    const path = join(fresh, placeOf(url, home));
    const text = await limit(() => fetchTo(url, path, kind === 'm3u8' || kind === 'vtt', signal));
    const next = kind === 'm3u8' ? urisOfPlaylist(text) : kind === 'vtt' ? urisOfStoryboard(text) : [];
    await Promise.all(next.map((uri) => copy(new URL(uri, url).href)));
  };
  const roots = [playback.hls, playback.poster, playback.storyboard_vtt].filter((url) => url !== null);
  await Promise.all(roots.map(copy));
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return seen.size;
}

/** Path below the folder of the master playlist. An address elsewhere could write anywhere. */
function placeOf(url: string, home: string): string {
  const path = decodeURIComponent(new URL(url).pathname);
  const base = decodeURIComponent(new URL(home).pathname);
  const inside = new URL(url).origin === new URL(home).origin && path.startsWith(base) && !path.split('/').includes('..');
  if (!inside) throw new StackFault(`${url} lies outside of ${home} and is not copied.`);
  return path.slice(base.length);
}

/** Streams a file to its place; its text too where it is one that names others. */
async function fetchTo(url: string, path: string, isText: boolean, signal: AbortSignal): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ONE_FILE_MS)]) });
      if (!response.ok || !response.body) throw new StackFault(`${url} answered ${response.status}.`);
      const [file, copy] = isText ? response.body.tee() : [response.body, null];
      const read = copy ? new Response(copy).text() : Promise.resolve('');
      await pipeline(Readable.fromWeb(file as ReadableStream), createWriteStream(path));
      return await read;
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === TRIES) throw error;
    }
  }
}
