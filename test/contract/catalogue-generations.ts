import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import type { GenerationReport } from '../../src/domain/artefact.js';
import type { AttemptCost } from '../../src/domain/cost.js';
import { gapOf, sumLedgers } from '../../src/domain/ledger.js';
import { progressAt } from '../../src/domain/video.js';
import { draftFor, planFor, reportFor } from './catalogue.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';

const TENANT = 'tnt_generations';
const OTHER = 'tnt_generations_other';
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };
const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;
const AT_ONCE = { count: 2, supersededMs: -60_000 };

/** What every catalogue is held to where a video is made more than once. */
export function describeCatalogueGenerations(name: string, make: () => Promise<CatalogueUnderTest>): void {
  jest.setTimeout(60_000);

  describe(`catalogue, generations: ${name}`, () => {
    let catalogue: Catalogue;
    useCatalogue(make, [TENANT, OTHER], (made) => {
      catalogue = made;
    });

    const queued = async (): Promise<UploadDraft> => {
      const draft = draftFor(TENANT);
      await catalogue.createUpload(draft);
      await catalogue.completeUpload(draft.id, source);
      return draft;
    };
    const published = async (): Promise<UploadDraft> => {
      const draft = await queued();
      await catalogue.savePlan(planFor(draft));
      expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(true);
      return draft;
    };
    const again = (draft: UploadDraft, by: string = randomUUID(), reason: string | null = null) =>
      catalogue.beginGeneration(TENANT, draft.videoId, { reason, by });
    /** Another generation, published, its picture half as wide. */
    const remade = async (draft: UploadDraft): Promise<number> => {
      const generation = (await again(draft))?.generation ?? 0;
      await catalogue.savePlan({ ...planFor(draft), generation });
      expect(await catalogue.publish(draft.videoId, generation, reportOf(draft, generation))).toBe(true);
      return generation;
    };
    const video = async (draft: UploadDraft) => {
      const found = await catalogue.getVideo(draft.videoId);
      if (found === null) throw new Error('there is no such video');
      return found;
    };
    const all = async (draft: UploadDraft) => (await catalogue.listGenerations(TENANT, draft.videoId)) ?? [];
    const one = async (draft: UploadDraft, generation: number) => (await all(draft)).find((each) => each.generation === generation);
    const told = async (draft: UploadDraft) =>
      (await catalogue.listTenantEvents({ tenantId: TENANT, videoId: draft.videoId, after: 0, limit: 1000 })).map(({ type }) => type);
    const toldSince = async (draft: UploadDraft, act: () => Promise<unknown>): Promise<string[]> => {
      const before = await told(draft);
      await act();
      return (await told(draft)).slice(before.length);
    };

    it('begins one more generation, while the one that is published plays on', async () => {
      const draft = await published();
      const before = await video(draft);
      expect(await toldSince(draft, () => again(draft, 'request-a', 'new ladder'))).toEqual(['video.reprocess.started']);
      expect(await video(draft)).toMatchObject({
        ...{ state: 'queued', generation: 2, liveGeneration: 1, playable: true, plan: null, failure: null, version: before.version + 1 },
        ...{ posterKey: before.posterKey, durationMs: before.durationMs, progress: { percent: 0, stage: null } },
      });
      expect(await catalogue.getSource(draft.videoId)).toMatchObject({ key: draft.key, etag: source.etag });
      expect(await all(draft)).toMatchObject([
        { generation: 2, state: 'queued', live: false, reason: 'new ladder', settledAt: null },
        { generation: 1, state: 'published', live: true, reason: null, supersededAt: null, retiredAt: null },
      ]);
      expect((await catalogue.listUnsettled(null, 100_000)).find((row) => row.videoId === draft.videoId)).toMatchObject({
        ...{ generation: 2, state: 'queued', uploadId: draft.id, sizeBytes: source.sizeBytes },
      });
    });

    it('takes a request that is repeated as the one that it is, and refuses every other one until it is settled', async () => {
      const draft = await published();
      const first = await again(draft, 'request-b');
      expect(await toldSince(draft, async () => expect(await again(draft, 'request-b')).toMatchObject({ version: first?.version }))).toEqual([]);
      for (const stand of [
        () => undefined,
        () => catalogue.savePlan({ ...planFor(draft), generation: 2 }),
        () => catalogue.park(draft.videoId, 2, failure),
      ]) {
        await stand();
        await expect(again(draft, 'request-c')).rejects.toMatchObject({ code: 'GENERATION_RUNNING' });
      }
      await catalogue.reject(draft.videoId, 2, failure);
      expect(await again(draft, 'request-b')).toMatchObject({ generation: 2, state: 'ready' });
      expect(await again(draft, 'request-c')).toMatchObject({ generation: 3, state: 'queued', failure: null });
    });

    it('begins exactly one where many ask at once', async () => {
      const draft = await published();
      const answers = await Promise.allSettled(Array.from({ length: 12 }, (_each, n) => again(draft, `request-many-${n}`)));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await video(draft)).generation).toBe(2);
    });

    it('has nothing to begin from before an upload is complete, and of nobody', async () => {
      const draft = draftFor(TENANT);
      await catalogue.createUpload(draft);
      await expect(again(draft)).rejects.toMatchObject({ code: 'CONFLICT' });
      await catalogue.closeUpload(draft.id, 'cancelled', null);
      await expect(again(draft)).rejects.toMatchObject({ code: 'CONFLICT' });
      const whole = await published();
      for (const [tenantId, videoId] of [
        [OTHER, whole.videoId],
        [TENANT, 'vid_of_nobody'],
      ] as const) {
        expect(await catalogue.beginGeneration(tenantId, videoId, { reason: null, by: 'x' })).toBeNull();
        expect(await catalogue.rollBack(tenantId, videoId, { from: 1, report: reportFor(whole), by: 'x' })).toBeNull();
        expect(await catalogue.listGenerations(tenantId, videoId)).toBeNull();
      }
      expect((await video(whole)).generation).toBe(1);
    });

    it('moves the live pointer when the new one is published, and counts its minutes', async () => {
      const draft = await published();
      const spent = async () => (await catalogue.findAllowance(TENANT))?.today.encodeMs ?? 0;
      await again(draft);
      const minutes = await spent();
      await catalogue.savePlan({ ...planFor(draft), generation: 2 });
      expect(await spent()).toBe(minutes + 30_000);
      expect((await video(draft)).plan?.generation).toBe(2);
      expect(await toldSince(draft, () => catalogue.markPlayable(draft.videoId, 2))).toEqual([]);
      expect(await toldSince(draft, () => catalogue.publish(draft.videoId, 2, reportOf(draft, 2)))).toEqual([
        'video.ready',
        'video.reprocess.published',
      ]);
      expect(await video(draft)).toMatchObject({ state: 'ready', generation: 2, liveGeneration: 2, width: 960, posterKey: posterOf(draft, 2) });
      expect(await one(draft, 1)).toMatchObject({ live: false, supersededAt: expect.any(String) });
      expect(await one(draft, 2)).toMatchObject({ live: true, supersededAt: null });
      expect(await catalogue.publish(draft.videoId, 2, reportOf(draft, 2))).toBe(true);
      expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(false);
    });

    it.each(['reject', 'cancel'] as const)('leaves what is published where the new one ends by %s, and says so', async (end) => {
      const draft = await published();
      const before = await video(draft);
      await again(draft);
      await catalogue.savePlan({ ...planFor(draft), generation: 2 });
      await catalogue.saveProgress(draft.videoId, 2, progressAt('encode', 1, 2));
      const finish = () => (end === 'reject' ? catalogue.reject(draft.videoId, 2, failure) : catalogue.cancel(draft.videoId, 2));
      const types = await toldSince(draft, async () => expect(await finish()).toBe(true));
      expect(types).toEqual([end === 'reject' ? 'video.reprocess.failed' : 'video.reprocess.cancelled']);
      const { playable, posterKey, durationMs, width, publishedAt } = before;
      expect(await video(draft)).toMatchObject({
        ...{ state: 'ready', generation: 2, liveGeneration: 1, failure: end === 'reject' ? failure : null },
        ...{ playable, posterKey, durationMs, width, publishedAt, progress: { percent: 100 }, plan: { generation: 1 } },
      });
      expect(await one(draft, 2)).toMatchObject({ state: end === 'reject' ? 'errored' : 'cancelled', live: false });
      expect(await toldSince(draft, finish)).toEqual([]);
    });

    it('makes a video that was refused once more, and tells its end both ways', async () => {
      const draft = await queued();
      await catalogue.reject(draft.videoId, 1, failure);
      expect(await again(draft)).toMatchObject({ state: 'queued', generation: 2, playable: false, failure: null });
      expect(await toldSince(draft, () => catalogue.reject(draft.videoId, 2, failure))).toEqual(['video.errored', 'video.reprocess.failed']);
      await again(draft);
      await catalogue.savePlan({ ...planFor(draft), generation: 3 });
      const types = await toldSince(draft, () => catalogue.publish(draft.videoId, 3, reportOf(draft, 3)));
      expect(types).toEqual(['video.playable', 'video.ready', 'video.reprocess.published']);
    });

    it('keeps the ledger whole: what plays is published, whatever becomes of an attempt to make it better', async () => {
      const tenantId = `tnt_again_${Date.now()}`;
      await catalogue.ensureTenant(tenantId, tenantId);
      const draft = draftFor(tenantId);
      const ledger = async () => sumLedgers(await catalogue.readLedger(tenantId));
      const begin = (by: string) => catalogue.beginGeneration(tenantId, draft.videoId, { reason: null, by });
      await catalogue.createUpload(draft);
      await catalogue.completeUpload(draft.id, source);
      await catalogue.reject(draft.videoId, 1, failure);
      await begin('1');
      expect(await ledger()).toMatchObject({ accepted: 1, inFlight: 1, rejected: 0 });
      await catalogue.publish(draft.videoId, 2, reportOf(draft, 2));
      const steps = [() => begin('2'), () => catalogue.park(draft.videoId, 3, failure), () => catalogue.reject(draft.videoId, 3, failure)];
      for (const step of [async () => undefined, ...steps]) {
        await step();
        const now = await ledger();
        expect([now.accepted, now.published, gapOf(now)]).toEqual([1, 1, 0]);
      }
      await catalogue.deleteVideo(tenantId, draft.videoId);
      expect(await ledger()).toMatchObject({ accepted: 1, deleted: 1, published: 0 });
    });

    it('goes back to an earlier generation, once, and tells it', async () => {
      const draft = await published();
      await remade(draft);
      const back = { from: 2, report: reportFor(draft), by: 'back-1' };
      const types = await toldSince(draft, async () => {
        expect(await catalogue.rollBack(TENANT, draft.videoId, back)).toMatchObject({ liveGeneration: 1, generation: 2 });
      });
      expect(types).toEqual(['video.rolled_back']);
      const first = await one(draft, 1);
      expect(first).toMatchObject({ live: true, supersededAt: null, liveBy: 'back-1' });
      expect(await one(draft, 2)).toMatchObject({ live: false, supersededAt: expect.any(String) });
      expect(await video(draft)).toMatchObject({
        ...{ state: 'ready', width: 1920, height: 1080, posterKey: posterOf(draft, 1), publishedAt: first?.settledAt, plan: { generation: 1 } },
      });
      expect(await toldSince(draft, () => catalogue.rollBack(TENANT, draft.videoId, back))).toEqual([]);
      expect(await catalogue.rollBack(TENANT, draft.videoId, { from: 1, report: reportOf(draft, 2), by: 'forth' })).toMatchObject({
        liveGeneration: 2,
      });
      const [one_, two] = [await remade(draft), (await video(draft)).liveGeneration];
      expect([one_, two]).toEqual([3, 3]);
    });

    it('goes back while another one is being made, which takes over when it is published', async () => {
      const draft = await published();
      await remade(draft);
      await again(draft);
      expect(await catalogue.rollBack(TENANT, draft.videoId, { from: 2, report: reportFor(draft), by: 'b' })).toMatchObject({
        ...{ state: 'queued', generation: 3, liveGeneration: 1 },
      });
      expect(await catalogue.publish(draft.videoId, 3, reportOf(draft, 3))).toBe(true);
      expect((await video(draft)).liveGeneration).toBe(3);
    });

    it('goes back to nothing that was not published, and from nothing that is not live any more', async () => {
      const draft = await published();
      await again(draft);
      await catalogue.reject(draft.videoId, 2, failure);
      const back = (from: number, generation: number) =>
        catalogue.rollBack(TENANT, draft.videoId, { from, report: reportOf(draft, generation), by: 'back' });
      for (const generation of [2, 7]) await expect(back(1, generation)).rejects.toMatchObject({ code: 'GENERATION_GONE' });
      await remade(draft);
      await expect(back(1, 2)).rejects.toMatchObject({ code: 'GENERATION_GONE' });
      await expect(back(2, 1)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect((await video(draft)).liveGeneration).toBe(3);
    });

    it('retires what has outlived those that are kept, never the live one, and nothing leads back to it', async () => {
      const draft = await published();
      for (let n = 0; n < 3; n += 1) await remade(draft);
      const at = (generation: number) => ({ videoId: draft.videoId, generation });
      expect(await catalogue.retireGeneration(at(1), { count: 2, supersededMs: 3_600_000 })).toBe(false);
      const before = await video(draft);
      expect(await Promise.all([1, 2, 3, 4].map((n) => catalogue.retireGeneration(at(n), AT_ONCE)))).toEqual([true, true, false, false]);
      expect((await all(draft)).map(({ retiredAt }) => retiredAt !== null)).toEqual([false, false, true, true]);
      expect(await video(draft)).toEqual(before);
      const back = catalogue.rollBack(TENANT, draft.videoId, { from: 4, report: reportOf(draft, 2), by: 'late' });
      await expect(back).rejects.toMatchObject({ code: 'GENERATION_GONE' });
      expect(await catalogue.retireGeneration(at(1), { count: 100, supersededMs: 0 })).toBe(true);
      expect(await catalogue.findGenerations([at(1), at(3)])).toMatchObject([{ retired: true }, { retired: false }]);
      expect(await catalogue.retireGeneration({ videoId: 'vid_of_nobody', generation: 1 }, AT_ONCE)).toBe(false);
    });

    it('never lets a generation be retired and live, whoever comes first', async () => {
      for (let round = 0; round < 8; round += 1) {
        const draft = await published();
        await remade(draft);
        const policy = { count: 1, supersededMs: -60_000 };
        const calls = [
          () => catalogue.rollBack(TENANT, draft.videoId, { from: 2, report: reportFor(draft), by: 'race' }),
          () => catalogue.retireGeneration({ videoId: draft.videoId, generation: 1 }, policy),
        ];
        const [back, retired] = await Promise.allSettled((round % 2 === 0 ? calls : [...calls].reverse()).map((call) => call())).then((ends) =>
          round % 2 === 0 ? ends : ends.reverse(),
        );
        const live = (await video(draft)).liveGeneration;
        const gone = (await all(draft)).filter(({ retiredAt }) => retiredAt !== null).map(({ generation }) => generation);
        expect(gone).not.toContain(live);
        expect([back?.status === 'fulfilled', retired]).toEqual([live === 1, { status: 'fulfilled', value: live !== 1 }]);
      }
    });

    it('writes down once what each attempt has used, and shows the sum with the generation that it is about', async () => {
      const draft = await published();
      const at = (generation: number) => ({ videoId: draft.videoId, generation });
      const first = [costOf('inspect', 1), costOf('chunk-0000', 1, { outcome: 'committed', encodedMs: { '720p': 4000 } })];
      const stands = await video(draft);
      expect([stands.cost, (await one(draft, 1))?.cost]).toEqual([null, null]);
      expect(await toldSince(draft, () => catalogue.saveCosts(at(1), first))).toEqual([]);
      const told = await video(draft);
      expect(told).toMatchObject({ version: stands.version + 1, cost: { attempts: 2, cpuMs: 20, encodedMs: { '720p': 4000 } } });
      expect(await catalogue.findVideo(TENANT, draft.videoId)).toEqual(told);
      await Promise.all([...first, ...first].map((cost) => catalogue.saveCosts(at(1), [cost])));
      await catalogue.saveCosts(at(1), []);
      expect(await video(draft)).toEqual(told);
      await again(draft);
      await catalogue.saveCosts(at(2), [costOf('inspect', 1)]);
      expect((await video(draft)).cost?.attempts).toBe(1);
      // From a zombie, long after: about the generation that it worked at.
      await catalogue.saveCosts(at(1), [costOf('chunk-0000', 2, { outcome: 'wasted' })]);
      expect((await all(draft)).map(({ cost }) => [cost?.attempts, cost?.wasted.attempts])).toEqual([
        [1, 0],
        [3, 1],
      ]);
      await catalogue.reject(draft.videoId, 2, failure);
      expect((await video(draft)).cost?.attempts).toBe(3);
      for (const nobodys of [at(3), { videoId: 'vid_of_nobody', generation: 1 }]) await catalogue.saveCosts(nobodys, first);
      await catalogue.deleteVideo(TENANT, draft.videoId);
      const gone = await video(draft);
      await catalogue.saveCosts(at(1), [costOf('late', 1)]);
      expect(await video(draft)).toEqual(gone);
    });

    it('adds up all costs that many tell at once', async () => {
      const draft = await published();
      const at = { videoId: draft.videoId, generation: 1 };
      await Promise.all(Array.from({ length: 20 }, (_each, n) => catalogue.saveCosts(at, [costOf(`chunk-${n}`, 1), costOf('inspect', 1)])));
      expect((await video(draft)).cost).toMatchObject({ attempts: 21, cpuMs: 210, requests: 63 });
    });

    it('knows nothing of it any more once the video is deleted, and deletes it with all of them', async () => {
      const draft = await published();
      await remade(draft);
      await again(draft);
      expect(await catalogue.deleteVideo(TENANT, draft.videoId)).toMatchObject({ generation: 3 });
      expect(await catalogue.listGenerations(TENANT, draft.videoId)).toBeNull();
      expect(await again(draft)).toBeNull();
      expect(await catalogue.rollBack(TENANT, draft.videoId, { from: 2, report: reportFor(draft), by: 'x' })).toBeNull();
      expect(await catalogue.retireGeneration({ videoId: draft.videoId, generation: 1 }, AT_ONCE)).toBe(false);
      expect(await catalogue.publish(draft.videoId, 3, reportOf(draft, 3))).toBe(false);
      expect(await catalogue.cancel(draft.videoId, 3)).toBe(true);
    });
  });
}

const costOf = (step: string, attempt: number, more: Partial<AttemptCost> = {}): AttemptCost => ({
  ...{ step, activity: 'run-1', attempt, outcome: 'done', encodedMs: {}, before: null },
  ...{ cpuMs: 10, wallMs: 20, bytesRead: 5, bytesWritten: 4, requests: 3, ...more },
});

const posterOf = (draft: UploadDraft, generation: number): string => `media/${draft.videoId}/g${generation}/images/a/poster.jpg`;

/** The report of a later generation, whose picture is half as large. */
export function reportOf(draft: UploadDraft, generation: number): GenerationReport {
  if (generation === 1) return reportFor(draft);
  const text = JSON.stringify(reportFor(draft)).replaceAll(`${draft.videoId}/g1/`, `${draft.videoId}/g${generation}/`);
  const report = JSON.parse(text) as GenerationReport;
  const half = ({ width, height }: { width: number; height: number }) => ({ width: width / 2, height: height / 2 });
  return { ...report, generation, tracks: report.tracks.map((track) => ({ ...track, resolution: track.resolution && half(track.resolution) })) };
}
