import { type Kysely, type Migration, sql } from 'kysely';

/** What a tenant wants done with a source that ends before it should; all before this had it refused. Frozen. */
export const truncatedSources: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `alter table tenants add truncated_sources text not null default 'refuse' constraint tenants_truncated check (truncated_sources in ('refuse', 'publish'))`,
      )
      .execute(db);
  },
};
