import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact, ChunkManifest } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import type { ChunkRange } from '../domain/grid.js';
import { posterPictureKey, tileKey } from '../domain/keys.js';
import { type Plan, tilesIn } from '../domain/plan.js';
import type { ObjectStore } from '../storage/object-store.js';
import { sha256Hex } from './json-objects.js';

/** Puts a chunk's storyboard tiles and poster picture where the picture step finds them. Adds every key to `written`. */
export async function storePictures(
  store: ObjectStore,
  job: { plan: Plan; chunk: ChunkRange; attempt: string; folder: string },
  written: string[],
): Promise<Pick<ChunkManifest, 'firstTile' | 'tiles' | 'poster'>> {
  const { plan, chunk, attempt, folder } = job;
  const put = async (key: string, file: string, contentType: string): Promise<Artefact> => {
    const bytes = await readFile(join(folder, file)).catch((cause: unknown) => {
      throw new PipelineError('ENCODE_MISMATCH', { note: 'A preview picture was not made.', details: { file }, cause });
    });
    const sha256 = sha256Hex(bytes);
    written.push(key);
    await store.put(key, bytes, { contentType, sha256 });
    return { key, sizeBytes: bytes.byteLength, sha256 };
  };
  const { first, count } = tilesIn(plan.images.storyboard, chunk);
  const tiles: Artefact[] = [];
  for (let n = 0; n < count; n += 1) {
    tiles.push(await put(tileKey(plan, chunk.index, attempt, n), `tile_${String(n).padStart(4, '0')}.jpg`, 'image/jpeg'));
  }
  const { frame } = plan.images.poster;
  const mine = frame >= chunk.startFrame && frame < chunk.startFrame + chunk.frameCount;
  const poster = mine ? await put(posterPictureKey(plan, chunk.index, attempt), 'poster.png', 'image/png') : null;
  return { firstTile: first, tiles, poster };
}
