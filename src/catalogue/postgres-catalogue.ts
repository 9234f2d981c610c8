import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import { createApiKeys } from './api-keys.js';
import { attempt } from './attempts.js';
import { createAudit } from './audit.js';
import type { Catalogue } from './catalogue.js';
import { createChangeVideo } from './change-video.js';
import { createCosts } from './costs.js';
import { createEvents } from './events.js';
import { toPipelineError } from './faults.js';
import { createGenerations } from './generations.js';
import { createLabelVideo } from './label-video.js';
import { migrateToLatest } from './migrate.js';
import { createOverview } from './overview.js';
import { createPool } from './pool.js';
import { createRequests } from './requests.js';
import { createReview } from './review.js';
import type { Tables } from './tables.js';
import { createTenants } from './tenants.js';
import { createTiers } from './tiers.js';
import { createTombstones } from './tombstones.js';
import { createUploads } from './uploads.js';
import { createUsage } from './usage.js';
import { createVideos } from './videos.js';
import { createEventWatch } from './watch-events.js';
import { createWebhookWork } from './webhook-work.js';
import { createWebhooks } from './webhooks.js';
import { createWrites } from './writes.js';

export interface PostgresCatalogueOptions {
  /** postgres://user:password@host:port/database */
  readonly databaseUrl: string;
  readonly maxConnections?: number;
  /** What the server shows for these connections. */
  readonly applicationName?: string;
  /** Longest that one statement may take, milliseconds. */
  readonly statementTimeoutMs?: number;
}

/**
 * The catalogue on PostgreSQL 15 and later. Connects when first asked. Every time stamp comes from the server's clock.
 *
 * Rejects with CATALOGUE_UNAVAILABLE where the server is away, too slow, or kept breaking the connection; a single broken
 * connection or a lost race is tried again before anyone hears of it.
 *
 * The outbox: see the first migration for why a reader that follows positions misses nothing.
 */
export function createPostgresCatalogue(options: PostgresCatalogueOptions): Catalogue {
  const { databaseUrl, maxConnections = 10, applicationName = 'reelmill', statementTimeoutMs = 10_000 } = options;
  const pool = createPool({ databaseUrl, maxConnections, applicationName, statementTimeoutMs });
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // Keys inside jsonb are ours already.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  const change = createChangeVideo(db);
  const watch = createEventWatch({ databaseUrl, applicationName });
  let closed: Promise<void> | undefined;
  return {
    ...createTenants(db),
    ...createApiKeys(db),
    ...createTiers(db),
    ...createAudit(db),
    ...createRequests(db),
    ...createUsage(db),
    ...createUploads(db),
    ...createVideos(db),
    ...createOverview(db),
    ...createReview(db),
    ...createWrites(change),
    ...createLabelVideo(change),
    ...createTombstones(db, change),
    ...createGenerations(db, change),
    ...createCosts(db),
    ...createEvents(db),
    ...createWebhooks(db),
    ...createWebhookWork(db),
    watchEvents: (wake) => watch.watch(wake),

    async migrate() {
      try {
        await migrateToLatest({ databaseUrl, applicationName });
      } catch (error) {
        throw toPipelineError(error);
      }
    },
    async ping() {
      await attempt(() => db.selectNoFrom(sql<number>`1`.as('alive')).execute());
    },
    close() {
      watch.close();
      closed ??= db.destroy();
      return closed;
    },
  };
}
