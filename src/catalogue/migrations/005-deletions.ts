import { type Kysely, type Migration, sql } from 'kysely';

/** When the last object of a deleted video was seen to be gone. Tombstones that still wait for it are found by an index that holds them alone. */
export const deletions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table videos add column purged_at timestamptz(3) check (purged_at is null or deleted_at is not null)',
  "create index videos_unpurged on videos (deleted_at, id) where state = 'deleted' and purged_at is null",
];
