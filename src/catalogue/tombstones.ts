import { type Kysely, type RawBuilder, sql } from 'kysely';
import { attempt } from './attempts.js';
import type { Catalogue, Tombstone } from './catalogue.js';
import { deleteVideo, unlessDeleted } from './decisions.js';
import type { ChangeVideo } from './standing.js';
import type { Tables } from './tables.js';

type Tombstones = Pick<Catalogue, 'deleteVideo' | 'getTombstone' | 'markPurged' | 'listUnpurged'>;

export const createTombstones = (db: Kysely<Tables>, change: ChangeVideo): Tombstones => ({
  async deleteVideo(tenantId, videoId, trace) {
    const after = await change({ tenantId, videoId }, unlessDeleted(deleteVideo()), trace);
    return after === null ? null : ((await read(db, sql`v.id = ${videoId}`, 1))[0] ?? null);
  },

  async getTombstone(videoId) {
    return (await read(db, sql`v.id = ${videoId}`, 1))[0] ?? null;
  },

  async markPurged(videoId) {
    const statement = sql`update videos set purged_at = clock_timestamp() where id = ${videoId} and state = 'deleted' and purged_at is null`;
    await attempt(() => statement.execute(db));
  },

  listUnpurged: (limit) => read(db, sql`v.purged_at is null`, limit),
});

interface Row extends Omit<Tombstone, 'deletedAt' | 'purgedAt'> {
  readonly deletedAt: Date;
  readonly purgedAt: Date | null;
}

async function read(db: Kysely<Tables>, wanted: RawBuilder<unknown>, limit: number): Promise<Tombstone[]> {
  const query = sql<Row>`
    select v.id as video_id, v.tenant_id, v.generation, v.deleted_at, v.purged_at,
      greatest(0, extract(epoch from clock_timestamp() - v.deleted_at) * 1000)::float8 as age_ms,
      (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'key', u.key) order by u.id), '[]') from uploads u where u.video_id = v.id) as uploads
    from videos v where v.state = 'deleted' and ${wanted} order by v.deleted_at, v.id limit ${limit}`;
  const { rows } = await attempt(() => query.execute(db));
  return rows.map((row) => ({ ...row, deletedAt: row.deletedAt.toISOString(), purgedAt: row.purgedAt?.toISOString() ?? null }));
}
