import { type Kysely, sql } from 'kysely';
import type { GenerationRef } from '../domain/keys.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import { attempt } from './attempts.js';
import type { Catalogue, SourceClaim, Unsettled } from './catalogue.js';
import { type LedgerGroup, ledgersOf } from './ledger-groups.js';
import { toUploadRecord } from './rows.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import { BEING_MADE } from './videos.js';
import { toUpload } from './writes.js';

/** The port's methods for reconciling and its operators. */
export type Overview = 'readLedger' | 'listOpenUploads' | 'listUnsettled' | 'findClaims' | 'findGenerations' | 'readReconcile' | 'saveReconcile';

/** Reads over all videos, and the one row that reconciling keeps. */
export const createOverview = (db: Kysely<Tables>): Pick<Catalogue, Overview> => ({
  readLedger: async (tenantId) => ledgersOf(await attempt(() => ledgerGroups(db, tenantId))),

  async listOpenUploads(after, limit) {
    const rows = await attempt(() =>
      db
        .selectFrom('uploads')
        .selectAll()
        .where('closedAt', 'is', null)
        .$if(after !== null, (query) => query.where('id', '>', after))
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => toUpload(toUploadRecord(row)));
  },

  listUnsettled: (after, limit) => attempt(() => unsettled(db, after, limit)),
  findClaims: (uploadIds) => attempt(() => claims(db, uploadIds)),
  findGenerations: (wanted) => attempt(() => generations(db, wanted)),

  async readReconcile() {
    const row = await attempt(() => db.selectFrom('reconcile').select('record').executeTakeFirst());
    return row?.record ?? null;
  },
  saveReconcile: (record, after) => attempt(() => saveReconcile(db, storable(record), after)),
});

/** One statement, so one moment: an upload that moves on while it runs is counted once, where it was. */
async function ledgerGroups(db: Kysely<Tables>, tenantId: string | undefined): Promise<LedgerGroup[]> {
  const current = sql<boolean | null>`made.generation = videos.generation`;
  const live = sql<boolean>`coalesce(live.upload_id = uploads.id, false)`;
  const rows = await db
    .selectFrom('uploads')
    .innerJoin('videos', 'videos.id', 'uploads.videoId')
    .leftJoinLateral(
      (from) =>
        from
          .selectFrom('generations')
          .select(['generations.state', 'generations.generation'])
          .whereRef('generations.uploadId', '=', 'uploads.id')
          .orderBy('generations.generation', 'desc')
          .limit(1)
          .as('made'),
      (join) => join.onTrue(),
    )
    .leftJoin('generations as live', (join) => join.onRef('live.videoId', '=', 'videos.id').onRef('live.generation', '=', 'videos.liveGeneration'))
    .select([
      'uploads.tenantId',
      'uploads.state as upload',
      'videos.state as video',
      'made.state as generation',
      current.as('current'),
      live.as('live'),
    ])
    .select((from) => [
      from.fn.countAll<number>().as('count'),
      sql<number>`coalesce(sum(uploads.size_bytes), 0)::bigint`.as('sizeBytes'),
      from.fn.min<Date>('uploads.createdAt').as('oldestCreatedAt'),
      from.fn.min<Date | null>('uploads.completedAt').as('oldestCompletedAt'),
    ])
    .$if(tenantId !== undefined, (query) => query.where('uploads.tenantId', '=', tenantId ?? ''))
    .groupBy(['uploads.tenantId', 'uploads.state', 'videos.state', 'made.state', current, live])
    .execute();
  return rows.map((row) => ({
    ...row,
    oldestCreatedAt: row.oldestCreatedAt.toISOString(),
    oldestCompletedAt: row.oldestCompletedAt?.toISOString() ?? null,
  }));
}

async function unsettled(db: Kysely<Tables>, after: string | null, limit: number): Promise<Unsettled[]> {
  const rows = await db
    .selectFrom('videos')
    .innerJoin('generations', (join) => join.onRef('generations.videoId', '=', 'videos.id').onRef('generations.generation', '=', 'videos.generation'))
    .select(['videos.id as videoId', 'videos.tenantId', 'videos.generation', 'videos.name as fileName', 'videos.sourceSizeBytes as sizeBytes'])
    .select(['videos.state', 'videos.updatedAt', 'generations.uploadId'])
    // As the index says it, so that it is used.
    .where(BEING_MADE)
    .$if(after !== null, (query) => query.where('videos.id', '>', after ?? ''))
    .orderBy('videos.id')
    .limit(limit)
    .execute();
  return rows.map(({ updatedAt, state, ...row }) => ({
    ...row,
    sizeBytes: row.sizeBytes ?? 0,
    state: state as Unsettled['state'],
    changedAt: updatedAt.toISOString(),
  }));
}

async function claims(db: Kysely<Tables>, uploadIds: readonly string[]): Promise<SourceClaim[]> {
  if (uploadIds.length === 0) return [];
  const rows = await db
    .selectFrom('uploads')
    .innerJoin('videos', 'videos.id', 'uploads.videoId')
    .selectAll('uploads')
    .select('videos.state as videoState')
    .where('uploads.id', 'in', [...uploadIds])
    .execute();
  return rows.map(({ videoState, ...row }) => ({ upload: toUpload(toUploadRecord(row)), videoState }));
}

async function generations(db: Kysely<Tables>, wanted: readonly GenerationRef[]): ReturnType<Catalogue['findGenerations']> {
  if (wanted.length === 0) return [];
  const rows = await db
    .selectFrom('generations')
    .innerJoin('videos', 'videos.id', 'generations.videoId')
    .select(['generations.videoId', 'generations.generation', 'generations.state', 'generations.settledAt'])
    .select(['generations.supersededAt', 'generations.retiredAt', 'videos.state as videoState', 'videos.updatedAt'])
    .where('generations.videoId', 'in', [...new Set(wanted.map(({ videoId }) => videoId))])
    .execute();
  const asked = new Set(wanted.map(({ videoId, generation }) => `${videoId}/${generation}`));
  return rows
    .filter(({ videoId, generation }) => asked.has(`${videoId}/${generation}`))
    .map(({ updatedAt, settledAt, supersededAt, retiredAt, ...row }) => ({
      ...row,
      settledAt: settledAt?.toISOString() ?? null,
      supersededAt: supersededAt?.toISOString() ?? null,
      retired: retiredAt !== null,
      videoChangedAt: updatedAt.toISOString(),
    }));
}

/** Guarded by the run that it follows: two runs at once cannot both count their repairs on top of the same totals. */
async function saveReconcile(db: Kysely<Tables>, record: ReconcileRecord, after: string | null): Promise<boolean> {
  const row = { one: true, runId: record.runId, record: JSON.stringify(record) } as const;
  const written =
    after === null
      ? await db
          .insertInto('reconcile')
          .values(row)
          .onConflict((conflict) => conflict.column('one').doNothing())
          .executeTakeFirst()
      : await db.updateTable('reconcile').set({ runId: row.runId, record: row.record }).where('runId', '=', after).executeTakeFirst();
  const count = 'numUpdatedRows' in written ? written.numUpdatedRows : written.numInsertedOrUpdatedRows;
  if (count === 1n) return true;
  const there = await db.selectFrom('reconcile').select('runId').executeTakeFirst();
  return there?.runId === record.runId;
}
