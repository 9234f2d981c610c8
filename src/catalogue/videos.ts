import { type Kysely, type RawBuilder, sql } from 'kysely';
import { IN_MAKING } from '../domain/generation.js';
import type { Video } from '../domain/video.js';
import { attempt } from './attempts.js';
import { type Catalogue, NEWEST_FIRST, type VideoQuery } from './catalogue.js';
import { toVideo } from './rows.js';
import type { Tables } from './tables.js';
import { anyOf, findTogether } from './together.js';

export const createVideos = (db: Kysely<Tables>): Pick<Catalogue, 'findVideo' | 'getVideo' | 'listVideos' | 'getSource'> => ({
  findVideo: findVideo(db),

  async getVideo(videoId) {
    const row = await attempt(() => withPlan(db).where('videos.id', '=', videoId).executeTakeFirst());
    return row ? toVideo(row, row) : null;
  },

  async listVideos(query) {
    const rows = await attempt(() => videoPage(db, query).execute());
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

/** Read whole, a video takes some ten kilobytes with its plan. */
const MOST_KEPT = 1_000;

/**
 * What is read again and again (by who polls, by who waits) is read whole once for each of its versions: whatever is shown of a
 * video raises its version. The row itself is always asked.
 */
function findVideo(db: Kysely<Tables>): Catalogue['findVideo'] {
  const kept = new Map<string, Video>();
  const findVersion = findTogether(db, (ids, tenantIds) =>
    db
      .selectFrom('videos')
      .select(['id', 'tenantId', 'version'])
      .where(anyOf('id', ids))
      .where(anyOf('tenantId', tenantIds))
      .where('state', '<>', 'deleted'),
  );
  const findWhole = findTogether(db, (ids, tenantIds) =>
    withPlan(db).where(anyOf('videos.id', ids)).where(anyOf('videos.tenantId', tenantIds)).where('videos.state', '<>', 'deleted'),
  );
  const keep = (video: Video): Video => {
    // To the end of the order: the first are those that changed the longest ago.
    kept.delete(video.id);
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
    kept.set(video.id, video);
    return video;
  };
  return async (tenantId, videoId) => {
    const known = kept.get(videoId);
    if (known?.tenantId === tenantId) {
      const row = await findVersion(tenantId, videoId);
      if (row?.version === known.version) return known;
      kept.delete(videoId);
      if (row === null) return null;
    }
    const row = await findWhole(tenantId, videoId);
    return row && keep(toVideo(row, row));
  };
}

/** `isBeingMade`, in words in which the server knows its index of such videos. */
export const BEING_MADE = sql<boolean>`videos.state in (${sql.join(IN_MAKING.map((state) => sql.lit(state)))})`;

/** `shownGeneration`, in the words of the database. */
const SHOWN = sql<number>`case when ${BEING_MADE} then videos.generation
  else coalesce(videos.live_generation, videos.generation) end`;

const withPlan = (db: Kysely<Tables>) =>
  db
    .selectFrom('videos')
    .leftJoin('generations', (join) => join.onRef('generations.videoId', '=', 'videos.id').on('generations.generation', '=', SHOWN))
    .selectAll('videos')
    .select(['generations.plan', 'generations.summary', 'generations.trail', 'generations.cost']);

const TIME_COLUMNS = { createdAt: 'videos.createdAt', updatedAt: 'videos.updatedAt' } as const;

/** Each part stands only where it is asked for, so that the server plans for what is there. */
export function videoPage(db: Kysely<Tables>, query: VideoQuery) {
  const { tenantId, limit, after, order = NEWEST_FIRST, states } = query;
  const [at, id] = [sql.ref(TIME_COLUMNS[order.by]), sql.ref('videos.id')];
  const direction = order.newestFirst ? 'desc' : 'asc';
  const behind = sql.raw(order.newestFirst ? '<' : '>');
  return (
    withPlan(db)
      .where('videos.tenantId', '=', tenantId)
      .where('videos.state', '<>', 'deleted')
      .$if(states !== undefined, (rows) => rows.where(sql<boolean>`${sql.ref('videos.state')} = any(${states ?? []}::text[])`))
      .where((row) => row.and(wishes(query)))
      // One comparison of rows, which the index on (tenant, time, id) answers.
      .$if(after !== null, (rows) => rows.where(sql<boolean>`(${at}, ${id}) ${behind} (${after?.[order.by]}::timestamptz, ${after?.id}::text)`))
      .orderBy(TIME_COLUMNS[order.by], direction)
      .orderBy('videos.id', direction)
      .limit(limit)
  );
}

function wishes(query: VideoQuery): RawBuilder<boolean>[] {
  const { createdAfter, createdBefore, updatedAfter, updatedBefore, metadata, passthrough, titleKeyPrefix } = query;
  const given = <T>(value: T | undefined, wish: (value: T) => RawBuilder<boolean>): RawBuilder<boolean>[] =>
    value === undefined ? [] : [wish(value)];
  return [
    ...given(createdAfter, (at) => sql`videos.created_at > ${at}::timestamptz`),
    ...given(createdBefore, (at) => sql`videos.created_at < ${at}::timestamptz`),
    ...given(updatedAfter, (at) => sql`videos.updated_at > ${at}::timestamptz`),
    ...given(updatedBefore, (at) => sql`videos.updated_at < ${at}::timestamptz`),
    // The second half in the words of its index, which holds videos with metadata only.
    ...given(metadata, (entries) => sql`videos.metadata @> ${JSON.stringify(entries)}::jsonb and videos.metadata <> '{}'`),
    ...given(passthrough, (text) => sql`videos.passthrough = ${text}`),
    ...given(titleKeyPrefix, (text) => sql`videos.title_key ^@ ${text}`),
  ];
}
