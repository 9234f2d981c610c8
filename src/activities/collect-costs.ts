import pLimit from 'p-limit';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { AttemptCost } from '../domain/cost.js';
import { costPrefix, type GenerationRef } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { getJson } from './json-objects.js';

const PARALLEL_READS = 8;

/**
 * Takes what encoders have written down into the catalogue, and removes it from the store. Dies in between: taken once more, under
 * the same names, which changes nothing. Before working files are removed, whoever removes them.
 */
export async function collectCosts(
  { store, catalogue }: { readonly store: ObjectStore; readonly catalogue: Catalogue },
  at: GenerationRef,
): Promise<void> {
  const limit = pLimit(PARALLEL_READS);
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list(costPrefix(at), after);
    const keys = page.objects.map(({ key }) => key);
    const found = await Promise.all(keys.map((key) => limit(() => getJson<AttemptCost>(store, key))));
    if (keys.length > 0) {
      await catalogue.saveCosts(
        at,
        found.filter((cost) => cost !== null),
      );
      await store.delete(keys);
    }
    after = page.next;
  } while (after !== null);
}
