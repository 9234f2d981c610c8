import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { Catalogue, UploadDraft, UploadQuery } from '../../src/catalogue/catalogue.js';
import type { GenerationReport } from '../../src/domain/artefact.js';
import { PipelineError } from '../../src/domain/errors.js';
import type { OutboxEvent } from '../../src/domain/event.js';
import { layGrid } from '../../src/domain/grid.js';
import { ladderFor } from '../../src/domain/ladder.js';
import type { Plan } from '../../src/domain/plan.js';
import { OPEN_UPLOAD_STATES, type Upload } from '../../src/domain/upload.js';
import { progressAt, type Video } from '../../src/domain/video.js';
import { type CatalogueUnderTest, useCatalogue } from './catalogue-harness.js';
import { describeOverview } from './catalogue-overview.js';

const TENANT = 'tnt_a';
const OTHER = 'tnt_b';
const failure = { code: 'ENCODE_FAILED', message: 'a chunk failed' } as const;
const refused = { code: 'SOURCE_NO_VIDEO', message: 'no pictures' } as const;
const source = { sizeBytes: 20_000_000, etag: 'etag-1' };
/** An end that has come by any clock. */
const LONG_AGO = '2020-01-01T00:00:00.000Z';

/** What every catalogue is held to. The suite shares one catalogue; each case has videos of its own. */
export function describeCatalogue(name: string, make: () => Promise<CatalogueUnderTest>): void {
  // For a machine that is busy with other things; none of this is about speed.
  jest.setTimeout(60_000);
  describeOverview(name, make);

  describe(`catalogue: ${name}`, () => {
    let under: CatalogueUnderTest;
    let catalogue: Catalogue;
    useCatalogue(make, [TENANT, OTHER], (made, all) => {
      catalogue = made;
      under = all;
    });

    const begun = async (tenantId = TENANT, more: Partial<UploadDraft> = {}): Promise<UploadDraft> => {
      const draft = { ...draftFor(tenantId), ...more };
      await catalogue.createUpload(draft);
      return draft;
    };
    /** A time by the clock of the catalogue, which is not ours. */
    const fromNow = async (ms: number): Promise<string> => {
      const { createdAt } = await catalogue.createUpload(draftFor(TENANT));
      return new Date(Date.parse(createdAt) + ms).toISOString();
    };
    /** A video that is queued with generation 1. */
    const queued = async (): Promise<UploadDraft> => {
      const draft = await begun();
      await catalogue.attachMultipart(draft.id, 'mp-1');
      await catalogue.completeUpload(draft.id, source);
      return draft;
    };
    const video = async (draft: UploadDraft): Promise<Video> => {
      const found = await catalogue.getVideo(draft.videoId);
      if (found === null) throw new Error(`no video ${draft.videoId}`);
      return found;
    };
    const events = async (draft: UploadDraft) => (await allEvents(catalogue)).filter((event) => event.videoId === draft.videoId);
    const types = async (draft: UploadDraft): Promise<string[]> => (await events(draft)).map((event) => event.type);
    /** Runs a write again: nothing that anyone can see may change. */
    const changesNothing = async (draft: UploadDraft, write: () => Promise<unknown>): Promise<void> => {
      const before = { video: await video(draft), upload: await catalogue.getUpload(draft.id), events: await events(draft) };
      await write();
      expect({ video: await video(draft), upload: await catalogue.getUpload(draft.id), events: await events(draft) }).toEqual(before);
    };
    /** Runs a write twice: one version up, these events more, and the second time nothing. */
    const changesOnce = async (draft: UploadDraft, write: () => Promise<unknown>, added: readonly string[]): Promise<void> => {
      const [version, told] = [(await video(draft)).version, await types(draft)];
      const answer = await write();
      expect((await video(draft)).version).toBe(version + 1);
      expect(await types(draft)).toEqual([...told, ...added]);
      await changesNothing(draft, async () => expect(await write()).toEqual(answer));
    };

    it('answers when asked whether it is there', async () => {
      await catalogue.ping();
    });

    it('makes a tenant and a key once, and keeps the first of each', async () => {
      const key = { id: `key_${unique()}`, tenantId: TENANT, secretHash: 'ab'.repeat(32), name: 'one' };
      await catalogue.ensureTenant(TENANT, 'another name');
      await catalogue.addApiKey(key);
      await catalogue.addApiKey({ ...key, secretHash: 'cd'.repeat(32), name: 'two' });
      expect(await catalogue.findApiKey(key.id)).toMatchObject(key);
      expect(await catalogue.findApiKey('key_of_nobody')).toBeNull();
      expect(await catalogue.findApiKeys(['key_of_nobody', key.id, 'x'.repeat(300)])).toEqual([await catalogue.findApiKey(key.id)]);
      expect(await catalogue.findApiKeys([])).toEqual([]);
    });

    it('begins an upload and its video together, and the same id again is the same upload', async () => {
      const draft = draftFor(TENANT);
      const upload = await catalogue.createUpload(draft);
      expect(upload).toEqual({
        ...draft,
        state: 'waiting',
        checksum: null,
        multipartId: null,
        door: null,
        named: true,
        fingerprint: null,
        createdAt: upload.createdAt,
        completedAt: null,
        closedAt: null,
        failure: null,
      });
      expect(await video(draft)).toMatchObject({
        tenantId: TENANT,
        name: draft.fileName,
        contentType: draft.contentType,
        sourceSizeBytes: draft.sizeBytes,
        sourceKey: draft.key,
        state: 'waiting',
        playable: false,
        progress: { percent: 0, stage: null, chunksDone: 0, chunksTotal: 0 },
        failure: null,
        generation: 0,
        liveGeneration: null,
        plan: null,
        version: 1,
        createdAt: upload.createdAt,
      });
      expect(await types(draft)).toEqual(['video.created', 'upload.created']);
      await changesNothing(draft, async () => {
        expect(await catalogue.createUpload(draft)).toEqual(upload);
        expect(await catalogue.createUpload({ ...draft, videoId: `vid_${unique()}`, fileName: 'other.mp4' })).toEqual(upload);
      });
    });

    it('keeps which checksum the parts of an upload carry, whatever becomes of it', async () => {
      const draft: UploadDraft = { ...draftFor(TENANT), checksum: 'crc32c' };
      expect((await catalogue.createUpload(draft)).checksum).toBe('crc32c');
      expect((await catalogue.attachMultipart(draft.id, 'multi-1'))?.checksum).toBe('crc32c');
      expect((await catalogue.completeUpload(draft.id, { sizeBytes: draft.sizeBytes ?? 0, etag: 'e' }))?.checksum).toBe('crc32c');
      expect((await catalogue.findUpload(TENANT, draft.id))?.checksum).toBe('crc32c');
    });

    it('begins one upload where many ask with one id', async () => {
      for (let round = 0; round < 5; round += 1) {
        const draft = draftFor(TENANT);
        const answers = await Promise.all(times(20, () => catalogue.createUpload(draft)));
        for (const answer of answers) expect(answer).toEqual(answers[0]);
        expect(await types(draft)).toEqual(['video.created', 'upload.created']);
      }
    });

    it('refuses an id that is taken by another tenant or another upload, and shows nothing of it', async () => {
      const draft = await begun();
      const foreign = { ...draftFor(OTHER), id: draft.id };
      await expect(catalogue.createUpload(foreign)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await catalogue.getVideo(foreign.videoId)).toBeNull();
      await expect(catalogue.createUpload({ ...draftFor(TENANT), videoId: draft.videoId })).rejects.toMatchObject({ code: 'CONFLICT' });
    });

    it('refuses an upload of a tenant that is not there', async () => {
      await expect(catalogue.createUpload(draftFor('tnt_of_nobody'))).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    it('keeps texts that a database would refuse, with the refused characters replaced', async () => {
      const draft = { ...draftFor(TENANT), fileName: 'a\u0000b\ud800c😀.mp4' };
      await catalogue.createUpload(draft);
      expect((await video(draft)).name).toBe('a\ufffdb\ufffdc😀.mp4');
      await catalogue.closeUpload(draft.id, 'errored', { code: 'SOURCE_CORRUPT', message: 'x\u0000' });
      expect((await video(draft)).failure).toEqual({ code: 'SOURCE_CORRUPT', message: 'x\ufffd' });
    });

    it('attaches one multipart, once', async () => {
      const draft = await begun();
      await changesOnce(draft, () => catalogue.attachMultipart(draft.id, 'mp-1'), ['video.updated']);
      expect(await catalogue.attachMultipart(draft.id, 'mp-2')).toMatchObject({ multipartId: 'mp-1', state: 'uploading' });
      expect((await video(draft)).state).toBe('uploading');
      expect(await catalogue.attachMultipart('upl_of_nobody', 'mp')).toBeNull();
    });

    it('shows one winner to all of 50 that attach at once', async () => {
      const draft = await begun();
      const answers = await Promise.all(times(50, (n) => catalogue.attachMultipart(draft.id, `mp-${n}`)));
      const winner = (await catalogue.getUpload(draft.id))?.multipartId;
      expect(winner).toMatch(/^mp-\d+$/);
      expect(new Set(answers.map((answer) => answer?.multipartId))).toEqual(new Set([winner]));
      expect((await video(draft)).version).toBe(2);
    });

    describe('doors', () => {
      const unknown = { fileName: '', contentType: 'application/octet-stream', sizeBytes: null, partSizeBytes: null };
      const begunAs = async (more: Partial<UploadDraft>): Promise<UploadDraft> => {
        const draft = { ...draftFor(TENANT), ...more };
        await catalogue.createUpload(draft);
        return draft;
      };
      const uppy = (multipartId: string, instead: string | null, more = {}) => ({ door: 'uppy', multipartId, instead, ...more }) as const;
      const whole = (instead: string | null, more = {}) => ({ door: 'whole', multipartId: null, instead, ...more }) as const;

      it('takes an upload of which nothing is known, and names it as its client does', async () => {
        const draft = await begunAs(unknown);
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ ...unknown, named: false, door: null });
        expect(await video(draft)).toMatchObject({ name: '', sourceSizeBytes: null });
        const opening = uppy('mp-1', null, { fileName: 'a.mp4', contentType: 'video/mp4' });
        await changesOnce(draft, () => catalogue.openDoor(draft.id, opening), ['video.updated']);
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ state: 'uploading', door: 'uppy', multipartId: 'mp-1', fileName: 'a.mp4' });
        expect(await video(draft)).toMatchObject({ state: 'uploading', name: 'a.mp4', contentType: 'video/mp4' });
      });

      it('gives the session to the file begun last, and its name', async () => {
        const draft = await begunAs(unknown);
        await catalogue.openDoor(draft.id, uppy('mp-1', null, { fileName: 'a.mp4', contentType: 'video/mp4' }));
        await changesOnce(draft, () => catalogue.openDoor(draft.id, uppy('mp-2', 'mp-1', { fileName: 'b.webm' })), ['video.updated']);
        await changesOnce(draft, () => catalogue.openDoor(draft.id, whole('mp-2', { fileName: 'c.mov' })), ['video.updated']);
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ door: 'whole', multipartId: null, fileName: 'c.mov', contentType: 'video/mp4' });
        expect((await video(draft)).name).toBe('c.mov');
      });

      it('knows who comes late by what he had seen', async () => {
        const draft = await begunAs({});
        await catalogue.openDoor(draft.id, uppy('mp-1', null));
        await changesNothing(draft, async () => {
          expect(await catalogue.openDoor(draft.id, uppy('mp-late', null))).toMatchObject({ multipartId: 'mp-1' });
          expect(await catalogue.openDoor(draft.id, whole(null))).toMatchObject({ door: 'uppy' });
          expect(await catalogue.attachMultipart(draft.id, 'mp-own')).toMatchObject({ door: 'uppy', multipartId: 'mp-1' });
          expect(await catalogue.openDoor('upl_of_nobody', uppy('x', null))).toBeNull();
        });
      });

      it('keeps the name and the type that the session was created with, and takes a type where there was none', async () => {
        const draft = await begunAs({});
        await catalogue.openDoor(draft.id, uppy('mp-1', null, { fileName: 'other.mp4', contentType: 'video/webm' }));
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ fileName: draft.fileName, contentType: 'video/mp4', named: true });
        const untyped = await begunAs({ contentType: 'application/octet-stream' });
        await catalogue.openDoor(untyped.id, uppy('mp-1', null, { fileName: 'other.mp4', contentType: 'video/webm' }));
        expect(await catalogue.getUpload(untyped.id)).toMatchObject({ fileName: draft.fileName, contentType: 'video/webm' });
      });

      it('lets one of 20 through that come at once', async () => {
        const draft = await begunAs(unknown);
        const answers = await Promise.all(times(20, (n) => catalogue.openDoor(draft.id, uppy(`mp-${n}`, null))));
        const winner = (await catalogue.getUpload(draft.id))?.multipartId;
        expect(new Set(answers.map((answer) => answer?.multipartId))).toEqual(new Set([winner]));
      });

      it('keeps a session that is sent in our own parts for them', async () => {
        const draft = await begun();
        expect(await catalogue.attachMultipart(draft.id, 'mp-1')).toMatchObject({ door: 'parts' });
        await changesNothing(draft, async () => {
          expect(await catalogue.openDoor(draft.id, uppy('mp-2', 'mp-1'))).toMatchObject({ door: 'parts', multipartId: 'mp-1' });
          expect(await catalogue.openDoor(draft.id, whole('mp-1'))).toMatchObject({ door: 'parts' });
        });
      });

      it('notes sizes: of parts while it is open, of the file when it is complete', async () => {
        const draft = await begunAs(unknown);
        await catalogue.openDoor(draft.id, uppy('mp-1', null));
        await changesOnce(draft, () => catalogue.measureParts(draft.id, 5_242_880), []);
        await changesOnce(draft, () => catalogue.completeUpload(draft.id, { sizeBytes: 7_000_000, etag: 'e' }), ['upload.completed']);
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ sizeBytes: 7_000_000, partSizeBytes: 5_242_880 });
        expect(await video(draft)).toMatchObject({ sourceSizeBytes: 7_000_000 });
        await changesNothing(draft, async () => {
          await catalogue.measureParts(draft.id, 1);
          expect(await catalogue.openDoor(draft.id, uppy('late', 'mp-1'))).toBeNull();
        });
      });

      it.each([unknown, {}])('counts a file that came in one piece as one part', async (more) => {
        const draft = await begunAs(more);
        await catalogue.openDoor(draft.id, whole(null));
        await catalogue.completeUpload(draft.id, source);
        expect(await catalogue.getUpload(draft.id)).toMatchObject({ sizeBytes: source.sizeBytes, partSizeBytes: source.sizeBytes });
      });
    });

    it('completes an upload once and queues generation 1 of its video', async () => {
      const draft = await begun();
      await catalogue.attachMultipart(draft.id, 'mp-1');
      expect(await catalogue.getSource(draft.videoId)).toBeNull();
      await changesOnce(draft, () => catalogue.completeUpload(draft.id, source), ['upload.completed']);
      const upload = await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'late' });
      expect(upload).toMatchObject({ state: 'completed', completedAt: expect.any(String), closedAt: upload?.completedAt });
      expect(await video(draft)).toMatchObject({ state: 'queued', generation: 1, uploadedAt: upload?.completedAt });
      expect(await catalogue.getSource(draft.videoId)).toEqual({
        ...source,
        key: draft.key,
        name: draft.fileName,
        contentType: draft.contentType,
        tenantId: TENANT,
      });
      expect((await events(draft)).at(-1)?.data).toMatchObject({ state: 'queued', generation: 1, upload: { id: draft.id, state: 'completed' } });
      expect(await catalogue.attachMultipart(draft.id, 'late')).toBeNull();
      expect(await catalogue.completeUpload('upl_of_nobody', source)).toBeNull();
    });

    it('tells of one completion where 50 complete at once', async () => {
      const draft = await begun();
      const answers = await Promise.all(times(50, (n) => catalogue.completeUpload(draft.id, { ...source, etag: `etag-${n}` })));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await types(draft)).toEqual(['video.created', 'upload.created', 'upload.completed']);
    });

    it.each([
      ['cancelled', null, 'cancelled', ['upload.cancelled', 'video.cancelled']],
      ['expired', null, 'cancelled', ['upload.expired', 'video.cancelled']],
      ['errored', refused, 'errored', ['video.errored']],
    ] as const)('closes an upload as %s, once, and its video with it', async (state, reason, videoState, told) => {
      const draft = await begun(TENANT, { expiresAt: LONG_AGO });
      await changesOnce(draft, () => catalogue.closeUpload(draft.id, state, reason), told);
      expect(await catalogue.getUpload(draft.id)).toMatchObject({ state, failure: reason, closedAt: expect.any(String) });
      expect(await video(draft)).toMatchObject({ state: videoState, failure: reason });
      await changesNothing(draft, async () => {
        expect(await catalogue.attachMultipart(draft.id, 'late')).toBeNull();
        expect(await catalogue.completeUpload(draft.id, source)).toBeNull();
        expect(await catalogue.closeUpload(draft.id, state === 'expired' ? 'cancelled' : 'expired', null)).toMatchObject({ state });
      });
    });

    it('leaves a completed upload completed when asked to close it', async () => {
      const draft = await queued();
      await changesNothing(draft, async () => {
        expect(await catalogue.closeUpload(draft.id, 'expired', null)).toMatchObject({ state: 'completed' });
      });
      expect(await catalogue.closeUpload('upl_of_nobody', 'expired', null)).toBeNull();
    });

    it('lets either a completion or an expiry win, never both', async () => {
      const drafts = await Promise.all(times(10, () => begun(TENANT, { expiresAt: LONG_AGO })));
      for (const draft of drafts) {
        const [completed, closed] = await Promise.all([catalogue.completeUpload(draft.id, source), catalogue.closeUpload(draft.id, 'expired', null)]);
        const told = (await types(draft)).slice(2);
        if (completed === null) {
          expect(told).toEqual(['upload.expired', 'video.cancelled']);
        } else {
          expect(told).toEqual(['upload.completed']);
          expect(closed).toEqual(completed);
        }
      }
    });

    it('does not let an upload expire before its time is up', async () => {
      const draft = await begun(TENANT, { expiresAt: await fromNow(600_000) });
      await changesNothing(draft, async () => {
        expect(await catalogue.closeUpload(draft.id, 'expired', null)).toMatchObject({ state: 'waiting', closedAt: null });
      });
      expect(await catalogue.closeUpload(draft.id, 'cancelled', null)).toMatchObject({ state: 'cancelled' });
    });

    it('says how much is left of an open upload, and of no other', async () => {
      const draft = await begun(TENANT, { expiresAt: await fromNow(600_000) });
      const leftMs = (await catalogue.uploadLeftMs(draft.id)) ?? Number.NaN;
      expect(leftMs).toBeLessThan(600_001);
      expect(leftMs).toBeGreaterThan(540_000);
      expect(await catalogue.uploadLeftMs((await begun(TENANT, { expiresAt: LONG_AGO })).id)).toBeLessThan(0);
      await catalogue.closeUpload(draft.id, 'cancelled', null);
      expect(await catalogue.uploadLeftMs(draft.id)).toBeNull();
      expect(await catalogue.uploadLeftMs('upl_of_nobody')).toBeNull();
    });

    it('extends an upload with less than half of its life left, once for many that ask', async () => {
      const draft = await begun(TENANT, { expiresAt: await fromNow(600_000) });
      await changesNothing(draft, () => catalogue.extendUpload(draft.id, 1_000_000));
      const answers = await Promise.all(times(20, () => catalogue.extendUpload(draft.id, 3_600_000)));
      expect(new Set(answers.map((answer) => answer?.expiresAt)).size).toBe(1);
      expect(answers[0]).toEqual(await catalogue.getUpload(draft.id));
      expect((await video(draft)).version).toBe(2);
      const leftMs = (await catalogue.uploadLeftMs(draft.id)) ?? Number.NaN;
      expect(leftMs).toBeLessThan(3_600_001);
      expect(leftMs).toBeGreaterThan(3_540_000);
      expect(await types(draft)).toEqual(['video.created', 'upload.created']);
    });

    it('extends no upload over a week, nor one whose time is up, nor a closed one', async () => {
      const old = await begun(TENANT, { expiresAt: await fromNow(600_000) });
      const upload = await catalogue.extendUpload(old.id, 30 * 86_400_000);
      expect(Date.parse(upload?.expiresAt ?? '') - Date.parse(upload?.createdAt ?? '')).toBe(7 * 86_400_000);
      await changesNothing(old, () => catalogue.extendUpload(old.id, 30 * 86_400_000));
      const late = await begun(TENANT, { expiresAt: LONG_AGO });
      await changesNothing(late, async () => {
        expect(await catalogue.extendUpload(late.id, 3_600_000)).toMatchObject({ state: 'waiting', expiresAt: LONG_AGO });
      });
      await catalogue.closeUpload(late.id, 'expired', null);
      await changesNothing(late, async () => expect(await catalogue.extendUpload(late.id, 3_600_000)).toBeNull());
      expect(await catalogue.extendUpload('upl_of_nobody', 3_600_000)).toBeNull();
    });

    it('lets either an extension or an expiry win', async () => {
      const lifeMs = 3_600_000;
      const drafts = await Promise.all(times(20, async (n) => begun(TENANT, { expiresAt: await fromNow(n * 5) })));
      for (const draft of drafts) {
        const [extended] = await Promise.all([catalogue.extendUpload(draft.id, lifeMs), catalogue.closeUpload(draft.id, 'expired', null)]);
        const leftMs = await catalogue.uploadLeftMs(draft.id);
        if (leftMs !== null && leftMs > 0) expect(await catalogue.getUpload(draft.id)).toEqual(extended);
        else expect(await catalogue.closeUpload(draft.id, 'expired', null)).toMatchObject({ state: 'expired' });
      }
    });

    it("a tenant's sources that end too early are refused until it wishes otherwise", async () => {
      const tenantId = `tnt_${randomBytes(6).toString('hex')}`;
      expect(await catalogue.truncatedPolicy(tenantId)).toBeNull();
      await expect(catalogue.setTruncatedPolicy(tenantId, 'publish')).rejects.toMatchObject({ code: 'INTERNAL' });
      await catalogue.ensureTenant(tenantId, 'truncated');
      expect(await catalogue.truncatedPolicy(tenantId)).toBe('refuse');
      await catalogue.setTruncatedPolicy(tenantId, 'publish');
      await catalogue.setTruncatedPolicy(tenantId, 'publish');
      expect(await catalogue.truncatedPolicy(tenantId)).toBe('publish');
      expect(await catalogue.truncatedPolicy(TENANT)).toBe('refuse');
      await catalogue.setTruncatedPolicy(tenantId, 'refuse');
      expect(await catalogue.truncatedPolicy(tenantId)).toBe('refuse');
    });

    it('reserves what is announced, and gives it back exactly once, whichever way it ends', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'quota');
      expect(await catalogue.findUsage(tenantId)).toEqual({ quotaBytes: null, reservedBytes: 0, storedBytes: 0, openUploads: 0 });
      expect(await catalogue.findUsage('tnt_of_nobody')).toBeNull();
      const holds = async (reservedBytes: number, storedBytes: number) =>
        expect(await catalogue.findUsage(tenantId)).toMatchObject({ quotaBytes: null, reservedBytes, storedBytes });
      const twice = async (act: () => Promise<unknown>) => {
        await act();
        await act();
      };
      const MB = 1_000_000;
      const drafts = times(4, (n) => ({ ...draftFor(tenantId), sizeBytes: (n + 1) * MB, expiresAt: LONG_AGO }));
      for (const draft of drafts) await twice(() => catalogue.createUpload(draft));
      await holds(10 * MB, 0);
      const [kept, cancelled, expired, errored] = drafts.map((draft) => draft.id) as [string, string, string, string];
      await twice(() => catalogue.attachMultipart(kept, 'mp'));
      await holds(10 * MB, 0);
      await twice(() => catalogue.completeUpload(kept, { sizeBytes: MB, etag: 'e' }));
      await holds(9 * MB, MB);
      await twice(() => catalogue.closeUpload(cancelled, 'cancelled', null));
      await holds(7 * MB, MB);
      await twice(() => catalogue.closeUpload(expired, 'expired', null));
      await holds(4 * MB, MB);
      await twice(() => catalogue.closeUpload(errored, 'errored', refused));
      await holds(0, MB);
      await twice(() => catalogue.closeUpload(kept, 'cancelled', null));
      await twice(() => catalogue.reject(drafts[0]?.videoId ?? '', 1, failure));
      await holds(0, MB);
    });

    it('takes a file whose size nobody declared where there is room for it, and changes nothing where there is none', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'undeclared');
      const drafts = times(3, () => ({ ...draftFor(tenantId), sizeBytes: null, partSizeBytes: null }));
      for (const draft of drafts) await catalogue.createUpload(draft);
      await catalogue.setQuota(tenantId, 150);
      const complete = (n: number) => catalogue.completeUpload(drafts[n]?.id ?? '', { sizeBytes: 100, etag: 'e' });
      const answers = await Promise.allSettled([complete(0), complete(1), complete(2)]);
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'QUOTA_EXCEEDED' });
      expect(await catalogue.findUsage(tenantId)).toEqual({ quotaBytes: 150, reservedBytes: 0, storedBytes: 100, openUploads: 2 });
      const states = await Promise.all(
        drafts.map(async ({ id, videoId }) => [(await catalogue.getUpload(id))?.state, (await catalogue.getVideo(videoId))?.state]),
      );
      expect(states.sort()).toEqual([
        ['completed', 'queued'],
        ['waiting', 'waiting'],
        ['waiting', 'waiting'],
      ]);
      expect((await allEvents(catalogue)).filter((event) => event.tenantId === tenantId && event.type === 'upload.completed')).toHaveLength(1);
      await catalogue.setQuota(tenantId, 300);
      await Promise.all([complete(0), complete(1), complete(2)]);
      expect(await catalogue.findUsage(tenantId)).toEqual({ quotaBytes: 300, reservedBytes: 0, storedBytes: 300, openUploads: 0 });
    });

    it('gives room to exactly as many as there is room for, of 200 that ask at once', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'full');
      const drafts = times(200, () => draftFor(tenantId));
      await catalogue.setQuota(tenantId, 100 * 20_000_000 + 19_999_999);
      // Who has waited too long for a connection, on a machine with other work, comes again as every caller does.
      const ask = (draft: UploadDraft): Promise<unknown> =>
        catalogue.createUpload(draft).catch((error: unknown) => {
          if (!(error instanceof PipelineError) || error.code !== 'CATALOGUE_UNAVAILABLE') throw error;
          return ask(draft);
        });
      const made = await Promise.allSettled(drafts.map(ask));
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
      for (const answer of made) if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'QUOTA_EXCEEDED' });
      expect(await catalogue.findUsage(tenantId)).toMatchObject({ reservedBytes: 100 * 20_000_000, storedBytes: 0 });
      expect(await catalogue.listVideos({ tenantId, limit: 300, after: null })).toHaveLength(100);
      // Who has an upload gets it again from a full account, and who was refused gets one as soon as there is room.
      const [mine, theirs] = (['fulfilled', 'rejected'] as const).map((status) => drafts[made.findIndex((answer) => answer.status === status)]);
      if (!mine || !theirs) throw new Error('expected some of each');
      expect(await catalogue.createUpload(mine)).toMatchObject({ id: mine.id });
      await expect(catalogue.createUpload(theirs)).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
      await catalogue.closeUpload(mine.id, 'cancelled', null);
      expect(await catalogue.createUpload(theirs)).toMatchObject({ id: theirs.id });
      expect(await catalogue.findUsage(tenantId)).toMatchObject({ reservedBytes: 100 * 20_000_000 });
    });

    it('makes one upload of the last room, where 30 ask for it with one id', async () => {
      for (let round = 0; round < 5; round += 1) {
        const tenantId = `tnt_${unique()}`;
        await catalogue.ensureTenant(tenantId, 'last');
        const draft = draftFor(tenantId);
        await catalogue.setQuota(tenantId, draft.sizeBytes);
        const answers = await Promise.all(times(30, () => catalogue.createUpload(draft)));
        for (const answer of answers) expect(answer).toEqual(answers[0]);
        expect(await catalogue.findUsage(tenantId)).toMatchObject({ reservedBytes: draft.sizeBytes });
      }
    });

    it('says what is left, and lets an account that was made smaller end what it has', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'small');
      const draft = await begun(tenantId);
      await catalogue.setQuota(tenantId, 25_000_000);
      await expect(catalogue.createUpload(draftFor(tenantId))).rejects.toThrow('The file has 20.0 MB; 5.0 MB of 25.0 MB are left');
      await catalogue.setQuota(tenantId, 1000);
      await expect(catalogue.createUpload(draftFor(tenantId))).rejects.toThrow('0 B of 1.0 kB are left');
      expect(await catalogue.completeUpload(draft.id, source)).toMatchObject({ state: 'completed' });
      await catalogue.setQuota(tenantId, null);
      await catalogue.createUpload(draftFor(tenantId));
      expect(await catalogue.findUsage(tenantId)).toEqual({ quotaBytes: null, reservedBytes: 20_000_000, storedBytes: 20_000_000, openUploads: 1 });
      await expect(catalogue.setQuota('tnt_of_nobody', 1)).rejects.toMatchObject({ code: 'INTERNAL' });
    });

    it('lists a tenant’s uploads newest first, by state and by fingerprint', async () => {
      const [tenantId, other] = [`tnt_${unique()}`, `tnt_${unique()}`];
      await catalogue.ensureTenant(tenantId, 'list');
      await catalogue.ensureTenant(other, 'other');
      const fingerprint = 'clip.mp4-20000000-1-video/mp4';
      const plain = await begun(tenantId);
      const old = await begun(tenantId, { fingerprint });
      const closed = await begun(tenantId, { fingerprint });
      const fresh = await begun(tenantId, { fingerprint });
      await begun(other, { fingerprint });
      await catalogue.closeUpload(closed.id, 'cancelled', null);
      await catalogue.attachMultipart(old.id, 'mp');
      const list = (more: Partial<UploadQuery>) => catalogue.listUploads({ tenantId, limit: 10, after: null, ...more });
      const ids = async (more: Partial<UploadQuery>) => (await list(more)).map((row) => row.id);
      expect(await ids({})).toEqual([fresh.id, closed.id, old.id, plain.id]);
      expect(await ids({ fingerprint })).toEqual([fresh.id, closed.id, old.id]);
      expect(await ids({ fingerprint, states: OPEN_UPLOAD_STATES })).toEqual([fresh.id, old.id]);
      expect(await ids({ states: ['cancelled'] })).toEqual([closed.id]);
      expect(await ids({ states: [] })).toEqual([]);
      expect(await ids({ fingerprint: 'another' })).toEqual([]);
      expect((await list({ fingerprint, limit: 1 }))[0]).toEqual(await catalogue.getUpload(fresh.id));
      const paged: string[] = [];
      for (let after: Upload | null = null; ; ) {
        const page: Upload[] = await list({ limit: 2, after });
        paged.push(...page.map((row) => row.id));
        if (page.length < 2) break;
        after = page.at(-1) ?? null;
      }
      expect(paged).toEqual(await ids({}));
    });

    it('stores a plan once, and begins to prepare', async () => {
      const draft = await queued();
      const plan = planFor(draft);
      await changesOnce(draft, () => catalogue.savePlan(plan), ['video.updated']);
      expect(await video(draft)).toMatchObject({ state: 'preparing', plan, durationMs: 30_000, width: 1920, height: 1080 });
      await changesNothing(draft, () => catalogue.savePlan({ ...plan, format: 'another' }));
    });

    it('tells of each stage once, and never lets progress fall', async () => {
      const draft = await queued();
      const told = async () => (await types(draft)).slice(4);
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('inspect', 0, 0)), ['video.updated']);
      expect(await video(draft)).toMatchObject({ state: 'preparing', progress: { percent: 0, stage: 'inspect' } });
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 0, 10)), ['video.updated']);
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 5, 10)), []);
      const fallen = { ...progressAt('encode', 6, 10), stage: 'plan' } as const;
      for (const late of [progressAt('encode', 4, 10), progressAt('encode', 6, 100), progressAt('plan', 0, 0), fallen]) {
        await changesNothing(draft, () => catalogue.saveProgress(draft.videoId, 1, late));
      }
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 500, 1000)), []);
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 501, 1000)), []);
      await catalogue.saveProgress(draft.videoId, 1, progressAt('encode', 1000, 1000));
      // The same per cent as the end of encoding: the stage is what is new.
      await changesOnce(draft, () => catalogue.saveProgress(draft.videoId, 1, progressAt('package', 0, 0)), ['video.updated']);
      expect(await told()).toEqual(['video.updated', 'video.updated', 'video.updated']);
    });

    it('ends at the highest progress whatever the order of arrival', async () => {
      const draft = await queued();
      const arrivals = times(30, (n) => progressAt('encode', (n * 7) % 30, 29));
      await Promise.all(arrivals.map((progress) => catalogue.saveProgress(draft.videoId, 1, progress)));
      expect((await video(draft)).progress).toEqual(progressAt('encode', 29, 29));
      expect((await types(draft)).slice(4)).toEqual(['video.updated']);
    });

    it('marks the first moment at which a player can begin, once', async () => {
      const draft = await queued();
      await catalogue.savePlan(planFor(draft));
      await changesOnce(draft, () => catalogue.markPlayable(draft.videoId, 1), ['video.playable']);
      expect(await video(draft)).toMatchObject({ playable: true, playableAt: expect.any(String), state: 'preparing' });
    });

    it('publishes once, with what the report says', async () => {
      const draft = await queued();
      await catalogue.savePlan(planFor(draft));
      await catalogue.markPlayable(draft.videoId, 1);
      const findings = [{ code: 'SUBTITLES_UNREADABLE', text: 'Subtitles that cannot be read are left out: German.' }] as const;
      const report = { ...reportFor(draft), findings };
      await changesOnce(draft, () => catalogue.publish(draft.videoId, 1, report), ['video.ready']);
      expect(await video(draft)).toMatchObject({
        state: 'ready',
        playable: true,
        liveGeneration: 1,
        durationMs: 30_030,
        width: 1920,
        height: 1080,
        posterKey: report.images.poster.key,
        storyboardKey: report.images.vtt.key,
        progress: { percent: 100, stage: 'publish' },
        failure: null,
        findings,
        publishedAt: expect.any(String),
      });
    });

    it('says that a video is playable before it says that it is ready', async () => {
      const draft = await queued();
      await changesOnce(draft, () => catalogue.publish(draft.videoId, 1, reportFor(draft)), ['video.playable', 'video.ready']);
      await changesNothing(draft, () => catalogue.markPlayable(draft.videoId, 1));
    });

    it('does nothing to a published generation, and says so to whoever would clear it away', async () => {
      const draft = await queued();
      await catalogue.publish(draft.videoId, 1, reportFor(draft));
      await changesNothing(draft, async () => {
        expect(await catalogue.reject(draft.videoId, 1, failure)).toBe(false);
        expect(await catalogue.cancel(draft.videoId, 1)).toBe(false);
        await catalogue.park(draft.videoId, 1, failure);
        await catalogue.unpark(draft.videoId, 1);
        await catalogue.savePlan(planFor(draft));
        await catalogue.saveProgress(draft.videoId, 1, progressAt('publish', 0, 0));
      });
    });

    it.each([
      ['rejected', 'errored', (at: UploadDraft) => catalogue.reject(at.videoId, 1, failure)],
      ['cancelled', 'cancelled', (at: UploadDraft) => catalogue.cancel(at.videoId, 1)],
    ] as const)('does not publish what was %s', async (_word, state, settle) => {
      const draft = await queued();
      await catalogue.savePlan(planFor(draft));
      await catalogue.markPlayable(draft.videoId, 1);
      await changesOnce(draft, async () => expect(await settle(draft)).toBe(true), [`video.${state}`]);
      expect(await video(draft)).toMatchObject({ state, playable: false, failure: state === 'errored' ? failure : null, liveGeneration: null });
      await changesNothing(draft, async () => {
        expect(await catalogue.publish(draft.videoId, 1, reportFor(draft))).toBe(false);
        await catalogue.markPlayable(draft.videoId, 1);
        await catalogue.park(draft.videoId, 1, failure);
        await catalogue.saveProgress(draft.videoId, 1, progressAt('verify', 0, 0));
      });
    });

    it('lets one of a publish, a rejection and a cancel win', async () => {
      for (let round = 0; round < 10; round += 1) {
        const draft = await queued();
        const publishes = times(5, () => catalogue.publish(draft.videoId, 1, reportFor(draft)));
        const [rejected, cancelled, ...published] = await Promise.all([
          catalogue.reject(draft.videoId, 1, failure),
          catalogue.cancel(draft.videoId, 1),
          ...publishes,
        ]);
        const { state } = await video(draft);
        expect(new Set(published)).toEqual(new Set([state === 'ready']));
        expect([rejected, cancelled]).toEqual([state !== 'ready', state !== 'ready']);
        const told = (await types(draft)).slice(4);
        expect(told).toEqual(state === 'ready' ? ['video.playable', 'video.ready'] : [`video.${state}`]);
      }
    });

    it('refuses to publish with the report of another generation', async () => {
      const draft = await queued();
      await changesNothing(draft, async () => {
        await expect(catalogue.publish(draft.videoId, 1, { ...reportFor(draft), generation: 2 })).rejects.toMatchObject({ code: 'INTERNAL' });
      });
    });

    it('parks for review and takes it up again', async () => {
      const draft = await queued();
      await changesOnce(draft, () => catalogue.park(draft.videoId, 1, failure), ['video.review.requested']);
      expect(await video(draft)).toMatchObject({ state: 'review', failure });
      await changesOnce(draft, () => catalogue.unpark(draft.videoId, 1), ['video.updated']);
      expect(await video(draft)).toMatchObject({ state: 'preparing', failure: null });
      await changesOnce(draft, () => catalogue.park(draft.videoId, 1, refused), ['video.review.requested']);
      await changesOnce(draft, () => catalogue.reject(draft.videoId, 1, refused), ['video.errored']);
    });

    it('ignores generations that are not the video’s own', async () => {
      const draft = await queued();
      for (const stale of [0, 2]) {
        await changesNothing(draft, async () => {
          await catalogue.savePlan({ ...planFor(draft), generation: stale });
          await catalogue.saveProgress(draft.videoId, stale, progressAt('encode', 1, 2));
          await catalogue.markPlayable(draft.videoId, stale);
          expect(await catalogue.publish(draft.videoId, stale, { ...reportFor(draft), generation: stale })).toBe(false);
          expect(await catalogue.reject(draft.videoId, stale, failure)).toBe(false);
          expect(await catalogue.cancel(draft.videoId, stale)).toBe(false);
          await catalogue.park(draft.videoId, stale, failure);
          await catalogue.unpark(draft.videoId, stale);
        });
      }
      expect(await catalogue.publish('vid_of_nobody', 1, reportFor(draft))).toBe(false);
      await catalogue.saveProgress('vid_of_nobody', 1, progressAt('encode', 1, 2));
    });

    it('shows nothing of one tenant to another', async () => {
      const [mine, theirs] = [await begun(TENANT), await begun(OTHER)];
      expect(await catalogue.findVideo(TENANT, mine.videoId)).toEqual(await video(mine));
      expect(await catalogue.findUpload(TENANT, mine.id)).toEqual(await catalogue.getUpload(mine.id));
      expect(await catalogue.findVideo(TENANT, theirs.videoId)).toBeNull();
      expect(await catalogue.findUpload(TENANT, theirs.id)).toBeNull();
      const listed = await catalogue.listVideos({ tenantId: OTHER, limit: 100, after: null });
      expect(listed.map((row) => row.id)).toContain(theirs.videoId);
      expect(new Set(listed.map((row) => row.tenantId))).toEqual(new Set([OTHER]));
      expect(
        await catalogue.listVideos({ tenantId: TENANT, limit: 100, after: { createdAt: '2100-01-01T00:00:00.000Z', id: theirs.videoId } }),
      ).not.toEqual([]);
    });

    it('pages through videos newest first, also where many began in one millisecond', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'paging');
      await begun(tenantId);
      // Upper before lower case, and digits before both: the order is that of bytes, on every server.
      const tied = ['vid_b', 'vid_B', 'vid_a', 'vid_9', 'vid_C', 'vid_c', 'vid_É'].map((id) => `${id}_${unique()}`);
      await under.atOneMoment(async () => {
        for (const videoId of tied) await catalogue.createUpload({ ...draftFor(tenantId), videoId });
      });
      await begun(tenantId);
      const whole = await catalogue.listVideos({ tenantId, limit: 100, after: null });
      expect(whole).toHaveLength(tied.length + 2);
      expect(new Set(whole.slice(1, -1).map((row) => row.createdAt)).size).toBe(1);
      expect(whole.slice(1, -1).map((row) => row.id)).toEqual([...tied].sort().reverse());
      const paged: Video[] = [];
      for (let after: Video | null = null; ; ) {
        const page: Video[] = await catalogue.listVideos({ tenantId, limit: 2, after });
        paged.push(...page);
        if (page.length < 2) break;
        after = page.at(-1) ?? null;
      }
      expect(paged).toEqual(whole);
    });

    it('lists the states that are asked for', async () => {
      const tenantId = `tnt_${unique()}`;
      await catalogue.ensureTenant(tenantId, 'states');
      const [waiting, done] = [await begun(tenantId), await begun(tenantId)];
      await catalogue.closeUpload(done.id, 'cancelled', null);
      const ids = async (states: readonly Video['state'][]) =>
        (await catalogue.listVideos({ tenantId, limit: 10, after: null, states })).map((row) => row.id);
      expect(await ids(['waiting'])).toEqual([waiting.videoId]);
      expect(await ids(['cancelled', 'waiting'])).toEqual([done.videoId, waiting.videoId]);
      expect(await ids([])).toEqual([]);
    });

    it('numbers the events of one video without a gap under 52 writers', async () => {
      const draft = await queued();
      const writes = times(13, (n) => [
        () => catalogue.saveProgress(draft.videoId, 1, progressAt('encode', n, 13)),
        () => catalogue.park(draft.videoId, 1, failure),
        () => catalogue.unpark(draft.videoId, 1),
        () => catalogue.markPlayable(draft.videoId, 1),
      ]).flat();
      await Promise.all(writes.map((write) => write()));
      const told = await events(draft);
      expect(told.map((event) => event.sequence)).toEqual(told.map((_event, index) => index + 1));
      expect(told.filter((event) => event.type === 'video.playable')).toHaveLength(1);
      const versions = told.slice(2).map((event) => event.data.version);
      expect(new Set(versions).size).toBe(versions.length);
      expect((await video(draft)).version).toBeGreaterThanOrEqual(told.length - 1);
    });

    it('misses no event to a reader that follows positions while many write', async () => {
      const start = (await allEvents(catalogue)).at(-1)?.position ?? 0;
      const reader = followEvents(catalogue, start, 7);
      await reader.during(
        times(25, async () => {
          const draft = await queued();
          await catalogue.savePlan(planFor(draft));
          await catalogue.publish(draft.videoId, 1, reportFor(draft));
        }),
      );
      const all = await allEvents(catalogue, start);
      expect(all).toHaveLength(25 * 7);
      expect(reader.seen.map((event) => event.id)).toEqual(all.map((event) => event.id));
      expect(new Set(all.map((event) => event.id)).size).toBe(all.length);
    });

    it('stands at its newest after migrating again, from four at once', async () => {
      const draft = await begun();
      await changesNothing(draft, () => Promise.all(times(4, () => catalogue.migrate())));
    });
  });
}

