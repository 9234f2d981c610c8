import { type Kysely, sql } from 'kysely';
import type { Failure } from '../domain/artefact.js';
import type { Review, Trail } from '../domain/trail.js';
import type { Stage } from '../domain/video.js';
import { attempt } from './attempts.js';
import { toFailure } from './rows.js';
import type { Tables } from './tables.js';

/** The part of the port that is about what people have to look at, and how long things take. */
export interface ReviewCatalogue {
  /** Videos in review, of all tenants or of one: who waits longest first, by (since, videoId). */
  listReview(query: ReviewQuery): Promise<Parked[]>;
  /** Trails of the generations that were published last: within so many milliseconds, and at most `limit`. */
  listTrails(withinMs: number, limit: number): Promise<Trail[]>;
}

export interface ReviewQuery {
  readonly tenantId?: string;
  readonly limit: number;
  /** The last row of the page before. */
  readonly after: { readonly since: string; readonly videoId: string } | null;
}

/** A video that waits for a person. */
export interface Parked {
  readonly videoId: string;
  readonly tenantId: string;
  readonly generation: number;
  /** Of the file. */
  readonly name: string;
  readonly title: string | null;
  readonly sourceSizeBytes: number | null;
  readonly failure: Failure | null;
  /** The stage that failed. */
  readonly stage: Stage | null;
  readonly since: string;
  /** What was tried before: each time that it was parked and taken up again, the latest last. */
  readonly retried: readonly Review[];
}

/** Those of a trail that are over. */
export const retriedIn = (trail: Trail | null): readonly Review[] => (trail?.reviews ?? []).filter(({ retriedAt }) => retriedAt !== null);

export const createReview = (db: Kysely<Tables>): ReviewCatalogue => ({
  listReview: (query) => attempt(() => listReview(db, query)),

  async listTrails(withinMs, limit) {
    const rows = await attempt(() =>
      db
        .selectFrom('generations')
        .select('trail')
        .where('state', '=', sql.lit('published'))
        .where('settledAt', '>', sql<Date>`clock_timestamp() - ${withinMs} * interval '1 millisecond'`)
        .orderBy('settledAt', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.flatMap(({ trail }) => trail ?? []);
  },
});

async function listReview(db: Kysely<Tables>, { tenantId, limit, after }: ReviewQuery): Promise<Parked[]> {
  // As its index says it. A process of the release before parks without a time.
  const since = sql<Date>`coalesce(generations.parked_at, generations.created_at)`;
  const rows = await db
    .selectFrom('generations')
    .innerJoin('videos', (join) => join.onRef('videos.id', '=', 'generations.videoId').onRef('videos.generation', '=', 'generations.generation'))
    .select(['videos.id as videoId', 'videos.tenantId', 'videos.generation', 'videos.name', 'videos.title', 'videos.sourceSizeBytes'])
    .select(['videos.progress', 'generations.failureCode', 'generations.failureMessage', 'generations.trail', since.as('since')])
    .where('generations.state', '=', sql.lit('review'))
    .where('videos.state', '=', 'review')
    .$if(tenantId !== undefined, (query) => query.where('videos.tenantId', '=', tenantId ?? ''))
    .$if(after !== null, (query) =>
      query.where(sql<boolean>`(${since}, generations.video_id) > (${after?.since}::timestamptz, ${after?.videoId}::text)`),
    )
    .orderBy(since)
    .orderBy('generations.videoId')
    .limit(limit)
    .execute();
  return rows.map(({ failureCode, failureMessage, trail, progress, since: at, ...row }) => ({
    ...row,
    failure: toFailure({ failureCode, failureMessage }),
    stage: progress.stage,
    since: at.toISOString(),
    retried: retriedIn(trail),
  }));
}
