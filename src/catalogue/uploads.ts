import { type Kysely, sql } from 'kysely';
import type { Upload } from '../domain/upload.js';
import { attempt } from './attempts.js';
import type { Catalogue, UploadDraft } from './catalogue.js';
import { beginUpload, idTaken } from './drafts.js';
import { appendEvents } from './events.js';
import { fromUploadRecord, fromVideo, toUploadRecord } from './rows.js';
import { eventsOf } from './standing.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import { toUpload } from './writes.js';

export const createUploads = (db: Kysely<Tables>): Pick<Catalogue, 'createUpload' | 'findUpload' | 'getUpload'> => ({
  createUpload: (wish) => createUpload(db, storable(wish)),

  async findUpload(tenantId, uploadId) {
    const row = await attempt(() =>
      db.selectFrom('uploads').selectAll().where('id', '=', uploadId).where('tenantId', '=', tenantId).executeTakeFirst(),
    );
    return row ? toUpload(toUploadRecord(row)) : null;
  },

  async getUpload(uploadId) {
    const row = await attempt(() => db.selectFrom('uploads').selectAll().where('id', '=', uploadId).executeTakeFirst());
    return row ? toUpload(toUploadRecord(row)) : null;
  },
});

/** Where two race with one id, the loser's insert breaks on the winner's row, and its next try finds and returns that row. */
function createUpload(db: Kysely<Tables>, draft: UploadDraft): Promise<Upload> {
  return attempt(() =>
    db.transaction().execute(async (trx) => {
      // In this order: whoever made the video made its upload in the same commit, so the second look cannot miss it.
      const taken = await trx.selectFrom('videos').select('id').where('id', '=', draft.videoId).executeTakeFirst();
      const stored = await trx.selectFrom('uploads').selectAll().where('id', '=', draft.id).executeTakeFirst();
      if (stored?.tenantId === draft.tenantId) return toUpload(toUploadRecord(stored));
      if (stored !== undefined || taken !== undefined) throw idTaken(draft);

      const { now } = await trx.selectNoFrom(sql<Date>`clock_timestamp()`.as('now')).executeTakeFirstOrThrow();
      const { video, upload } = beginUpload(draft, now.toISOString());
      const events = eventsOf(video, upload, ['video.created', 'upload.created'], 0, video.createdAt);
      await trx.insertInto('videos').values(fromVideo(video, events.length)).execute();
      await trx.insertInto('uploads').values(fromUploadRecord(upload)).execute();
      await appendEvents(trx, events);
      return toUpload(upload);
    }),
  );
}
