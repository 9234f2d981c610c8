import type { Migration } from 'kysely';
import { first } from './001-first.js';
import { quota } from './002-quota.js';
import { reconcile } from './003-reconcile.js';
import { partChecksums } from './004-part-checksums.js';
import { deletions } from './005-deletions.js';
import { doors } from './006-doors.js';
import { tenants } from './007-tenants.js';
import { webhooks } from './008-webhooks.js';
import { truncatedSources } from './009-truncated-sources.js';
import { videosAsResources } from './011-videos-as-resources.js';
import { generations } from './012-generations.js';
import { costs } from './012-generations-costs.js';

/** In order of name. Only ever added to: a migration that has run somewhere is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '002-quota': quota,
  '003-reconcile': reconcile,
  '004-part-checksums': partChecksums,
  '005-deletions': deletions,
  '006-doors': doors,
  '007-tenants': tenants,
  '008-webhooks': webhooks,
  '009-truncated-sources': truncatedSources,
  '011-videos-as-resources': videosAsResources,
  '012-generations': generations,
  '012-generations-costs': costs,
};
