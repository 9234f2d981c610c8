import { randomBytes } from 'node:crypto';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { gapOf, sumLedgers } from '../../src/domain/ledger.js';
import type { ReconcileRecord } from '../../src/domain/reconcile-record.js';
import { draftFor, reportFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };

/** What reconciling and its operators read of every catalogue. */
export function describeOverview(name: string, make: () => Promise<CatalogueUnderTest>): void {
  describe(`catalogue: ${name}: overview`, () => {
    let catalogue: Catalogue;
    let tenantId: string;
    useCatalogue(make, [], (made) => {
      catalogue = made;
    });
    beforeEach(async () => {
      tenantId = `tnt_${randomBytes(6).toString('hex')}`;
      await catalogue.ensureTenant(tenantId, 'overview');
    });

    const begun = async (more: Partial<UploadDraft> = {}): Promise<UploadDraft> => {
      const draft = { ...draftFor(tenantId), ...more };
      await catalogue.createUpload(draft);
      return draft;
    };
    const queued = async (): Promise<UploadDraft> => {
      const draft = await begun();
      await catalogue.completeUpload(draft.id, source);
      return draft;
    };
    const ledger = async () => sumLedgers(await catalogue.readLedger(tenantId));

    it('knows its tenants', async () => {
      expect(await catalogue.hasTenant(tenantId)).toBe(true);
      expect(await catalogue.hasTenant('tnt_of_nobody')).toBe(false);
    });

    it('gives a key the scopes that it was made with, or those of a client', async () => {
      const key = { id: `key_${tenantId}`, tenantId, secretHash: 'ab'.repeat(32), name: 'one' };
      await catalogue.addApiKey(key);
      await catalogue.addApiKey({ ...key, id: `${key.id}_ops`, scopes: ['ops'] });
      expect((await catalogue.findApiKey(key.id))?.scopes).toEqual(['uploads:write', 'videos:read', 'videos:write']);
      expect((await catalogue.findApiKey(`${key.id}_ops`))?.scopes).toEqual(['ops']);
    });

    it('counts every accepted upload in exactly one place, and open ones beside', async () => {
      expect(await catalogue.readLedger(tenantId)).toEqual([]);
      const [open, waiting, preparing, parked, errored, cancelled, ready, expired] = await Promise.all([
        begun(),
        queued(),
        queued(),
        queued(),
        queued(),
        queued(),
        queued(),
        begun({ expiresAt: '2000-01-01T00:00:00.000Z' }),
      ]);
      await catalogue.unpark(preparing.videoId, 1);
      await catalogue.saveProgress(preparing.videoId, 1, { percent: 3, stage: 'plan', chunksDone: 0, chunksTotal: 0 });
      await catalogue.park(parked.videoId, 1, failure);
      await catalogue.reject(errored.videoId, 1, failure);
      await catalogue.cancel(cancelled.videoId, 1);
      await catalogue.publish(ready.videoId, 1, reportFor(ready));
      await catalogue.closeUpload(expired.id, 'expired', null);
      const oldest = [waiting, preparing].map(async ({ id }) => (await catalogue.getUpload(id))?.completedAt);
      expect(await catalogue.readLedger(tenantId)).toEqual([
        {
          tenantId,
          accepted: 6,
          published: 1,
          rejected: 1,
          inReview: 1,
          inFlight: 2,
          cancelled: 1,
          deleted: 0,
          openUploads: 1,
          reservedBytes: open.sizeBytes,
          oldestOpenAt: (await catalogue.getUpload(open.id))?.createdAt,
          oldestInFlightAt: (await Promise.all(oldest)).sort()[0],
        },
      ]);
    });

    it('has no gap at any moment while uploads are completed, made and settled', async () => {
      let writing = true;
      const gaps: number[] = [];
      const reading = (async () => {
        while (writing) gaps.push(gapOf(await ledger()));
      })();
      await Promise.all(
        Array.from({ length: 12 }, async (_item, n) => {
          const draft = await queued();
          await catalogue.saveProgress(draft.videoId, 1, { percent: 3, stage: 'plan', chunksDone: 0, chunksTotal: 0 });
          if (n % 3 === 0) await catalogue.publish(draft.videoId, 1, reportFor(draft));
          else if (n % 3 === 1) await catalogue.reject(draft.videoId, 1, failure);
          else await catalogue.park(draft.videoId, 1, failure);
        }),
      );
      writing = false;
      await reading;
      expect(gaps.length).toBeGreaterThan(0);
      expect(new Set(gaps)).toEqual(new Set([0]));
      expect(await ledger()).toMatchObject({ accepted: 12, published: 4, rejected: 4, inReview: 4, inFlight: 0 });
    });

    it('tells every tenant’s ledger, each its own', async () => {
      await queued();
      const other = `${tenantId}_z`;
      await catalogue.ensureTenant(other, 'other');
      await catalogue.createUpload(draftFor(other));
      const all = await catalogue.readLedger();
      const mine = all.filter((each) => each.tenantId.startsWith(tenantId));
      expect(mine.map((each) => [each.tenantId, each.accepted, each.openUploads])).toEqual([
        [tenantId, 1, 0],
        [other, 0, 1],
      ]);
      expect(all.map((each) => each.tenantId)).toEqual(all.map((each) => each.tenantId).sort());
    });

    it('pages through open uploads and through videos that are not settled', async () => {
      const open = await Promise.all(Array.from({ length: 5 }, begun));
      const unsettled = await Promise.all(Array.from({ length: 5 }, queued));
      const done = await queued();
      await catalogue.publish(done.videoId, 1, reportFor(done));
      const [parked] = unsettled;
      if (parked) await catalogue.park(parked.videoId, 1, failure);
      const uploads = await walk(
        (after) => catalogue.listOpenUploads(after, 2),
        ({ id }) => id,
      );
      expect(uploads.filter((row) => row.tenantId === tenantId).map(({ id }) => id)).toEqual(open.map(({ id }) => id).sort());
      const videos = await walk(
        (after) => catalogue.listUnsettled(after, 2),
        ({ videoId }) => videoId,
      );
      const mine = videos.filter((row) => row.tenantId === tenantId);
      expect(mine.map(({ videoId }) => videoId)).toEqual(unsettled.map(({ videoId }) => videoId).sort());
      expect(mine.find(({ videoId }) => videoId === parked?.videoId)).toEqual({
        videoId: parked?.videoId,
        uploadId: parked?.id,
        tenantId,
        generation: 1,
        state: 'review',
        fileName: parked?.fileName,
        sizeBytes: source.sizeBytes,
        changedAt: (await catalogue.getVideo(parked?.videoId ?? ''))?.updatedAt,
      });
    });

    it('says whose an upload is, and how a generation stands', async () => {
      const [open, done] = [await begun(), await queued()];
      await catalogue.reject(done.videoId, 1, failure);
      const claims = await catalogue.findClaims([open.id, done.id, done.id, 'upl_of_nobody']);
      expect(claims.map(({ upload, videoState }) => [upload.id, videoState]).sort()).toEqual(
        [
          [open.id, 'waiting'],
          [done.id, 'errored'],
        ].sort(),
      );
      expect(claims.find(({ upload }) => upload.id === done.id)?.upload).toEqual(await catalogue.getUpload(done.id));
      const video = await catalogue.getVideo(done.videoId);
      const wanted = [open, done].flatMap(({ videoId }) => [1, 2].map((generation) => ({ videoId, generation })));
      expect(await catalogue.findGenerations(wanted)).toEqual([
        {
          videoId: done.videoId,
          generation: 1,
          state: 'errored',
          settledAt: video?.updatedAt,
          supersededAt: null,
          retired: false,
          videoState: 'errored',
          videoChangedAt: video?.updatedAt,
        },
      ]);
      expect([await catalogue.findClaims([]), await catalogue.findGenerations([])]).toEqual([[], []]);
    });

    it('keeps one record of reconciling, each run behind the one that it has seen', async () => {
      const before = (await catalogue.readReconcile())?.runId ?? null;
      const [one, two] = [recordOf('run-1'), recordOf('run-2')];
      expect(await catalogue.saveReconcile(one, before)).toBe(true);
      expect(await catalogue.saveReconcile(one, before)).toBe(true);
      expect(await catalogue.saveReconcile(two, before)).toBe(false);
      expect(await catalogue.saveReconcile(two, 'run-0')).toBe(false);
      expect(await catalogue.readReconcile()).toEqual(one);
      const answers = await Promise.all([catalogue.saveReconcile(two, 'run-1'), catalogue.saveReconcile(recordOf('run-3'), 'run-1')]);
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await catalogue.readReconcile())?.runId).toBe(answers[0] ? 'run-2' : 'run-3');
    });
  });
}

/** All pages of a listing by id. */
async function walk<T>(read: (after: string | null) => Promise<T[]>, idOf: (row: T) => string): Promise<T[]> {
  const rows: T[] = [];
  for (let after: string | null = null; ; ) {
    const page = await read(after);
    rows.push(...page);
    const last = page.at(-1);
    if (last === undefined) return rows;
    after = idOf(last);
  }
}

const recordOf = (runId: string): ReconcileRecord => ({
  runId,
  startedAt: '2026-11-21T10:00:00.000Z',
  finishedAt: '2026-11-21T10:00:01.000Z',
  cursors: { sources: 'sources/a', uploads: null },
  repairs: { 'multipart.aborted': 2 },
  totals: { 'multipart.aborted': 7 },
  recent: [{ kind: 'multipart.aborted', subject: 'k' }],
  alarms: [{ what: 'a', subject: 'b', todo: 'c' }],
  multiparts: { open: 3, oldestAt: '2026-11-21T09:00:00.000Z' },
});
