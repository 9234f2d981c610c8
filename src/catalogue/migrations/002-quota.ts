import { type Kysely, type Migration, sql } from 'kysely';

/**
 * A tenant's account: what it may hold, and what its open uploads and kept sources do hold. Counted once from the rows
 * that are there; from then on every change of a row moves it.
 *
 * Nothing keeps the counters above zero by force: during a rolling update an older process writes rows without them, and
 * such an upload must still be completed or closed.
 */
export const quota: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  `alter table tenants
    add quota_bytes bigint check (quota_bytes >= 0),
    add reserved_bytes bigint not null default 0,
    add stored_bytes bigint not null default 0`,
  `update tenants set
    reserved_bytes = coalesce((select sum(size_bytes) from uploads where tenant_id = tenants.id and closed_at is null), 0),
    stored_bytes = coalesce((
      select sum(source_size_bytes) from videos where tenant_id = tenants.id and uploaded_at is not null and state <> 'deleted'
    ), 0)`,
  'create index uploads_newest on uploads (tenant_id, created_at desc, id desc)',
];
