import { type Kysely, type Migration, sql } from 'kysely';

/** Which checksum an upload's parts carry; null, as all uploads before this have it: none. Frozen. */
export const partChecksums: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(`alter table uploads add column checksum text constraint uploads_checksum check (checksum in ('sha256', 'crc32c'))`).execute(db);
  },
};
