import { randomBytes } from 'node:crypto';
import type { Artefact, ChunkManifest, ImagesManifest } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { chunkManifestKey, type GenerationRef, imagesManifestKey, planKey, posterKey, spriteKey, storyboardKey } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import { composeSprite, encodePoster } from '../media/images.js';
import { storyboardVtt } from '../media/storyboard.js';
import { IMMUTABLE, type ObjectStore } from '../storage/object-store.js';
import { commitManifest, removeIfOver } from './commit-manifest.js';
import { getBytes, getJson, needJson, sha256Hex } from './json-objects.js';
import { withHeartbeat } from './with-heartbeat.js';

/**
 * Poster, sprite sheets and WebVTT from the pictures that the chunks left. Its manifest is the commit: a second run
 * finds it and returns; a run that lost removes its files, those of one that died are named by nobody and swept.
 */
export const makeImages =
  (deps: { store: ObjectStore }) =>
  (at: GenerationRef): Promise<{ sprites: number }> =>
    withHeartbeat(async (beat) => {
      const { store } = deps;
      const committed = await getJson<ImagesManifest>(store, imagesManifestKey(at));
      if (committed !== null) return { sprites: committed.sprites.length };
      const plan = await needJson<Plan>(store, planKey(at));
      const attempt = randomBytes(4).toString('hex');
      const written: string[] = [];
      try {
        const { tiles, poster } = await picturesOf(store, at, plan);
        const put = async (key: string, bytes: Uint8Array, contentType: string): Promise<Artefact> => {
          const sha256 = sha256Hex(bytes);
          written.push(key);
          await store.put(key, bytes, { contentType, cacheControl: IMMUTABLE, sha256 });
          return { key, sizeBytes: bytes.byteLength, sha256 };
        };
        const { columns, rows } = plan.images.storyboard;
        const sprites: Artefact[] = [];
        for (let first = 0; first < tiles.length; first += columns * rows) {
          const sheet = await Promise.all(tiles.slice(first, first + columns * rows).map((tile) => picture(store, tile)));
          sprites.push(await put(spriteKey(at, attempt, sprites.length), await composeSprite(sheet, plan.images.storyboard), 'image/jpeg'));
          beat(first / tiles.length);
        }
        const manifest: ImagesManifest = {
          attempt,
          poster: await put(posterKey(at, attempt), await encodePoster(await picture(store, poster)), 'image/jpeg'),
          sprites,
          vtt: await put(storyboardKey(at, attempt), Buffer.from(storyboardVtt(plan)), 'text/vtt'),
        };
        const standing = await commitManifest(store, at, imagesManifestKey(at), manifest, written);
        return { sprites: standing.sprites.length };
      } catch (error) {
        // A zombie's pictures may have been swept under its hands, after it wrote some of its files.
        await removeIfOver(store, at, written);
        throw error;
      }
    });

/** All tiles in order, and the poster's picture. */
async function picturesOf(store: ObjectStore, at: GenerationRef, plan: Plan): Promise<{ tiles: Artefact[]; poster: Artefact }> {
  const tiles: Artefact[] = [];
  let poster: Artefact | null = null;
  for (let index = 0; index < plan.grid.chunkCount; index += 1) {
    const chunk = await needJson<ChunkManifest>(store, chunkManifestKey(at, index));
    tiles.push(...chunk.tiles);
    poster ??= chunk.poster;
  }
  const expected = plan.images.storyboard.tileCount;
  if (tiles.length !== expected || poster === null) {
    throw new PipelineError('IMAGES_FAILED', { details: { expectedTiles: expected, foundTiles: tiles.length, poster: poster !== null } });
  }
  return { tiles, poster };
}

async function picture(store: ObjectStore, artefact: Artefact): Promise<Buffer> {
  const bytes = await getBytes(store, artefact.key);
  if (bytes === null || sha256Hex(bytes) !== artefact.sha256)
    throw new PipelineError('IMAGES_FAILED', { note: 'A preview picture is missing or changed.', details: { key: artefact.key } });
  return bytes;
}
