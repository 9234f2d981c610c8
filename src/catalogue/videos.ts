import { type Kysely, sql } from 'kysely';
import { attempt } from './attempts.js';
import type { Catalogue, VideoQuery } from './catalogue.js';
import { toVideo } from './rows.js';
import type { Tables } from './tables.js';
import { anyOf, together } from './together.js';

export const createVideos = (db: Kysely<Tables>): Pick<Catalogue, 'findVideo' | 'getVideo' | 'listVideos' | 'getSource'> => ({
  findVideo: findTogether(db),

  async getVideo(videoId) {
    const row = await attempt(() => withPlan(db).where('videos.id', '=', videoId).executeTakeFirst());
    return row ? toVideo(row, row) : null;
  },

  async listVideos(query) {
    const rows = await attempt(() => page(db, query).execute());
    return rows.map((row) => toVideo(row, row));
  },

  async getSource(videoId) {
    const row = await attempt(() =>
      db
        .selectFrom('videos')
        .innerJoin('generations', (join) =>
          join.onRef('generations.videoId', '=', 'videos.id').onRef('generations.generation', '=', 'videos.generation'),
        )
        .innerJoin('uploads', 'uploads.id', 'generations.uploadId')
        .select(['uploads.key', 'uploads.sourceSizeBytes', 'uploads.sourceEtag', 'uploads.fileName', 'uploads.contentType', 'uploads.tenantId'])
        .where('videos.id', '=', videoId)
        .where('videos.state', '<>', 'deleted')
        .executeTakeFirst(),
    );
    if (row === undefined || row.sourceSizeBytes === null || row.sourceEtag === null) return null;
    const { key, fileName: name, contentType, tenantId, sourceSizeBytes: sizeBytes, sourceEtag: etag } = row;
    return { key, sizeBytes, etag, name, contentType, tenantId };
  },
});

function findTogether(db: Kysely<Tables>): Catalogue['findVideo'] {
  const find = together(
    (asked: readonly { readonly tenantId: string; readonly videoId: string }[]) =>
      attempt(() =>
        withPlan(db)
          .where(
            anyOf(
              'videos.id',
              asked.map(({ videoId }) => videoId),
            ),
          )
          .where(
            anyOf(
              'videos.tenantId',
              asked.map(({ tenantId }) => tenantId),
            ),
          )
          .where('videos.state', '<>', 'deleted')
          .execute(),
      ),
    // Each asks for his own: that both lists hold a row is not enough.
    (row, { tenantId, videoId }) => row.id === videoId && row.tenantId === tenantId,
  );
  return async (tenantId, videoId) => {
    const row = await find({ tenantId, videoId });
    return row && toVideo(row, row);
  };
}
/** `shownGeneration`, in the words of the database. */
const SHOWN = sql<number>`case when videos.state in ('queued', 'preparing', 'review') then videos.generation
  else coalesce(videos.live_generation, videos.generation) end`;

const withPlan = (db: Kysely<Tables>) =>
  db
    .selectFrom('videos')
    .leftJoin('generations', (join) => join.onRef('generations.videoId', '=', 'videos.id').on('generations.generation', '=', SHOWN))
    .selectAll('videos')
    .select(['generations.plan', 'generations.summary', 'generations.cost']);

function page(db: Kysely<Tables>, { tenantId, limit, after, states }: VideoQuery) {
  return withPlan(db)
    .where('videos.tenantId', '=', tenantId)
    .where('videos.state', '<>', 'deleted')
    .$if(states !== undefined, (query) => query.where(sql<boolean>`${sql.ref('videos.state')} = any(${states ?? []}::text[])`))
    .$if(after !== null, (query) =>
      query.where(
        // One comparison of rows, which the index on (tenant, created_at, id) answers.
        sql<boolean>`(${sql.ref('videos.createdAt')}, ${sql.ref('videos.id')}) < (${after?.createdAt}::timestamptz, ${after?.id}::text)`,
      ),
    )
    .orderBy('videos.createdAt', 'desc')
    .orderBy('videos.id', 'desc')
    .limit(limit);
}
