import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import pLimit from 'p-limit';
import { z } from 'zod';
import { clientFault } from '../../client/client-fault.js';
import { withDeadline } from '../../client/deadline.js';
import { type Artefact, artefactsOf, type GenerationReport } from '../../src/domain/artefact.js';
import { mediaPrefix } from '../../src/domain/keys.js';
import { urisOfPlaylist, urisOfStoryboard } from './playlist-uris.js';

const PARALLEL = 6;
const TRIES = 4;
const ONE_FILE_MS = 120_000;

interface Playback {
  readonly hls: string;
  readonly poster: string | null;
  readonly storyboard_vtt: string | null;
}

export interface Exported {
  readonly files: number;
  readonly sizeBytes: number;
}

interface Place {
  /** Address of the folder that the master playlist lies in. */
  readonly home: string;
  /** What was published, by path below `home`. */
  readonly named: ReadonlyMap<string, Artefact>;
  readonly signal: AbortSignal;
}

/**
 * Copies a published generation, as players see it, to `folder`: everything that can be reached from the master
 * playlist, poster and storyboard, in the places that keep their relative addresses true. Each file is held to the size
 * and hash that the generation's report has for it. `folder` is replaced whole, or stays as it was.
 * @throws ClientFault DOWNLOAD_FAILED
 */
export async function exportGeneration(playback: Playback, folder: string, signal: AbortSignal): Promise<Exported> {
  const home = new URL('.', playback.hls).href;
  const place: Place = { home, named: await readReport(home, signal), signal };
  const fresh = `${folder}.partial`;
  await rm(fresh, { recursive: true, force: true });
  const seen = new Set<string>();
  const limit = pLimit(PARALLEL);
  let sizeBytes = 0;

  const copy = async (address: string): Promise<void> => {
    const url = address.split('#')[0] ?? address;
    if (seen.has(url)) return;
    seen.add(url);
    const path = pathOf(url, home);
    const artefact = place.named.get(path);
    if (!artefact) throw clientFault('DOWNLOAD_FAILED', `${url} is not among the files that were published.`);
    const kind = path.split('.').at(-1)?.toLowerCase();
    const text = await limit(() => fetchTo(url, { path: join(fresh, path), isText: kind === 'm3u8' || kind === 'vtt', artefact, signal }));
    sizeBytes += artefact.sizeBytes;
    const next = kind === 'm3u8' ? urisOfPlaylist(text) : address === playback.storyboard_vtt ? urisOfStoryboard(text) : [];
    await Promise.all(next.map((uri) => copy(new URL(uri, url).href)));
  };
  const roots = [playback.hls, playback.poster, playback.storyboard_vtt].filter((url) => url !== null);
  await Promise.all(roots.map(copy));
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return { files: seen.size, sizeBytes };
}

const reportHead = z.looseObject({ videoId: z.string(), generation: z.number(), tracks: z.array(z.unknown()), playlists: z.array(z.unknown()) });

/** The report that publishing wrote beside the master playlist: every file by size and hash. */
async function readReport(home: string, signal: AbortSignal): Promise<Map<string, Artefact>> {
  const url = new URL('report.json', home).href;
  const report = await tryAgain(signal, async (limit) => {
    const response = await fetch(url, { signal: limit });
    if (!response.ok) throw clientFault('DOWNLOAD_FAILED', `${url} answered ${response.status}.`);
    return reportHead.parse(await response.json()) as unknown as GenerationReport;
  });
  const prefix = mediaPrefix(report);
  return new Map(artefactsOf(report).map((artefact) => [artefact.key.slice(prefix.length), artefact]));
}

/** Path below the folder of the master playlist. An address elsewhere could write anywhere. */
function pathOf(url: string, home: string): string {
  const path = decodeURIComponent(new URL(url).pathname);
  const base = decodeURIComponent(new URL(home).pathname);
  const inside = new URL(url).origin === new URL(home).origin && path.startsWith(base) && !path.split('/').includes('..');
  if (!inside) throw clientFault('DOWNLOAD_FAILED', `${url} lies outside of ${home} and is not copied.`);
  return path.slice(base.length);
}

interface Target {
  readonly path: string;
  readonly isText: boolean;
  readonly artefact: Artefact;
  readonly signal: AbortSignal;
}

/** Streams a file to its place; its text too where it is one that names others. */
async function fetchTo(url: string, { path, isText, artefact, signal }: Target): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  return await tryAgain(signal, async (limit) => {
    const response = await fetch(url, { signal: limit });
    if (!response.ok || !response.body) throw clientFault('DOWNLOAD_FAILED', `${url} answered ${response.status}.`);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const pieces: Buffer[] = [];
    const look = new Transform({
      transform(piece: Buffer, _encoding, done) {
        hash.update(piece);
        sizeBytes += piece.length;
        if (isText) pieces.push(piece);
        done(null, piece);
      },
    });
    await pipeline(Readable.fromWeb(response.body as ReadableStream), look, createWriteStream(path));
    if (sizeBytes !== artefact.sizeBytes)
      throw clientFault('DOWNLOAD_FAILED', `${url} has ${sizeBytes} bytes, ${artefact.sizeBytes} were published.`);
    if (hash.digest('hex') !== artefact.sha256) throw clientFault('DOWNLOAD_FAILED', `${url} has other bytes than were published.`);
    return Buffer.concat(pieces).toString('utf8');
  });
}

async function tryAgain<T>(signal: AbortSignal, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withDeadline(ONE_FILE_MS, signal, work);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt === TRIES) throw error;
    }
  }
}
