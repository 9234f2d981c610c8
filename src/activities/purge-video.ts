import type { Catalogue, Tombstone } from '../catalogue/catalogue.js';
import { planKey, videoPrefixes } from '../domain/keys.js';
import { pauseBeforeNextLook } from '../domain/late-writes.js';
import type { ObjectStore } from '../storage/object-store.js';
import { loadTombstone } from './load-tombstone.js';
import { abortUnder, deletePrefix } from './sweep-generation.js';
import { withHeartbeat } from './with-heartbeat.js';

export interface Purge {
  /** What this look found and removed. */
  readonly objects: number;
  readonly multiparts: number;
  /** null: nothing is left, nothing can come any more, and the catalogue says so. */
  readonly lookAgainMs: number | null;
}

/**
 * One look at everything that a deleted video has in the store, of all its uploads and generations, and its removal. Only
 * the catalogue's word that it is deleted moves a finger here.
 *
 * Dies anywhere and runs again: what is gone is gone, and `purged` is said only after a look that found nothing.
 */
export const purgeVideo =
  (deps: { store: ObjectStore; catalogue: Catalogue; lateWritesMs: number }) =>
  (videoId: string): Promise<Purge> =>
    withHeartbeat(async () => {
      // Its age when the look begins: a look that takes long must not count as a later one.
      const tombstone = await loadTombstone(deps)(videoId);
      const removed = await removeAll(deps.store, tombstone);
      const found = removed.objects + removed.multiparts > 0;
      const lookAgainMs = pauseBeforeNextLook({ ageMs: tombstone.ageMs, found, lateWritesMs: deps.lateWritesMs });
      if (lookAgainMs === null) await deps.catalogue.markPurged(videoId);
      return { ...removed, lookAgainMs };
    });

/**
 * Source and plans go first: an attempt that comes late looks for them when it has written (commit-manifest.ts). It finds
 * them, and what it wrote is listed here; or it does not, and removes by itself what it wrote.
 */
async function removeAll(store: ObjectStore, tombstone: Tombstone): Promise<{ objects: number; multiparts: number }> {
  const { videoId, generation } = tombstone;
  const { sources, ...made } = videoPrefixes(tombstone);
  const plans = Array.from({ length: generation }, (_, index) => planKey({ videoId, generation: index + 1 }));
  // By their keys too: a source may have come through a door of its own and lie elsewhere.
  const elsewhere = tombstone.uploads.map(({ key }) => key).filter((key) => !key.startsWith(sources));
  let [objects, multiparts] = [0, 0];
  const remove = async (prefix: string, wanted?: (key: string) => boolean): Promise<void> => {
    multiparts += await abortUnder(store, prefix, wanted);
    objects += await deletePrefix(store, prefix, wanted);
  };
  await remove(sources);
  for (const only of [...elsewhere, ...plans]) await remove(only, (key) => key === only);
  for (const prefix of Object.values(made)) await remove(prefix);
  return { objects, multiparts };
}
