import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { progressAt } from '../../src/domain/video.js';
import { draftFor, planFor, reportFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const TENANT = 'tnt_delete';
const OTHER = 'tnt_delete_other';
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };
const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;

/** Every write that anyone may come with, about generation 1. */
const WRITES = {
  createAgain: (catalogue, draft) => catalogue.createUpload(draft),
  attach: (catalogue, draft) => catalogue.attachMultipart(draft.id, 'mp-1'),
  complete: (catalogue, draft) => catalogue.completeUpload(draft.id, source),
  abort: (catalogue, draft) => catalogue.closeUpload(draft.id, 'cancelled', null),
  expire: (catalogue, draft) => catalogue.closeUpload(draft.id, 'expired', null),
  refuse: (catalogue, draft) => catalogue.closeUpload(draft.id, 'errored', failure),
  plan: (catalogue, draft) => catalogue.savePlan(planFor(draft)),
  progress: (catalogue, draft) => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 1, 2)),
  playable: (catalogue, draft) => catalogue.markPlayable(draft.videoId, 1),
  publish: (catalogue, draft) => catalogue.publish(draft.videoId, 1, reportFor(draft)),
  reject: (catalogue, draft) => catalogue.reject(draft.videoId, 1, failure),
  park: (catalogue, draft) => catalogue.park(draft.videoId, 1, failure),
  unpark: (catalogue, draft) => catalogue.unpark(draft.videoId, 1),
  cancel: (catalogue, draft) => catalogue.cancel(draft.videoId, 1),
  // Refused where nothing is there to begin from, to go back from or to.
  again: (catalogue, draft) => catalogue.beginGeneration(TENANT, draft.videoId, { reason: null, by: 'story' }).catch(() => null),
  back: (catalogue, draft) => catalogue.rollBack(TENANT, draft.videoId, { from: 2, report: reportFor(draft), by: 'story' }).catch(() => null),
} as const satisfies Record<string, (catalogue: Catalogue, draft: UploadDraft) => Promise<unknown>>;
type WriteName = keyof typeof WRITES;
const NAMES = Object.keys(WRITES) as WriteName[];

