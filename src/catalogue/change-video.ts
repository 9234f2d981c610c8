import { type Kysely, sql, type Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { attempt } from './attempts.js';
import { appendEvents } from './events.js';
import { fromGenerationRecord, fromUploadRecord, fromVideo, NOTHING_MADE, toGenerationRecord, toUploadRecord, toVideo } from './rows.js';
import { applyChange, type ChangeVideo, liveMoves, type Place, type Standing } from './standing.js';
import type { Tables } from './tables.js';
import { leaveTrace } from './trace.js';
import { moveHolding, moveSpent } from './usage.js';

/**
 * One transaction: the video's row is locked first, so that writes about one video stand in line (events without a gap, one
 * winner); the tenant's account, where it moves, last, so that no two writes can deadlock. The updates are guarded by what was read all the same: should
 * the lock ever not hold, the write fails rather than overwrite. Dies anywhere: all of it happened, or none.
 */
export const createChangeVideo =
  (db: Kysely<Tables>): ChangeVideo =>
  (place, decide, trace) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const found = await lock(trx, place);
        if (found === null) return null;
        const change = decide(found.standing, found.now);
        if (change === null) return found.standing;
        const { after, events, held, spent } = applyChange(found.standing, change, found.now);
        // The generation before the video, whose live pointer refers to it.
        await writeGeneration(trx, found.standing, after);
        await writeVideo(trx, found.standing, after);
        for (const { generation, supersededAt } of liveMoves(found.standing.video, after.video, found.now))
          await trx
            .updateTable('generations')
            .set({ supersededAt })
            .where('videoId', '=', after.video.id)
            .where('generation', '=', generation)
            .execute();
        if (after.upload !== null && change.upload !== undefined) await writeUpload(trx, found.standing, after);
        await appendEvents(trx, events);
        if (trace) await leaveTrace(trx, trace, 'uploadId' in place ? place.uploadId : place.videoId);
        await moveHolding(trx, after.video.tenantId, held);
        await moveSpent(trx, after.video.tenantId, spent);
        return after;
      }),
    );

async function lock(trx: Transaction<Tables>, place: Place): Promise<{ standing: Standing; now: string } | null> {
  const videoId = 'uploadId' in place ? trx.selectFrom('uploads').select('videoId').where('id', '=', place.uploadId) : place.videoId;
  const row = await trx.selectFrom('videos').selectAll().where('id', '=', videoId).forNoKeyUpdate().executeTakeFirst();
  if (row === undefined || ('tenantId' in place && row.tenantId !== place.tenantId)) return null;
  // A statement of its own, behind the lock: it sees what the holder before us committed, and its clock is later than theirs.
  const { now } = await trx.selectNoFrom(sql<Date>`clock_timestamp()`.as('now')).executeTakeFirstOrThrow();
  const generation = await trx
    .selectFrom('generations')
    .selectAll()
    .where('videoId', '=', row.id)
    .where('generation', '=', 'generation' in place ? place.generation : row.generation)
    .executeTakeFirst();
  const upload = 'generation' in place ? undefined : await uploadAt(trx, place).executeTakeFirst();
  const own = generation?.generation === row.generation ? generation : NOTHING_MADE;
  return {
    now: now.toISOString(),
    standing: {
      video: toVideo(row, own),
      upload: upload ? toUploadRecord(upload) : null,
      generation: generation && !('uploadId' in place) ? toGenerationRecord(generation) : null,
      eventSequence: row.eventSequence,
    },
  };
}

/** The upload that is named, or the one of the video that is still open. */
function uploadAt(trx: Transaction<Tables>, place: { readonly uploadId: string } | { readonly videoId: string }) {
  const uploads = trx.selectFrom('uploads').selectAll();
  return 'uploadId' in place ? uploads.where('id', '=', place.uploadId) : uploads.where('videoId', '=', place.videoId).where('closedAt', 'is', null);
}

async function writeVideo(trx: Transaction<Tables>, before: Standing, after: Standing): Promise<void> {
  const { id, tenantId: _tenantId, createdAt: _createdAt, ...columns } = fromVideo(after.video, after.eventSequence);
  const { numUpdatedRows } = await trx
    .updateTable('videos')
    .set(columns)
    .where('id', '=', id)
    .where('version', '=', before.video.version)
    .where('state', '=', before.video.state)
    .where('generation', '=', before.video.generation)
    .executeTakeFirst();
  mustBeOne(numUpdatedRows, 'video', id);
}

async function writeGeneration(trx: Transaction<Tables>, before: Standing, after: Standing): Promise<void> {
  if (after.generation === null || after.generation === before.generation) return;
  const row = fromGenerationRecord(after.generation);
  if (before.generation?.generation !== after.generation.generation) {
    await trx.insertInto('generations').values(row).execute();
    return;
  }
  const { videoId, generation, uploadId: _uploadId, createdAt: _createdAt, ...columns } = row;
  const { numUpdatedRows } = await trx
    .updateTable('generations')
    .set(columns)
    .where('videoId', '=', videoId)
    .where('generation', '=', generation)
    .where('state', '=', before.generation.state)
    .executeTakeFirst();
  mustBeOne(numUpdatedRows, 'generation', videoId);
}

async function writeUpload(trx: Transaction<Tables>, before: Standing, after: Standing): Promise<void> {
  if (before.upload === null || after.upload === null) return;
  const { id, tenantId: _tenantId, videoId: _videoId, createdAt: _createdAt, ...columns } = fromUploadRecord(after.upload);
  const { numUpdatedRows } = await trx
    .updateTable('uploads')
    .set(columns)
    .where('id', '=', id)
    .where('state', '=', before.upload.state)
    .executeTakeFirst();
  mustBeOne(numUpdatedRows, 'upload', id);
}

function mustBeOne(updated: bigint, what: string, id: string): void {
  if (updated === 1n) return;
  throw new PipelineError('INTERNAL', { note: 'A locked row changed under its lock.', details: { what, id, updated: Number(updated) } });
}
