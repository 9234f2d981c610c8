import type { Catalogue } from '../catalogue/catalogue.js';
import { attemptName } from '../domain/cost.js';
import { costKey } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { removeIfOver } from './commit-manifest.js';
import { putJsonOnce } from './json-objects.js';
import type { WriteCost } from './metered.js';

/** For encoders, who have no catalogue: an object among the generation's working files, from which it is collected. One that comes too late removes it again. */
export const costToStore =
  ({ store }: { readonly store: ObjectStore }): WriteCost =>
  async ({ at, anchor }, cost) => {
    const key = costKey(at, attemptName(cost));
    await putJsonOnce(store, key, cost);
    await removeIfOver(store, at, [key], anchor);
  };

export const costToCatalogue =
  ({ catalogue }: { readonly catalogue: Catalogue }): WriteCost =>
  ({ at }, cost) =>
    catalogue.saveCosts(at, [cost]);
