import type { Catalogue } from '../catalogue/catalogue.js';
import { artefactsOf, type GenerationReport } from '../domain/artefact.js';
import { type GenerationRef, growingPrefix, mediaPrefix, planKey, reportKey, workPrefix } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { collectCosts } from './collect-costs.js';
import { getJson } from './json-objects.js';

/**
 * After publishing: removes what no report names (segments of attempts that lost, working files). The growing playlists
 * stay: a player may still be following them. Without a report it
 * touches nothing, so it can never remove what is still wanted.
 */
export const sweepGeneration =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (at: GenerationRef): Promise<{ removed: number }> => {
    const report = await getJson<GenerationReport>(deps.store, reportKey(at));
    if (report === null) return { removed: 0 };
    const named = new Set([reportKey(at), ...artefactsOf(report).map((artefact) => artefact.key)]);
    const unnamed = await deletePrefix(deps.store, mediaPrefix(at), (key) => !named.has(key) && !key.startsWith(growingPrefix(at)));
    await collectCosts(deps, at);
    return { removed: unnamed + (await removeWork(deps.store, at)) };
  };

/** Deletes all working files of a generation, those too that were never sent to their end. */
export async function removeWork(store: ObjectStore, at: GenerationRef): Promise<number> {
  await abortUnder(store, workPrefix(at));
  return deletePrefix(store, workPrefix(at));
}

/** Removes everything that was made for a generation which nobody will publish. The plan goes first: see removeIfOver in commit-manifest.ts. */
export async function removeGeneration(store: ObjectStore, at: GenerationRef): Promise<void> {
  await store.delete([planKey(at)]);
  await deletePrefix(store, mediaPrefix(at));
  await removeWork(store, at);
}

/** Aborts every open multipart under `prefix` that `wanted` says so of; returns how many. */
export async function abortUnder(store: ObjectStore, prefix: string, wanted: (key: string) => boolean = () => true): Promise<number> {
  const open = (await store.listMultiparts(prefix)).filter(({ key }) => wanted(key));
  for (const { key, multipartId } of open) await store.abortMultipart(key, multipartId);
  return open.length;
}

/** Deletes every object under `prefix` that `wanted` says so of; returns how many. */
export async function deletePrefix(store: ObjectStore, prefix: string, wanted: (key: string) => boolean = () => true): Promise<number> {
  let removed = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list(prefix, after);
    const keys = page.objects.map((object) => object.key).filter(wanted);
    if (keys.length > 0) await store.delete(keys);
    removed += keys.length;
    after = page.next;
  } while (after !== null);
  return removed;
}
