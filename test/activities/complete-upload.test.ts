import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { closeUpload } from '../../src/activities/close-upload.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { sourceKey } from '../../src/domain/keys.js';
import { sourceMetadata } from '../../src/domain/upload.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { completeProven } from './complete-proven.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const ids = { id: 'upl_1', videoId: 'vid_1', tenantId: 'dev' };
const key = sourceKey('dev', 'vid_1', 'upl_1');

let store: ReturnType<typeof createMemoryObjectStore>;
let catalogue: Catalogue;
let multipartId: string;
/** The catalogue's clock; null: the true one. */
let now: Date | null;
const run = (over: Partial<ObjectStore> = {}, why?: 'expired') => completeProven({ store: { ...store, ...over }, catalogue }, 'upl_1', why);
const events = async () => (await catalogue.listEvents(0, 100)).map((event) => event.type);

beforeEach(async () => {
  store = createMemoryObjectStore();
  now = null;
  catalogue = createMemoryCatalogue({ now: () => now ?? new Date() });
  await catalogue.ensureTenant('dev', 'Development');
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  await catalogue.createUpload({ ...ids, fileName: 'a.mp4', contentType: 'video/mp4', sizeBytes: PART + 7, partSizeBytes: PART, key, expiresAt });
  multipartId = await store.createMultipart(key, { contentType: 'video/mp4', metadata: sourceMetadata(ids) });
  await catalogue.attachMultipart('upl_1', multipartId);
});

const send = async (partNumber: number, sizeBytes: number): Promise<void> => {
  const url = await store.presignPart({ key, multipartId, partNumber, sizeBytes, ttlS: 60 });
  await store.putPart(url, new Uint8Array(sizeBytes).fill(partNumber));
};

describe('completing an upload', () => {
  test('lists what is missing, whatever the client believes, and leaves the session open', async () => {
    expect(await run()).toEqual({ state: 'incomplete', missingParts: [1, 2] });
    await send(2, 7);
    expect(await run()).toEqual({ state: 'incomplete', missingParts: [1] });
    await send(1, PART);
    expect(await run()).toEqual({ state: 'completed' });
    expect((await catalogue.getVideo('vid_1'))?.state).toBe('queued');
  });

  test('done 50 times in parallel and late, it is one completion and one event', async () => {
    await send(1, PART);
    await send(2, 7);
    const answers = await Promise.all(Array.from({ length: 50 }, () => run()));
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['completed']));
    expect(await run()).toEqual({ state: 'completed' });
    expect((await events()).filter((type) => type === 'upload.completed')).toHaveLength(1);
  });

  test('where the answer of the store was lost, the next try finds the object and believes its size and its upload id', async () => {
    await send(1, PART);
    await send(2, 7);
    const lost: ObjectStore['completeMultipart'] = async (...args) => {
      await store.completeMultipart(...args);
      throw new PipelineError('STORAGE_UNAVAILABLE');
    };
    await expect(run({ completeMultipart: lost })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await run()).toEqual({ state: 'completed' });
  });

  test.each(['prove', 'head'] as const)('a death at %s, when the parts are joined: the next try goes on from there', async (name) => {
    await send(1, PART);
    await send(2, 7);
    const dies = async (): Promise<never> => {
      throw new PipelineError('STORAGE_UNAVAILABLE');
    };
    await expect(run({ [name]: dies })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect((await catalogue.getUpload('upl_1'))?.state).toBe('uploading');
    expect(await run()).toEqual({ state: 'completed' });
  });

  test('one that is shown to be broken is refused, and nothing of it stays', async () => {
    await send(1, PART);
    await send(2, 7);
    expect(await run({ prove: async () => 'broken' })).toEqual({ state: 'errored' });
    expect(await catalogue.getVideo('vid_1')).toMatchObject({ state: 'errored', failure: { code: 'UPLOAD_DAMAGED' } });
    expect([await store.head(key), await store.listMultiparts(key)]).toEqual([null, []]);
    expect(await run()).toEqual({ state: 'errored' });
  });

  test('a store that keeps no checksum is believed', async () => {
    await send(1, PART);
    await send(2, 7);
    expect(await run({ prove: async () => 'unknown' })).toEqual({ state: 'completed' });
  });

  test('an object that is not from this upload is never taken for it', async () => {
    await store.abortMultipart(key, multipartId);
    const bytes = new Uint8Array(PART + 7);
    await store.put(key, bytes, { contentType: 'video/mp4', sha256: createHash('sha256').update(bytes).digest('hex') });
    await expect(run()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await events()).not.toContain('upload.completed');
  });

  test('after a cancel it says so, and neither parts nor object stay', async () => {
    await send(1, PART);
    expect(await closeUpload({ store, catalogue })('upl_1', 'cancelled')).toEqual({ state: 'cancelled' });
    expect(await run()).toEqual({ state: 'cancelled' });
    expect(await store.listMultiparts(key)).toEqual([]);
    expect(await store.head(key)).toBeNull();
  });

  test('a session that was extended is neither completed nor cleared away when its first time is up', async () => {
    await send(1, PART);
    await send(2, 7);
    const extended = { state: 'extended', leftMs: expect.any(Number) };
    for (const answer of [await run({}, 'expired'), await closeUpload({ store, catalogue })('upl_1', 'expired')]) {
      expect(answer).toEqual(extended);
      expect((answer as { leftMs: number }).leftMs).toBeGreaterThan(0);
    }
    expect(await store.listParts(key, multipartId)).toHaveLength(2);
    expect(await events()).not.toContain('upload.expired');
    expect(await run()).toEqual({ state: 'completed' });
  });

  test('once its time is up by the clock of the catalogue, what is whole is kept and what is not is cleared away', async () => {
    now = new Date(Date.now() + 60_001);
    await send(1, PART);
    expect(await run({}, 'expired')).toEqual({ state: 'incomplete', missingParts: [2] });
    await send(2, 7);
    expect(await run({}, 'expired')).toEqual({ state: 'completed' });
  });

  test('an expired session leaves nothing in the store', async () => {
    now = new Date(Date.now() + 60_001);
    await send(1, PART);
    expect(await closeUpload({ store, catalogue })('upl_1', 'expired')).toEqual({ state: 'expired' });
    expect(await store.listMultiparts(key)).toEqual([]);
  });

  test('a refused one is errored with its reason, twice is once, and nothing of it stays', async () => {
    await send(1, PART);
    const failure = { code: 'SOURCE_NOT_MEDIA', message: 'It is a text.' } as const;
    for (let n = 0; n < 2; n += 1) expect(await closeUpload({ store, catalogue })('upl_1', 'errored', failure)).toEqual({ state: 'errored' });
    expect(await run()).toEqual({ state: 'errored' });
    expect(await catalogue.getVideo('vid_1')).toMatchObject({ state: 'errored', failure });
    expect((await events()).filter((type) => type === 'video.errored')).toHaveLength(1);
    expect(await store.listMultiparts(key)).toEqual([]);
  });

  test('a completed upload cannot be closed: its file is a source', async () => {
    await send(1, PART);
    await send(2, 7);
    await run();
    expect(await closeUpload({ store, catalogue })('upl_1', 'expired')).toEqual({ state: 'completed' });
    expect(await store.head(key)).not.toBeNull();
  });
});
