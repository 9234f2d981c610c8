import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Files that come by other ways than our own parts: whose size, part size and name are not known when the session begins.
 * Uploads from before that have a multipart came through the door `parts`.
 */
export const doors: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};

const STATEMENTS = [
  'alter table videos alter column source_size_bytes drop not null',
  `alter table uploads
    alter column size_bytes drop not null,
    alter column part_size_bytes drop not null,
    add column door text constraint uploads_door check (door in ('parts', 'uppy', 'whole')),
    add column named boolean not null default true,
    add constraint uploads_sizes_found check (state <> 'completed' or (size_bytes is not null and part_size_bytes is not null))`,
  `update uploads set door = 'parts' where multipart_id is not null`,
];