/** What every catalogue is held to where a video is deleted. `runs`: random stories that it is taken through. */
export function describeCatalogueDelete(name: string, make: () => Promise<CatalogueUnderTest>, runs: number): void {
  jest.setTimeout(120_000);

  describe(`catalogue, deleting: ${name}`, () => {
    let catalogue: Catalogue;
    useCatalogue(make, [TENANT, OTHER], (made) => {
      catalogue = made;
    });

    /** Where the events of each video begin: the outbox is long, and read often. */
    const starts = new Map<string, number>();
    let start = 0;
    const begun = async (): Promise<UploadDraft> => {
      const draft = draftFor(TENANT);
      await catalogue.createUpload(draft);
      const told = await eventsAfter(catalogue, start);
      start = (told.find((event) => event.videoId === draft.videoId)?.position ?? 1) - 1;
      starts.set(draft.id, start);
      return draft;
    };
    const having = async (...writes: WriteName[]): Promise<UploadDraft> => {
      const draft = await begun();
      for (const write of writes) await WRITES[write](catalogue, draft);
      return draft;
    };
    const seen = async (draft: UploadDraft) => {
      const events = (await eventsAfter(catalogue, starts.get(draft.id) ?? 0)).filter((event) => event.videoId === draft.videoId);
      return { video: await catalogue.getVideo(draft.videoId), upload: await catalogue.getUpload(draft.id), events };
    };
    const types = async (draft: UploadDraft): Promise<string[]> => (await seen(draft)).events.map((event) => event.type);
    const expectGone = async (draft: UploadDraft): Promise<void> => {
      const { video, upload, events } = await seen(draft);
      expect(video).toMatchObject({ state: 'deleted', playable: false, liveGeneration: null, posterKey: null, storyboardKey: null });
      expect(video?.deletedAt).toEqual(expect.any(String));
      expect(['waiting', 'uploading']).not.toContain(upload?.state);
      expect(events.map((event) => event.type).filter((type) => type === 'video.deleted')).toHaveLength(1);
      expect(events.at(-1)).toMatchObject({ type: 'video.deleted', data: { state: 'deleted', playable: false, liveGeneration: null } });
      expect(events.map((event) => event.sequence)).toEqual(events.map((_event, index) => index + 1));
      expect(await catalogue.findVideo(TENANT, draft.videoId)).toBeNull();
      expect(await catalogue.getSource(draft.videoId)).toBeNull();
      // It would be among the newest.
      const listed = await catalogue.listVideos({ tenantId: TENANT, limit: 10, after: null });
      const asked = await catalogue.listVideos({ tenantId: TENANT, limit: 10, after: null, states: ['deleted'] });
      expect([...listed, ...asked].map((row) => row.id)).not.toContain(draft.videoId);
    };

    it.each<[string, WriteName[], string[]]>([
      ['before a part is signed', [], ['upload.cancelled', 'video.deleted']],
      ['in mid-upload', ['attach'], ['upload.cancelled', 'video.deleted']],
      ['that is queued', ['attach', 'complete'], ['video.deleted']],
      ['that is being encoded', ['attach', 'complete', 'plan', 'progress', 'playable'], ['video.deleted']],
      ['in review', ['complete', 'plan', 'park'], ['video.deleted']],
      ['that is published', ['complete', 'publish'], ['video.deleted']],
      ['that was rejected', ['complete', 'reject'], ['video.deleted']],
      ['whose upload was given up', ['attach', 'abort'], ['video.deleted']],
    ])('deletes a video %s: gone for everyone, told once, and the second time changes nothing', async (_when, writes, told) => {
      const draft = await having(...writes);
      const [version, before] = [(await catalogue.getVideo(draft.videoId))?.version ?? 0, await types(draft)];
      const tombstone = await catalogue.deleteVideo(TENANT, draft.videoId);
      const generation = writes.includes('complete') ? 1 : 0;
      const uploads = [{ id: draft.id, key: draft.key }];
      expect(tombstone).toMatchObject({ videoId: draft.videoId, tenantId: TENANT, generation, uploads, purgedAt: null });
      await expectGone(draft);
      expect((await catalogue.getVideo(draft.videoId))?.version).toBe(version + 1);
      expect(await types(draft)).toEqual([...before, ...told]);
      const stands = await seen(draft);
      expect(await catalogue.deleteVideo(TENANT, draft.videoId)).toMatchObject({ deletedAt: tombstone?.deletedAt });
      expect(await seen(draft)).toEqual(stands);
    });

    it('closes the upload of a video that is deleted as cancelled, and leaves a completed one as it is', async () => {
      const [open, done] = [await having('attach'), await having('attach', 'complete')];
      for (const draft of [open, done]) await catalogue.deleteVideo(TENANT, draft.videoId);
      expect((await catalogue.getUpload(open.id))?.state).toBe('cancelled');
      expect((await catalogue.getUpload(done.id))?.state).toBe('completed');
      expect((await seen(open)).events.at(-2)?.data).toMatchObject({ upload: { id: open.id, state: 'cancelled' }, state: 'deleted' });
    });

    it('says to whoever comes late that there is nothing to do, and that what was being made may be cleared away', async () => {
      const draft = await having('attach', 'complete', 'plan');
      await catalogue.deleteVideo(TENANT, draft.videoId);
      expect(await catalogue.attachMultipart(draft.id, 'mp-2')).toBeNull();
      expect(await catalogue.completeUpload(draft.id, source)).toBeNull();
      expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(false);
      expect(await catalogue.cancel(draft.videoId, 1)).toBe(true);
      expect(await catalogue.reject(draft.videoId, 1, failure)).toBe(true);
    });

    it('knows no video of another tenant, and leaves it as it is', async () => {
      const draft = await having('complete', 'publish');
      const stands = await seen(draft);
      expect(await catalogue.deleteVideo(OTHER, draft.videoId)).toBeNull();
      expect(await catalogue.deleteVideo(TENANT, 'vid_of_nobody')).toBeNull();
      expect(await seen(draft)).toEqual(stands);
      expect(await catalogue.getTombstone(draft.videoId)).toBeNull();
      await catalogue.markPurged(draft.videoId);
      expect(await seen(draft)).toEqual(stands);
    });

    it('stays deleted through any story with a deletion in it, told exactly once and as the last', async () => {
      const name = fc.constantFrom(...NAMES);
      const story = fc.record({ before: fc.array(name, { maxLength: 12 }), after: fc.array(name, { minLength: 1, maxLength: 12 }) });
      await fc.assert(
        fc.asyncProperty(story, async (writes) => {
          const draft = await having(...writes.before);
          expect(await catalogue.deleteVideo(TENANT, draft.videoId)).not.toBeNull();
          const stands = await seen(draft);
          for (const write of writes.after) {
            const answer = await WRITES[write](catalogue, draft);
            if (write === 'publish') expect(answer).toBe(false);
            if (['complete', 'attach', 'again', 'back'].includes(write)) expect(answer).toBeNull();
          }
          expect(await seen(draft)).toEqual(stands);
          await expectGone(draft);
        }),
        { numRuns: runs },
      );
    });

    it('stays deleted where everything comes at once', async () => {
      const story = fc.array(fc.constantFrom(...NAMES), { minLength: 4, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(story, fc.nat(12), async (writes, place) => {
          const draft = await having('attach', ...(writes.length % 2 === 0 ? (['complete', 'plan'] as const) : []));
          const calls = writes.map((write) => () => WRITES[write](catalogue, draft));
          const wish = (): Promise<unknown> => catalogue.deleteVideo(TENANT, draft.videoId);
          await Promise.all([...calls.slice(0, place), wish, ...calls.slice(place), wish].map((call) => call()));
          await expectGone(draft);
        }),
        { numRuns: Math.ceil(runs / 2) },
      );
    });

    it('lists what is not purged yet, the longest deleted first, and knows a purge once', async () => {
      const drafts = [await having('complete'), await having('attach'), await having('complete', 'publish')];
      for (const draft of drafts) await catalogue.deleteVideo(TENANT, draft.videoId);
      const mine = async (): Promise<string[]> =>
        (await catalogue.listUnpurged(10_000)).map((row) => row.videoId).filter((id) => drafts.some((draft) => draft.videoId === id));
      const ids = drafts.map((draft) => draft.videoId);
      expect(await mine()).toEqual(ids);
      expect(await catalogue.listUnpurged(1)).toHaveLength(1);
      const [first = ''] = ids;
      const stands = await catalogue.getVideo(first);
      await catalogue.markPurged(first);
      const purged = await catalogue.getTombstone(first);
      expect(purged?.purgedAt).toEqual(expect.any(String));
      expect(purged?.ageMs).toBeGreaterThanOrEqual(0);
      await catalogue.markPurged(first);
      expect((await catalogue.getTombstone(first))?.purgedAt).toBe(purged?.purgedAt);
      expect(await mine()).toEqual(ids.slice(1));
      expect(await catalogue.getVideo(first)).toEqual(stands);
      expect(await catalogue.deleteVideo(TENANT, first)).toMatchObject({ purgedAt: purged?.purgedAt });
    });
  });
}

async function eventsAfter(catalogue: Catalogue, start: number) {
  const all: Awaited<ReturnType<Catalogue['listEvents']>> = [];
  for (;;) {
    const page = await catalogue.listEvents(all.at(-1)?.position ?? start, 1000);
    if (page.length === 0) return all;
    all.push(...page);
  }
}
