import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ReconcileDeps } from '../../src/activities/reconcile-deps.js';
import { type TakeInEnd, takeIn } from '../../src/activities/take-in.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { createFakeWorkflows, type FakeWorkflows } from './fake-workflows.js';
import { act } from './generation.js';

const KEY = 'intake/dev/Ferien 2026/clip\u0007.mp4';
const SETTINGS = { graceMs: 3_600_000, startGraceMs: 30_000, intakeSettleMs: 0, uploadTtlMs: 3_600_000, keep: { count: 2, supersededMs: -1000 } };
let store: ObjectStore;
let catalogue: Catalogue;
let workflows: FakeWorkflows;
let deps: ReconcileDeps;

beforeEach(async () => {
  store = createMemoryObjectStore();
  catalogue = createMemoryCatalogue();
  workflows = createFakeWorkflows({ catalogue, store });
  deps = { store, catalogue, workflows, reconcile: SETTINGS };
  await catalogue.ensureTenant('dev', 'Development');
  await put('film');
});

const put = (text: string) => {
  const body = Buffer.from(text);
  return store.put(KEY, body, { contentType: 'video/mp4', sha256: createHash('sha256').update(body).digest('hex') });
};
/** What the workflow does, without its waits. */
async function whole(with_: ReconcileDeps = deps): Promise<TakeInEnd | 'gone' | 'young'> {
  const { beginTakeIn, copyIntake, endTakeIn } = takeIn(with_);
  const begun = await act(beginTakeIn, KEY);
  if (begun.state !== 'found') return begun.state;
  if (begun.object.upload.state !== 'waiting') return act(endTakeIn, begun.object, 'copied');
  await workflows.startUpload(begun.object.upload, 'first');
  return act(endTakeIn, begun.object, await act(copyIntake, begun.object));
}
const videos = () => catalogue.listVideos({ tenantId: 'dev', limit: 10, after: null });
const sources = async () => (await store.list('sources/')).objects;

describe('taking in what a tenant stored under intake/', () => {
  test('it becomes a video with its name, and leaves intake/', async () => {
    expect(await whole()).toBe('completed');
    expect(await videos()).toMatchObject([{ state: 'queued', name: 'clip_.mp4', sourceSizeBytes: 4, contentType: 'video/mp4' }]);
    const [video] = await videos();
    expect(await store.head(video?.sourceKey ?? '')).toMatchObject({ sizeBytes: 4, metadata: { 'video-id': video?.id } });
    expect(await store.head(KEY)).toBeNull();
    expect(await whole()).toBe('gone');
  });

  test('the same object seen many times, at once and again after it was put again, is one video', async () => {
    await Promise.all(Array.from({ length: 10 }, () => whole()));
    await put('film');
    expect(await whole()).toBe('completed');
    expect(await videos()).toHaveLength(1);
    expect((await catalogue.listEvents(0, 100)).filter(({ type }) => type === 'upload.completed')).toHaveLength(1);
    expect(await store.head(KEY)).toBeNull();
  });

  test.each([
    ['the row was made', { copy: 1 }],
    ['the copy was made and its answer lost', { copyAfter: 1 }],
    ['it was completed', { deleteExactly: 1 }],
  ] as const)('a death after %s: the next sweep ends it, and it is one video', async (_when, dies) => {
    const dead = new PipelineError('STORAGE_UNAVAILABLE');
    const dying: ObjectStore = {
      ...store,
      async copy(...args) {
        if ('copy' in dies) throw dead;
        const answer = await store.copy(...args);
        if ('copyAfter' in dies) throw dead;
        return answer;
      },
      async deleteExactly(...args) {
        if ('deleteExactly' in dies) throw dead;
        return store.deleteExactly(...args);
      },
    };
    await expect(whole({ ...deps, store: dying })).rejects.toBe(dead);
    expect(await store.head(KEY)).not.toBeNull();
    expect(await whole()).toBe('completed');
    expect(await videos()).toMatchObject([{ state: 'queued' }]);
    expect(await sources()).toHaveLength(1);
    expect(await store.head(KEY)).toBeNull();
  });

  test('replaced before the copy: nothing of the first is taken, the second is a video of its own', async () => {
    const replaced: ObjectStore = {
      ...store,
      async copy(...args) {
        await put('another film');
        return store.copy(...args);
      },
    };
    expect(await whole({ ...deps, store: replaced })).toBe('changed');
    expect(await whole()).toBe('completed');
    expect((await videos()).map(({ state, sourceSizeBytes }) => [state, sourceSizeBytes]).sort()).toEqual([
      ['cancelled', 4],
      ['queued', 12],
    ]);
  });

  test('replaced after the copy: the second stays in intake/ for the next sweep', async () => {
    const replaced: ObjectStore = {
      ...store,
      async deleteExactly(...args) {
        await put('another film');
        return store.deleteExactly(...args);
      },
    };
    expect(await whole({ ...deps, store: replaced })).toBe('completed');
    expect(await store.head(KEY)).toMatchObject({ sizeBytes: 12 });
    expect(await whole()).toBe('completed');
    expect(await videos()).toHaveLength(2);
  });

  test('a session that expired before its object was copied does not lose it', async () => {
    const begun = await act(takeIn({ ...deps, reconcile: { ...SETTINGS, uploadTtlMs: -1000 } }).beginTakeIn, KEY);
    if (begun.state !== 'found') throw new Error(begun.state);
    expect(await catalogue.closeUpload(begun.object.upload.id, 'expired', null)).toMatchObject({ state: 'expired' });
    expect(await act(takeIn(deps).endTakeIn, begun.object, 'copied')).toBe('closed');
    expect(await store.head(KEY)).not.toBeNull();
    expect(await whole()).toBe('completed');
    expect((await videos()).map(({ state }) => state).sort()).toEqual(['cancelled', 'queued']);
  });

  test('its owner gave the upload up: nothing is made of it, and it leaves intake/', async () => {
    const begun = await act(takeIn(deps).beginTakeIn, KEY);
    if (begun.state !== 'found') throw new Error(begun.state);
    await catalogue.closeUpload(begun.object.upload.id, 'cancelled', null);
    expect(await whole()).toBe('closed');
    expect([await sources(), await store.head(KEY)]).toEqual([[], null]);
  });

  test('one that was stored a moment ago is looked at again then; one of a stranger never', async () => {
    const begun = await act(takeIn({ ...deps, reconcile: { ...SETTINGS, intakeSettleMs: 5_000 } }).beginTakeIn, KEY);
    expect(begun).toEqual({ state: 'young', waitMs: expect.any(Number) });
    if (begun.state === 'young') expect(begun.waitMs).toBeGreaterThan(3_000);
    expect(await act(takeIn(deps).beginTakeIn, 'intake/nobody/a.mp4')).toEqual({ state: 'gone' });
    expect(await act(takeIn(deps).beginTakeIn, 'sources/dev/a/b')).toEqual({ state: 'gone' });
  });

  test('one that is larger than anything that is accepted ends as a video that says so', async () => {
    const huge: ObjectStore = {
      ...store,
      async head(key) {
        const facts = await store.head(key);
        return facts && key === KEY ? { ...facts, sizeBytes: 11 * 1024 ** 3 } : facts;
      },
    };
    expect(await whole({ ...deps, store: huge })).toBe('closed');
    expect(await videos()).toMatchObject([{ state: 'errored', failure: { code: 'UPLOAD_TOO_LARGE' } }]);
  });
});
