import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Catalogue, UploadDraft, VideoOrder, VideoQuery } from '../../src/catalogue/catalogue.js';
import type { Trace } from '../../src/catalogue/tenancy.js';
import { type Labels, MAX_METADATA_ENTRIES, NO_LABELS, titleKey } from '../../src/domain/labels.js';
import { progressAt, type Stage, type Video } from '../../src/domain/video.js';
import { draftFor, reportFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const hex = (): string => randomBytes(16).toString('hex');
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };
const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;
const ORDERS: readonly VideoOrder[] = (['createdAt', 'updatedAt'] as const).flatMap((by) =>
  [true, false].map((newestFirst) => ({ by, newestFirst })),
);

/** What every catalogue is held to where videos are what their owners keep, look for, and have to decide on. */
export function describeCatalogueVideos(name: string, make: () => Promise<CatalogueUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`catalogue, videos: ${name}`, () => {
    let catalogue: Catalogue;
    let under: CatalogueUnderTest;
    let tenantId: string;
    useCatalogue(make, [], (made, all) => {
      catalogue = made;
      under = all;
    });
    beforeEach(async () => {
      tenantId = `tnt_${hex()}`;
      await catalogue.ensureTenant(tenantId, 'A');
    });

    const begun = async (labels: Partial<Labels> = {}, of = tenantId): Promise<UploadDraft> => {
      const draft = { ...draftFor(of), labels: { ...NO_LABELS, ...labels } };
      await catalogue.createUpload(draft);
      return draft;
    };
    const queued = async (of = tenantId): Promise<UploadDraft> => {
      const draft = await begun({}, of);
      await catalogue.completeUpload(draft.id, source);
      return draft;
    };
    const video = async ({ videoId }: UploadDraft): Promise<Video> => {
      const found = await catalogue.getVideo(videoId);
      if (found === null) throw new Error(`no video ${videoId}`);
      return found;
    };
    const events = (videoId: string) => catalogue.listTenantEvents({ tenantId, videoId, after: 0, limit: 1000 });
    const traceOf = (): Trace => ({ audit: { tenantId, keyId: 'k1', route: 'changeVideo', requestId: hex() } });
    const audited = async (): Promise<string[]> =>
      (await catalogue.listAudit({ tenantId, before: null, limit: 100 })).map(({ requestId }) => requestId);
    const ids = async (query: Partial<VideoQuery> = {}) =>
      (await catalogue.listVideos({ tenantId, limit: 100, after: null, ...query })).map(({ id }) => id);
    const stage = (draft: UploadDraft, at: Stage) => catalogue.saveProgress(draft.videoId, 1, progressAt(at, 0, 0));

    it('keeps what a video is created with, and tells its passthrough in every event', async () => {
      const labels = { title: 'Ferien', metadata: { order: '4711', 'a.b:c-d_e': '' }, passthrough: 'sku-1' };
      const draft = await begun(labels);
      expect(await video(draft)).toMatchObject(labels);
      expect(await video(await begun())).toMatchObject(NO_LABELS);
      await catalogue.completeUpload(draft.id, source);
      expect((await events(draft.videoId)).map(({ data }) => data.passthrough)).toEqual(['sku-1', 'sku-1', 'sku-1']);
      expect(await video(draft)).toMatchObject(labels);
    });

    it('merges a patch, once, with an event and a row of the audit; the same again changes nothing', async () => {
      const draft = await begun({ title: 'Old', metadata: { order: '1', campaign: 'autumn' }, passthrough: 'p' });
      const [before, trace] = [await video(draft), traceOf()];
      const patch = { title: null, metadata: { order: '2', campaign: null, fresh: 'x' } };
      const changed = await catalogue.labelVideo(tenantId, draft.videoId, patch, null, trace);
      expect(changed).toEqual({
        ...before,
        ...{ title: null, metadata: { order: '2', fresh: 'x' }, passthrough: 'p', version: before.version + 1 },
        updatedAt: changed?.updatedAt,
      });
      const told = (await events(draft.videoId)).map(({ type }) => type);
      expect(told).toEqual(['video.created', 'upload.created', 'video.updated']);
      expect(await catalogue.labelVideo(tenantId, draft.videoId, patch, null, traceOf())).toEqual(changed);
      expect(await catalogue.labelVideo(tenantId, draft.videoId, {}, null, traceOf())).toEqual(changed);
      expect((await events(draft.videoId)).map(({ type }) => type)).toEqual(told);
      expect(await audited()).toEqual([trace.audit.requestId]);
      expect((await catalogue.labelVideo(tenantId, draft.videoId, { metadata: null }, null))?.metadata).toEqual({});
      expect(await catalogue.getVideo(draft.videoId)).toMatchObject({ metadata: {}, passthrough: 'p' });
    });

    it('changes nothing but that, whatever becomes of the video meanwhile', async () => {
      const draft = await queued();
      await stage(draft, 'inspect');
      const before = await video(draft);
      const changed = await catalogue.labelVideo(tenantId, draft.videoId, { title: 'T' }, [before.version]);
      expect(changed).toEqual({ ...before, title: 'T', version: before.version + 1, updatedAt: changed?.updatedAt });
      expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(true);
      expect(await catalogue.labelVideo(tenantId, draft.videoId, { title: 'U' }, null)).toMatchObject({
        state: 'ready',
        title: 'U',
        liveGeneration: 1,
      });
    });

    it('refuses a change that was decided on another version, and lets one of 20 through that know the same', async () => {
      const draft = await begun();
      const { version } = await video(draft);
      for (const versions of [[version + 1], []]) {
        const refused = catalogue.labelVideo(tenantId, draft.videoId, { title: 'T' }, versions, traceOf());
        await expect(refused).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
      }
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, (_each, n) =>
          catalogue.labelVideo(tenantId, draft.videoId, { title: `T${n}` }, [version + 7, version], traceOf()),
        ),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await video(draft)).toMatchObject({ version: version + 1, title: expect.stringMatching(/^T/) });
      expect(await audited()).toHaveLength(1);
    });

    it('takes as many entries of metadata as are allowed, and changes nothing where there would be more', async () => {
      const entries = Array.from({ length: MAX_METADATA_ENTRIES }, (_each, n) => [`k${n}`, 'v']);
      const draft = await begun({ metadata: Object.fromEntries(entries) });
      const before = await video(draft);
      const more = catalogue.labelVideo(tenantId, draft.videoId, { title: 'T', metadata: { more: 'v' } }, null, traceOf());
      await expect(more).rejects.toMatchObject({ code: 'METADATA_LIMIT' });
      expect([await video(draft), await audited()]).toEqual([before, []]);
      const swapped = await catalogue.labelVideo(tenantId, draft.videoId, { metadata: { more: 'v', k0: null } }, null);
      expect(Object.keys(swapped?.metadata ?? {})).toHaveLength(MAX_METADATA_ENTRIES);
    });

    it('knows no video of another tenant, and none that is deleted', async () => {
      const [theirs, gone] = [await begun(), await begun()];
      await catalogue.deleteVideo(tenantId, gone.videoId);
      expect(await catalogue.labelVideo('tnt_of_nobody', theirs.videoId, { title: 'T' }, null)).toBeNull();
      expect(await catalogue.labelVideo(tenantId, gone.videoId, { title: 'T' }, null)).toBeNull();
      expect([(await video(theirs)).title, (await video(gone)).title]).toEqual([null, null]);
    });

    it('finds videos by metadata, passthrough, title, times and state, and by all of them together', async () => {
      const a = await begun({ title: 'Ferien in Ägypten', metadata: { order: '1', kind: 'x' }, passthrough: 'p-1' });
      const b = await begun({ title: 'ferien zu Hause', metadata: { order: '2', kind: 'x' } });
      const c = await begun({ title: 'Ｆerien 100%_', metadata: { kind: 'y' } });
      const d = await begun();
      await catalogue.closeUpload(b.id, 'cancelled', null);
      const [va, vb, vc, vd] = await Promise.all([a, b, c, d].map(video));
      expect(await ids({ metadata: { kind: 'x' } })).toEqual([b.videoId, a.videoId]);
      expect(await ids({ metadata: { kind: 'x', order: '1' } })).toEqual([a.videoId]);
      for (const [key, value] of [
        ['kind', 'X'],
        ['order', 'x'],
        ['nothing', ''],
      ] as const)
        expect(await ids({ metadata: { [key]: value } })).toEqual([]);
      expect(await ids({ passthrough: 'p-1' })).toEqual([a.videoId]);
      expect(await ids({ passthrough: 'p-' })).toEqual([]);
      const titled = (text: string) => ids({ titleKeyPrefix: titleKey(text) });
      expect(await titled('FERIEN')).toEqual([c.videoId, b.videoId, a.videoId]);
      expect(await titled('ferien in äg')).toEqual([a.videoId]);
      expect(await titled('ferien 100%_')).toEqual([c.videoId]);
      for (const text of ['ferien %', 'erien', 'ferien_']) expect(await titled(text)).toEqual([]);
      expect(await ids({ createdAfter: va?.createdAt ?? '', createdBefore: vd?.createdAt ?? '' })).toEqual([c.videoId, b.videoId]);
      expect(await ids({ updatedAfter: vd?.updatedAt ?? '' })).toEqual([b.videoId]);
      expect(await ids({ updatedBefore: vc?.updatedAt ?? '' })).toEqual([a.videoId]);
      expect(await ids({ states: ['cancelled'], metadata: { kind: 'x' }, titleKeyPrefix: 'ferien', createdBefore: vc?.createdAt ?? '' })).toEqual([
        vb?.id,
      ]);
      expect(await catalogue.listVideos({ tenantId: 'tnt_of_nobody', limit: 9, after: null, metadata: { kind: 'x' } })).toEqual([]);
    });

    it.each(ORDERS)('pages by %j, each video once, in an order without doubt', async (order) => {
      await begun();
      await under.atOneMoment(async () => {
        for (let n = 0; n < 5; n += 1) await begun();
      });
      const touched = await begun();
      await begun();
      await catalogue.labelVideo(tenantId, touched.videoId, { title: 'later' }, null);
      const whole = await catalogue.listVideos({ tenantId, limit: 100, after: null, order });
      const keys = whole.map((row) => `${row[order.by]} ${row.id}`);
      expect(keys).toEqual([...keys].sort((a, b) => (a < b === order.newestFirst ? 1 : -1)));
      expect(keys).toHaveLength(8);
      const paged: Video[] = [];
      for (let after: Video | null = null; ; ) {
        const page: Video[] = await catalogue.listVideos({ tenantId, limit: 3, after, order });
        paged.push(...page);
        // What comes or changes meanwhile moves no other.
        if (order.by === 'createdAt' || order.newestFirst) await begun();
        if (page.length < 3) break;
        after = page.at(-1) ?? null;
      }
      const known = new Set(whole.map(({ id }) => id));
      expect(paged.filter(({ id }) => known.has(id))).toEqual(whole);
    });

    it('shows whoever reads on by the time of change all that changes meanwhile', async () => {
      const drafts = [await begun(), await begun(), await begun()];
      const order = { by: 'updatedAt', newestFirst: false } as const;
      const first = await catalogue.listVideos({ tenantId, limit: 2, after: null, order });
      for (const draft of [drafts[0], drafts[2]]) await catalogue.labelVideo(tenantId, draft?.videoId ?? '', { title: 'moved' }, null);
      const rest = await catalogue.listVideos({ tenantId, limit: 10, after: first.at(-1) ?? null, order });
      expect([...first, ...rest].map(({ id }) => drafts.findIndex((draft) => draft.videoId === id))).toEqual([0, 1, 0, 2]);
    });

    it('keeps how long each stage took, with what was tried again, and ends it with the generation', async () => {
      const draft = await queued();
      expect((await video(draft)).trail).toBeNull();
      for (const each of ['inspect', 'plan', 'encode'] as const) await stage(draft, each);
      const running = (await video(draft)).trail;
      expect(running).toMatchObject({ at: 'encode', since: running?.stages.encode?.startedAt, reviews: [] });
      expect(Object.keys(running?.stages ?? {})).toEqual(expect.arrayContaining(['queued', 'inspect', 'plan', 'encode']));
      await catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 1, 2));
      expect((await video(draft)).trail).toEqual(running);
      await catalogue.park(draft.videoId, 1, failure);
      const parked = (await video(draft)).trail;
      expect(parked).toMatchObject({ at: 'review', reviews: [{ code: 'ENCODE_FAILED', stage: 'encode', since: parked?.since, retriedAt: null }] });
      await catalogue.unpark(draft.videoId, 1);
      const again = (await video(draft)).trail;
      expect(again).toMatchObject({ at: 'encode', stages: { encode: { startedAt: running?.since } }, reviews: [{ retriedAt: again?.since }] });
      await stage(draft, 'package');
      await catalogue.publish(draft.videoId, 1, reportFor(draft));
      const { trail, publishedAt } = await video(draft);
      expect(trail).toMatchObject({ at: null, since: null });
      const spent = Object.values(trail?.stages ?? {}).reduce((sum, { ms }) => sum + ms, 0);
      // Every moment from the first to the last belongs to one stage.
      expect(spent).toBe(Date.parse(publishedAt ?? '') - Date.parse(trail?.stages.queued?.startedAt ?? ''));
      const trails = await catalogue.listTrails(3_600_000, 1);
      expect(trails).toEqual([trail]);
    });

    it('lists who waits for a person, the longest first, of all tenants or of one, page by page', async () => {
      const other = `tnt_${hex()}`;
      await catalogue.ensureTenant(other, 'B');
      const drafts = [await queued(), await queued(other), await queued(), await queued(), await queued()];
      const [first, second, third, fourth, gone] = drafts as [UploadDraft, UploadDraft, UploadDraft, UploadDraft, UploadDraft];
      for (const draft of [third, gone, first, second, fourth]) {
        await stage(draft, 'inspect');
        await catalogue.park(draft.videoId, 1, failure);
      }
      await catalogue.reject(gone.videoId, 1, failure);
      await catalogue.deleteVideo(tenantId, fourth.videoId);
      await catalogue.unpark(first.videoId, 1);
      await catalogue.park(first.videoId, 1, { code: 'DECODER_CRASHED', message: 'it crashed' });
      await catalogue.labelVideo(tenantId, third.videoId, { title: 'T' }, null);
      const mine = new Set(drafts.map(({ videoId }) => videoId));
      const rows = (await catalogue.listReview({ limit: 1000, after: null })).filter(({ videoId }) => mine.has(videoId));
      expect(rows.map(({ videoId }) => videoId)).toEqual([third.videoId, second.videoId, first.videoId]);
      const { trail, name: fileName } = await video(first);
      expect(rows[2]).toEqual({
        ...{ videoId: first.videoId, tenantId, generation: 1, name: fileName, title: null, sourceSizeBytes: source.sizeBytes },
        ...{ failure: { code: 'DECODER_CRASHED', message: 'it crashed' }, stage: 'inspect', since: trail?.since },
        retried: [{ code: 'ENCODE_FAILED', stage: 'inspect', since: expect.any(String), retriedAt: expect.any(String) }],
      });
      expect(rows[0]).toMatchObject({ title: 'T', retried: [] });
      const own = await catalogue.listReview({ tenantId, limit: 1, after: null });
      expect(own.map(({ videoId }) => videoId)).toEqual([third.videoId]);
      const next = await catalogue.listReview({ tenantId, limit: 5, after: own[0] ?? null });
      expect(next.map(({ videoId }) => videoId)).toEqual([first.videoId]);
    });

    it('knows when the event happened that waits longest, taken over or not, and only for webhooks that are called', async () => {
      expect(await catalogue.oldestUndeliveredAt()).toBeNull();
      const hook = { id: `whk_${hex()}`, tenantId, url: 'https://a.example/', description: '', eventTypes: [], secret: 'whsec_b2xk' };
      await catalogue.createWebhook(hook);
      const draft = await begun();
      const [first] = await events(draft.videoId);
      expect(await catalogue.oldestUndeliveredAt()).toBe(first?.createdAt);
      await catalogue.takeEvents(hook.id);
      expect(await catalogue.oldestUndeliveredAt()).toBe(first?.createdAt);
      await catalogue.completeUpload(draft.id, source);
      const last = (await events(draft.videoId)).at(-1);
      for (let n = 0; n < 2; n += 1) {
        const [due] = await catalogue.listDue(hook.id, 1);
        await catalogue.recordTry(hook.id, due?.eventId ?? '', 0, { status: 204, error: null, ms: 1 });
      }
      expect(await catalogue.oldestUndeliveredAt()).toBe(last?.createdAt);
      await catalogue.takeEvents(hook.id);
      expect(await catalogue.oldestUndeliveredAt()).toBe(last?.createdAt);
      await catalogue.changeWebhook(tenantId, hook.id, { state: 'disabled' });
      expect(await catalogue.oldestUndeliveredAt()).toBeNull();
      await catalogue.deleteWebhook(tenantId, hook.id);
    });

    it('forgets what is old, so many at a time: rows of the audit, deliveries that have ended, and none that waits', async () => {
      const hook = { id: `whk_${hex()}`, tenantId, url: 'https://a.example/', description: '', eventTypes: [], secret: 'whsec_b2xk' };
      await catalogue.createWebhook(hook);
      for (let n = 0; n < 4; n += 1) await begun();
      await catalogue.takeEvents(hook.id);
      for (const due of await catalogue.listDue(hook.id, 3)) await catalogue.recordTry(hook.id, due.eventId, 0, { status: 204, error: null, ms: 1 });
      const states = async () =>
        (await catalogue.listDeliveries({ tenantId, webhookId: hook.id, limit: 100, after: null }))?.map(({ state }) => state);
      expect(await catalogue.forgetDeliveries(60_000, 100)).toBe(0);
      expect([await catalogue.forgetDeliveries(-60_000, 2), await catalogue.forgetDeliveries(-60_000, 2)]).toEqual([2, 1]);
      expect(await states()).toEqual(Array.from({ length: 5 }, () => 'pending'));
      // What was forgotten is not taken over again, and can be sent again all the same.
      await catalogue.takeEvents(hook.id);
      expect(await states()).toHaveLength(5);
      expect(await catalogue.replayEvents(tenantId, hook.id, { since: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' })).toBe(3);

      while ((await catalogue.forgetAudit(-60_000, 100)) > 0);
      for (let n = 0; n < 3; n += 1) await catalogue.writeAudit(traceOf().audit, null);
      const rows = await catalogue.listAudit({ tenantId, before: null, limit: 10 });
      expect(await catalogue.forgetAudit(60_000, 100)).toBe(0);
      expect([await catalogue.forgetAudit(-60_000, 2), await catalogue.listAudit({ tenantId, before: null, limit: 10 })]).toEqual([
        2,
        rows.slice(0, 1),
      ]);
      await catalogue.writeAudit(traceOf().audit, null);
      const [newest, kept] = await catalogue.listAudit({ tenantId, before: null, limit: 10 });
      expect([kept, (newest?.position ?? 0) > (kept?.position ?? 0)]).toEqual([rows[0], true]);
    });
  });
}
