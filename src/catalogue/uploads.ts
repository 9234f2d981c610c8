import { type Kysely, sql } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { holdingOf } from '../domain/quota.js';
import { begunBy } from '../domain/spending.js';
import { isOpenState, OPEN_UPLOAD_STATES, type Upload } from '../domain/upload.js';
import { attempt } from './attempts.js';
import { builtOnce } from './built-once.js';
import type { Catalogue, UploadDraft, UploadQuery } from './catalogue.js';
import { beginUpload, idTaken } from './drafts.js';
import { fromEvents } from './events.js';
import { fromUploadRecord, fromVideo, toUploadRecord } from './rows.js';
import { eventsOf } from './standing.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import type { Trace } from './tenancy.js';
import { anyOf, findTogether } from './together.js';
import { fromTrace, keepClaim } from './trace.js';
import { admit } from './usage.js';
import { toUpload } from './writes.js';

type Uploads = Pick<Catalogue, 'createUpload' | 'findUpload' | 'getUpload' | 'listUploads' | 'uploadLeftMs'>;

export const createUploads = (db: Kysely<Tables>): Uploads => ({
  createUpload: (wish, trace) => createUpload(db, storable(wish), trace),

  findUpload: findUpload(db),

  async getUpload(uploadId) {
    const row = await attempt(() => db.selectFrom('uploads').selectAll().where('id', '=', uploadId).executeTakeFirst());
    return row ? toUpload(toUploadRecord(row)) : null;
  },

  async listUploads(query) {
    const rows = await attempt(() => page(db, query).execute());
    return rows.map((row) => toUpload(toUploadRecord(row)));
  },

  async uploadLeftMs(uploadId) {
    const row = await attempt(() =>
      db
        .selectFrom('uploads')
        .select(['state', 'expiresAt', sql<Date>`clock_timestamp()`.as('now')])
        .where('id', '=', uploadId)
        .executeTakeFirst(),
    );
    return row && isOpenState(row.state) ? row.expiresAt.getTime() - row.now.getTime() : null;
  },
});

function findUpload(db: Kysely<Tables>): Catalogue['findUpload'] {
  const find = findTogether(db, (ids, tenantIds) => db.selectFrom('uploads').selectAll().where(anyOf('id', ids)).where(anyOf('tenantId', tenantIds)));
  return async (tenantId, uploadId) => {
    const row = await find(tenantId, uploadId);
    return row && toUpload(toUploadRecord(row));
  };
}

function page(db: Kysely<Tables>, { tenantId, limit, after, states, fingerprint }: UploadQuery) {
  return (
    db
      .selectFrom('uploads')
      .selectAll()
      .where('tenantId', '=', tenantId)
      .$if(fingerprint !== undefined, (query) => query.where('fingerprint', '=', fingerprint ?? ''))
      .$if(states !== undefined, (query) => query.where(sql<boolean>`state = any(${states ?? []}::text[])`))
      // Says the same once more, in the words of the index of open uploads.
      .$if(states?.every((state) => OPEN_UPLOAD_STATES.includes(state)) ?? false, (query) => query.where('closedAt', 'is', null))
      .$if(after !== null, (query) => query.where(sql<boolean>`(created_at, id) < (${after?.createdAt}::timestamptz, ${after?.id}::text)`))
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
  );
}

/**
 * Where two race with one id, the loser's insert breaks on the winner's row, and its next try finds and returns that row:
 * a repeat never comes as far as the tenant's account. That is asked last, so that it is locked for one commit only.
 */
function createUpload(db: Kysely<Tables>, draft: UploadDraft, trace?: Trace): Promise<Upload> {
  return attempt(() =>
    db.transaction().execute(async (trx) => {
      const [found] = await lookFor(trx, { uploadId: draft.id, videoId: draft.videoId });
      if (found === undefined) throw new PipelineError('INTERNAL', { note: 'The database has not told its time.' });
      const { now, isTaken } = found;
      if (isTaken) {
        const stored = await trx.selectFrom('uploads').selectAll().where('id', '=', draft.id).executeTakeFirst();
        if (stored?.tenantId === draft.tenantId) return toUpload(toUploadRecord(stored));
        throw idTaken(draft);
      }
      const { video, upload } = beginUpload(draft, now.toISOString());
      const events = eventsOf(video, upload, ['video.created', 'upload.created'], 0, video.createdAt);
      // One statement for all rows: most of what a create costs is the way there and back.
      const rows = { video: fromVideo(video, events.length), upload: fromUploadRecord(upload), events: fromEvents(events) };
      await (trace ? insertTraced(trx, { ...rows, audit: fromTrace(trace, upload.id) }) : insertRows(trx, rows));
      if (trace) await keepClaim(trx, trace, upload.id);
      await admit(trx, draft.tenantId, holdingOf(video, upload), begunBy(upload));
      return toUpload(upload);
    }),
  );
}

const lookFor = builtOnce((db, { uploadId, videoId }: { readonly uploadId: string; readonly videoId: string }) =>
  db.selectNoFrom((look) => [
    sql<Date>`clock_timestamp()`.as('now'),
    look
      .or([
        look.exists(look.selectFrom('videos').select('id').where('id', '=', videoId)),
        look.exists(look.selectFrom('uploads').select('id').where('id', '=', uploadId)),
      ])
      .as('isTaken'),
  ]),
);

interface NewRows {
  readonly video: ReturnType<typeof fromVideo>;
  readonly upload: ReturnType<typeof fromUploadRecord>;
  readonly events: ReturnType<typeof fromEvents>;
}

const withRows = (db: Kysely<Tables>, { video, upload }: NewRows) =>
  db.with('made_video', (make) => make.insertInto('videos').values(video)).with('made_upload', (make) => make.insertInto('uploads').values(upload));

const insertRows = builtOnce((db, rows: NewRows) => withRows(db, rows).insertInto('events').values(rows.events));

const insertTraced = builtOnce((db, rows: NewRows & { readonly audit: ReturnType<typeof fromTrace> }) =>
  withRows(db, rows)
    .with('made_audit', (make) => make.insertInto('audit').values(rows.audit))
    .insertInto('events')
    .values(rows.events),
);
