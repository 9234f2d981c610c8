import { artefactsOf, type GenerationReport } from '../domain/artefact.js';
import { type GenerationRef, planKey, reportKey } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { getJson, putJsonOnce } from './json-objects.js';
import { meter } from './meter.js';
import { removeGeneration } from './sweep-generation.js';

/**
 * Commits what one attempt has made by one conditional write of its manifest. Returns the manifest that stands. An
 * attempt that has lost removes its own objects, `written`.
 *
 * A zombie may come when the generation is published and swept, or taken back, or its video deleted: then the write
 * succeeds although nobody wants it any more. So that is looked for after the write, never before it: what was written
 * before the sweep the sweep removes, what was written after it is removed here.
 *
 * @param anchor see removeIfOver
 */
export async function commitManifest<M extends { readonly attempt: string }>(
  store: ObjectStore,
  at: GenerationRef,
  key: string,
  manifest: M,
  written: readonly string[],
  anchor?: string,
): Promise<M> {
  const outcome = await putJsonOnce(store, key, manifest);
  const over = await removeIfOver(store, at, outcome === 'stored' ? [key, ...written] : written, anchor);
  const winner = over || outcome === 'stored' ? null : await getJson<M>(store, key);
  // The write may have been ours, with its answer lost: then there is nothing to take back.
  const lost = winner !== null && winner.attempt !== manifest.attempt;
  meter()?.stands(!over && !lost);
  if (lost) await store.delete(written);
  return winner ?? manifest;
}

/**
 * Says whether the generation's story is over, and then removes what came late: once it is published, those of `keys` that
 * its report does not name; once it was taken back or its video deleted, all that there is of it.
 *
 * @param anchor what is there as long as this work is wanted: the plan, or for work that comes before the plan the source.
 *   It goes away after the report was written, or else before anything else does. So it is looked for first: whoever finds
 *   neither it nor a report knows that there will never be a report.
 */
export async function removeIfOver(store: ObjectStore, at: GenerationRef, keys: readonly string[], anchor = planKey(at)): Promise<boolean> {
  const wanted = (await store.head(anchor)) !== null;
  const report = await getJson<GenerationReport>(store, reportKey(at));
  if (report === null) {
    if (!wanted) await removeGeneration(store, at);
    return !wanted;
  }
  const named = new Set(artefactsOf(report).map((artefact) => artefact.key));
  await store.delete(keys.filter((key) => !named.has(key)));
  return true;
}
