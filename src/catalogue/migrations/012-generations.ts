import { type Kysely, type Migration, sql } from 'kysely';

/** More than one published generation of a video: why it was made, since when another one is live, and that it is kept no longer. Frozen. */
export const generations: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `alter table generations
          add reason text,
          add begun_by text,
          add live_by text,
          add superseded_at timestamptz(3),
          add retired_at timestamptz(3),
          add constraint generations_retired check (retired_at is null or state = 'published')`,
      )
      .execute(db);
  },
};
