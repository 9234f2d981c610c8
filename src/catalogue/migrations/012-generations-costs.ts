import { type Kysely, type Migration, sql } from 'kysely';

/** What each attempt at a generation has used, once for its name, and what that adds up to. Frozen. */
export const costs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table generations add cost jsonb',
  `create table costs (
    video_id text collate "C" not null,
    generation integer not null,
    name text collate "C" not null,
    cost jsonb not null,
    primary key (video_id, generation, name),
    foreign key (video_id, generation) references generations (video_id, generation)
  )`,
];
