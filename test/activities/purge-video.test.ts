import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { closeUpload } from '../../src/activities/close-upload.js';
import { loadTombstone } from '../../src/activities/load-tombstone.js';
import { publishVideo } from '../../src/activities/publish-video.js';
import { purgeVideo } from '../../src/activities/purge-video.js';
import type { Catalogue, UploadDraft } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { arrivalKey, growingMasterKey, masterKey, packageKey, planKey, remuxedKey, segmentKey } from '../../src/domain/keys.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { draftFor, reportFor } from '../contract/catalogue.js';
import { completeProven } from './complete-proven.js';
import { act } from './generation.js';

const TENANT = 'tnt_a';
const LATE_WRITES_MS = 60_000;

let nowMs: number;
let catalogue: Catalogue;
let store: ObjectStore;
beforeEach(async () => {
  nowMs = Date.parse('2026-11-21T10:00:00Z');
  catalogue = createMemoryCatalogue({ now: () => new Date(nowMs) });
  store = createMemoryObjectStore({ pageSize: 3 });
  await catalogue.ensureTenant(TENANT, 'A');
});

const put = async (key: string): Promise<void> => {
  const bytes = Buffer.from(key);
  await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
};
const keys = async (): Promise<string[]> => {
  const all: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<ObjectStore['list']>> = await store.list('', after);
    all.push(...page.objects.map(({ key }) => key));
    after = page.next;
    if (after === null) return all;
  }
};
/** A video that is being made, with objects of two generations and multiparts everywhere. */
const made = async (own: Partial<UploadDraft> = {}): Promise<UploadDraft> => {
  const draft = { ...draftFor(TENANT), ...own };
  await catalogue.createUpload(draft);
  const multipartId = await store.createMultipart(draft.key, { contentType: 'video/mp4', metadata: {} });
  await catalogue.attachMultipart(draft.id, multipartId);
  await catalogue.completeUpload(draft.id, { sizeBytes: 20_000_000, etag: 'e' });
  await put(draft.key);
  await put(arrivalKey(draft));
  for (const generation of [1, 2]) {
    const at = { videoId: draft.videoId, generation };
    for (const key of [planKey(at), packageKey(at), masterKey(at), growingMasterKey(at)]) await put(key);
    for (let n = 0; n < 5; n += 1) await put(segmentKey(at, '720p', n, 'a', 0));
    await store.createMultipart(remuxedKey(at, 'a', 'mp4'), { contentType: 'video/mp4', metadata: {} });
  }
  return draft;
};
const purge = (draft: UploadDraft) => act(purgeVideo({ store, catalogue, lateWritesMs: LATE_WRITES_MS }), draft.videoId);
const purgedAt = async (draft: UploadDraft) => (await catalogue.getTombstone(draft.videoId))?.purgedAt;

