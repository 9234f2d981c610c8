import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from '../client/api-client.js';
import { readVideo } from '../client/video-json.js';
import { exportGeneration } from '../stack/client/export-generation.js';
import { differences } from './compare.js';
import { type Fingerprint, fingerprintOf } from './fingerprint.js';
import type { VideoRow } from './videos.js';

/** Accepted videos that are not published, by name and reason. `accepted`: how many uploads were acknowledged as complete. */
export function lostVideos(videos: readonly VideoRow[], accepted: number): string[] {
  const unpublished = videos
    .filter(({ state }) => state !== 'ready')
    .map((video) => `${label(video)}: ${video.state} ${video.failureCode ?? ''}`.trim());
  const vanished = accepted - videos.length;
  return vanished > 0 ? [...unpublished, `${vanished} uploads were acknowledged and have no video`] : unpublished;
}

/** Videos whose publication was told more than once, or never although they are published. */
export function publishedTwice(videos: readonly VideoRow[]): string[] {
  return videos
    .filter(({ state, readyEvents }) => readyEvents > 1 || (state === 'ready' && readyEvents !== 1))
    .map((video) => `${label(video)}: ${video.readyEvents} events video.ready`);
}

interface CheckDeps {
  readonly api: ApiClient;
  readonly ffmpegPath: string;
  /** A folder for one copy at a time. */
  readonly folder: string;
  readonly references: ReadonlyMap<string, Fingerprint>;
}

/** Published videos whose picture, sound, playlists or files are not those of the run without faults. */
export async function differentVideos(videos: readonly VideoRow[], { api, ffmpegPath, folder, references }: CheckDeps): Promise<string[]> {
  const found: string[] = [];
  const { signal } = new AbortController();
  for (const video of videos.filter(({ state }) => state === 'ready')) {
    const copy = join(folder, video.id);
    try {
      const reference = references.get(video.name);
      if (!reference) throw new Error('there is no reference for it');
      const { playback } = readVideo((await api.request({ method: 'GET', path: `/v1/videos/${video.id}`, signal }))?.body);
      if (!playback) throw new Error('the API names no playback');
      await exportGeneration(playback, copy, signal);
      found.push(...differences(reference, await fingerprintOf(copy, ffmpegPath)).map((difference) => `${label(video)}: ${difference}`));
    } catch (error) {
      found.push(`${label(video)}: ${error instanceof Error ? error.message : error}`);
    }
    await rm(copy, { recursive: true, force: true });
  }
  return found;
}

const label = ({ id, name }: VideoRow): string => `${name} (${id})`;