const unique = (): string => randomBytes(6).toString('hex');
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_item, n) => make(n));

async function allEvents(catalogue: Catalogue, after = 0) {
  const all: Awaited<ReturnType<Catalogue['listEvents']>> = [];
  for (;;) {
    const page = await catalogue.listEvents(all.at(-1)?.position ?? after, 500);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** Reads the outbox as its real readers do, from the last position seen, while others write. `seen` is complete once `during` has resolved. */
export function followEvents(catalogue: Catalogue, start: number, limit: number) {
  const seen: OutboxEvent[] = [];
  let writing = true;
  const read = async (): Promise<void> => {
    for (let position = start; ; await setImmediate()) {
      const wasWriting = writing;
      const page = await catalogue.listEvents(position, limit);
      seen.push(...page);
      position = page.at(-1)?.position ?? position;
      if (page.length === 0 && !wasWriting) return;
    }
  };
  const during = async (writes: readonly Promise<unknown>[]): Promise<void> => {
    const reading = read();
    await Promise.allSettled(writes);
    writing = false;
    await reading;
    await Promise.all(writes);
  };
  return { seen, during };
}

export function draftFor(tenantId: string): UploadDraft {
  const [id, videoId] = [`upl_${unique()}`, `vid_${unique()}`];
  return {
    id,
    videoId,
    tenantId,
    fileName: 'Ferien 2026.mp4',
    contentType: 'video/mp4',
    sizeBytes: 20_000_000,
    partSizeBytes: 8 * 1024 * 1024,
    key: `sources/${tenantId}/${videoId}/${id}`,
    expiresAt: '2100-12-01T12:00:00.000Z',
  };
}

export function planFor(draft: UploadDraft): Plan {
  const rate = { num: 30, den: 1 };
  return {
    videoId: draft.videoId,
    tenantId: draft.tenantId,
    generation: 1,
    source: { key: draft.key, ...source },
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    sizeClass: 'small',
    video: { streamIndex: 0, preset: 'veryfast', originUs: 0, constantRate: true, deinterlace: false, runInFrames: 60, runOutFrames: 30 },
    grid: layGrid({ rate, frameCount: 900, encoderSlots: 2 }),
    rungs: ladderFor({ width: 1920, height: 1080, fps: 30 }),
    audio: null,
    images: {
      poster: { frame: 30, width: 1280, height: 720 },
      storyboard: { intervalFrames: 60, tileCount: 15, tileWidth: 160, tileHeight: 90, columns: 5, rows: 5 },
    },
    decisions: [{ code: 'NO_AUDIO', text: 'The source has no sound.' }],
  };
}

export function reportFor(draft: UploadDraft): GenerationReport {
  const artefact = (name: string) => ({ key: `media/${draft.videoId}/g1/${name}`, sizeBytes: 1000, sha256: '0'.repeat(64) });
  const track = (name: string, resolution: { width: number; height: number } | null) => ({
    name,
    init: artefact(`${name}/init.mp4`),
    timescale: 30_000,
    codec: resolution ? 'avc1.640028' : 'mp4a.40.2',
    segments: [{ ...artefact(`${name}/0000-a/00.m4s`), packetCount: 900, startTicks: 0, durationTicks: 900_000 }],
    playlistKey: artefact(`${name}/playlist.m3u8`).key,
    peakBitsPerSecond: 2_000_000,
    averageBitsPerSecond: 1_500_000,
    resolution,
  });
  return {
    videoId: draft.videoId,
    generation: 1,
    source: { key: draft.key, ...source },
    durationUs: 30_030_000,
    frameCount: 900,
    tracks: [track('720p', { width: 1280, height: 720 }), track('1080p', { width: 1920, height: 1080 }), track('audio', null)],
    playlists: [artefact('master.m3u8')],
    images: { poster: artefact('images/a/poster.jpg'), sprites: [artefact('images/a/sprite_000.jpg')], vtt: artefact('images/a/storyboard.vtt') },
  };
}
