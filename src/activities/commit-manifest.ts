import { artefactsOf, type GenerationReport } from '../domain/artefact.js';
import { type GenerationRef, reportKey } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { getJson, putJsonOnce } from './json-objects.js';

/**
 * Commits what one attempt has made by one conditional write of its manifest. Returns the manifest that stands. An
 * attempt that has lost removes its own objects, `written`.
 *
 * A zombie may come when the generation is published and its working files are swept: then the write succeeds although
 * the work was done long ago by another. So the report is looked for after the write, never before it: what was written
 * before the sweep the sweep removes, what was written after it is removed here.
 */
export async function commitManifest<M extends { readonly attempt: string }>(
  store: ObjectStore,
  at: GenerationRef,
  key: string,
  manifest: M,
  written: readonly string[],
): Promise<M> {
  const outcome = await putJsonOnce(store, key, manifest);
  if (await removeIfPublished(store, at, outcome === 'stored' ? [key, ...written] : written)) return manifest;
  if (outcome === 'stored') return manifest;
  const winner = await getJson<M>(store, key);
  // The write may have been ours, with its answer lost: then there is nothing to take back.
  if (winner?.attempt !== manifest.attempt) await store.delete(written);
  return winner ?? manifest;
}

/** Once the generation is published: removes those of `keys` that its report does not name, and says true. */
export async function removeIfPublished(store: ObjectStore, at: GenerationRef, keys: readonly string[]): Promise<boolean> {
  const report = await getJson<GenerationReport>(store, reportKey(at));
  if (report === null) return false;
  const named = new Set(artefactsOf(report).map((artefact) => artefact.key));
  await store.delete(keys.filter((key) => !named.has(key)));
  return true;
}
