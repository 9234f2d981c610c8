import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What owners keep with their videos, found again; what a generation went through; and ends for rows that only grew. Frozen.
 *
 * Lists: one index an order, and one for each thing that is looked for. `metadata` is in an index only where there is some, so that
 * videos without cost nothing there. `title_key` compares by bytes, and is looked for by its beginning (`^@`).
 *
 * Generations that are in review already were parked when their video changed last.
 */
export const videosAsResources: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table videos add title text, add title_key text collate "C"',
  'create index videos_by_update on videos (tenant_id, updated_at desc, id desc)',
  'create index videos_by_state on videos (tenant_id, state, created_at desc, id desc)',
  'create index videos_by_title on videos (tenant_id, title_key) where title_key is not null',
  'create index videos_by_passthrough on videos (tenant_id, passthrough) where passthrough is not null',
  `create index videos_by_metadata on videos using gin (metadata jsonb_path_ops) where metadata <> '{}'`,

  'alter table generations add trail jsonb, add parked_at timestamptz(3)',
  `update generations set parked_at = videos.updated_at from videos where videos.id = generations.video_id and generations.state = 'review'`,
  `create index generations_in_review on generations (coalesce(parked_at, created_at), video_id) where state = 'review'`,
  `create index generations_published on generations (settled_at desc) where state = 'published'`,

  `create index deliveries_oldest_pending on deliveries (webhook_id, created_at, position) where state = 'pending'`,
  `create index deliveries_settled on deliveries (settled_at) where state <> 'pending'`,
  'create index audit_by_time on audit (at)',
];