describe('purging a deleted video', () => {
  test('removes all that it has, of all generations, and nothing of a video whose id begins alike', async () => {
    const draft = await made();
    const like = await made({ videoId: `${draft.videoId}0`, key: `sources/${TENANT}/${draft.videoId}0/upl_0` });
    const all = await keys();
    await catalogue.deleteVideo(TENANT, draft.videoId);
    expect(await purge(draft)).toMatchObject({ objects: 20, multiparts: 3 });
    const left = all.filter((key) => key.includes(like.videoId));
    expect(left).toHaveLength(20);
    expect(await keys()).toEqual(left);
    expect((await store.listMultiparts('')).map(({ key }) => key).every((key) => key.includes(like.videoId))).toBe(true);
  });

  test('touches nothing of a video that is not deleted', async () => {
    const draft = await made();
    const all = await keys();
    await expect(purge(draft)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(loadTombstone({ catalogue })('vid_of_nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await keys()).toEqual(all);
  });

  test('removes a source that lies elsewhere, by its key', async () => {
    const draft = await made({ key: 'intake/acme/clip.mp4' });
    await put('intake/acme/clip.mp4.part');
    await store.createMultipart('intake/acme/clip.mp4.part', { contentType: 'video/mp4', metadata: {} });
    await catalogue.deleteVideo(TENANT, draft.videoId);
    expect(await purge(draft)).toMatchObject({ objects: 20, multiparts: 3 });
    expect(await keys()).toEqual(['intake/acme/clip.mp4.part']);
    expect((await store.listMultiparts('')).map(({ key }) => key)).toEqual(['intake/acme/clip.mp4.part']);
  });

  test('is over only after a look that began when nothing could be written any more, and found nothing', async () => {
    const draft = await made();
    await catalogue.deleteVideo(TENANT, draft.videoId);
    expect((await purge(draft)).lookAgainMs).toBeGreaterThan(0);
    expect(await purge(draft)).toMatchObject({ objects: 0, multiparts: 0, lookAgainMs: expect.any(Number) });
    expect(await purgedAt(draft)).toBeNull();
    nowMs += LATE_WRITES_MS;
    await put(segmentKey({ videoId: draft.videoId, generation: 1 }, '720p', 9, 'zombie', 0));
    expect(await purge(draft)).toMatchObject({ objects: 1, lookAgainMs: expect.any(Number) });
    expect(await purgedAt(draft)).toBeNull();
    expect(await purge(draft)).toEqual({ objects: 0, multiparts: 0, lookAgainMs: null });
    expect(await purgedAt(draft)).toEqual(expect.any(String));
    expect(await keys()).toEqual([]);
  });

  test('takes away source and plans before it looks at what was made from them', async () => {
    const draft = await made();
    await catalogue.deleteVideo(TENANT, draft.videoId);
    const steps: string[] = [];
    const watched: ObjectStore = {
      ...store,
      async delete(gone) {
        steps.push(...gone.map((key) => `delete ${key}`));
        await store.delete(gone);
      },
      async list(prefix, after) {
        steps.push(`list ${prefix}`);
        return store.list(prefix, after);
      },
    };
    await act(purgeVideo({ store: watched, catalogue, lateWritesMs: LATE_WRITES_MS }), draft.videoId);
    const looks = ['media', 'work'].map((room) => `list ${room}/${draft.videoId}/`);
    const firstLook = steps.findIndex((step) => looks.includes(step));
    expect(firstLook).toBeGreaterThan(0);
    const anchors = [draft.key, planKey({ videoId: draft.videoId, generation: 1 })];
    for (const key of anchors) expect(steps.indexOf(`delete ${key}`)).toBeGreaterThanOrEqual(0);
    for (const key of anchors) expect(steps.indexOf(`delete ${key}`)).toBeLessThan(firstLook);
  });
});

describe('what comes after a deletion', () => {
  test('a completion that was under way removes the file that it put together', async () => {
    const draft = { ...draftFor(TENANT), sizeBytes: 3, partSizeBytes: 3 };
    await catalogue.createUpload(draft);
    const multipartId = await store.createMultipart(draft.key, {
      contentType: 'video/mp4',
      metadata: { 'upload-id': draft.id, 'video-id': draft.videoId },
    });
    await catalogue.attachMultipart(draft.id, multipartId);
    await store.uploadPart(draft.key, multipartId, 1, Buffer.from('abc'));
    const raced: Catalogue = {
      ...catalogue,
      async completeUpload(uploadId, source) {
        await catalogue.deleteVideo(TENANT, draft.videoId);
        await purge(draft);
        await put(draft.key);
        return catalogue.completeUpload(uploadId, source);
      },
    };
    expect(await completeProven({ store, catalogue: raced }, draft.id)).toEqual({ state: 'cancelled' });
    expect(await keys()).toEqual([]);
    expect(await closeUpload({ store, catalogue })(draft.id, 'expired')).toEqual({ state: 'cancelled' });
  });

  test('a publish that was under way fails with a clear code, and takes its report away again', async () => {
    const draft = await made();
    const at = { videoId: draft.videoId, generation: 1 };
    await catalogue.deleteVideo(TENANT, draft.videoId);
    const report = Buffer.from(JSON.stringify(reportFor(draft)));
    const sha256 = createHash('sha256').update(report).digest('hex');
    await store.put(packageKey(at), report, { contentType: 'application/json', sha256 });
    const raced: ObjectStore = {
      ...store,
      async put(key, body, options) {
        await purge(draft);
        return store.put(key, body, options);
      },
    };
    await expect(publishVideo({ store: raced, catalogue })(at)).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await keys()).toEqual([]);
    expect((await catalogue.getVideo(draft.videoId))?.state).toBe('deleted');
  });
});
