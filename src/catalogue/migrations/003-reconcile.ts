import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What reconciling keeps between two runs, as one row; and two indexes as small as the work that is under way, so that a
 * page of it costs the same however many videos there have been.
 */
export const reconcile: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `create table reconcile (
    one boolean primary key default true check (one),
    run_id text not null,
    record jsonb not null
  )`,
  'create index uploads_open on uploads (id) where closed_at is null',
  "create index videos_unsettled on videos (id) where state in ('queued', 'preparing', 'review')",
];
