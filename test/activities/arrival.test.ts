import { beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { awaitArrival } from '../../src/activities/await-arrival.js';
import { closeUpload } from '../../src/activities/close-upload.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { PipelineError } from '../../src/domain/errors.js';
import { arrivalKey, sourceKey } from '../../src/domain/keys.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { completeProven } from './complete-proven.js';

const ids = { id: 'upl_1', videoId: 'vid_1', tenantId: 'dev' };
const key = sourceKey('dev', 'vid_1', 'upl_1');
const arrival = arrivalKey(ids);

let store: ReturnType<typeof createMemoryObjectStore>;
let catalogue: Catalogue;
const complete = (over: Partial<ObjectStore> = {}) => completeProven({ store: { ...store, ...over }, catalogue }, 'upl_1');
const look = () => awaitArrival({ store, catalogue })('upl_1');
const begin = async (sizeBytes: number | null = null): Promise<void> => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  await catalogue.createUpload({
    ...ids,
    fileName: '',
    contentType: 'application/octet-stream',
    sizeBytes,
    partSizeBytes: sizeBytes && 8_388_608,
    key,
    expiresAt,
  });
  await catalogue.openDoor('upl_1', { door: 'whole', multipartId: null, instead: null, fileName: 'a.mp4', contentType: 'video/mp4' });
};
/** As a client with the URL does; `sizeBytes` null: the URL takes any size. */
const put = async (text: string): Promise<void> => {
  expect(await store.putPart(await store.presignPut({ key: arrival, sizeBytes: null, ttlS: 60 }), Buffer.from(text))).toBe(200);
};
const textOf = async (at: string): Promise<string | null> => {
  const object = await store.get(at);
  return object && Buffer.concat(await object.body.toArray()).toString();
};

beforeEach(async () => {
  store = createMemoryObjectStore();
  catalogue = createMemoryCatalogue();
  await catalogue.ensureTenant('dev', 'Development');
});

describe('waiting for a file in one piece', () => {
  test('nothing there is a failure to try again, and no alarm', async () => {
    await begin();
    const failure = await look().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: false, category: 'BENIGN' });
    await put('the file');
    expect(await look()).toBe('arrived');
  });

  test('a file of another size than declared is not the one', async () => {
    await begin(8);
    await put('too long a file');
    await expect(look()).rejects.toMatchObject({ type: 'NOT_ARRIVED' });
    expect(await complete()).toEqual({ state: 'incomplete', missingParts: [1] });
    await put('8 bytes!');
    expect(await look()).toBe('arrived');
  });

  test('it is over when the session is, and waits on while another file took its place', async () => {
    await begin();
    await put('the file');
    await catalogue.openDoor('upl_1', { door: 'uppy', multipartId: 'mp-1', instead: null });
    await expect(look()).rejects.toMatchObject({ type: 'NOT_ARRIVED' });
    await catalogue.closeUpload('upl_1', 'cancelled', null);
    expect(await look()).toBe('closed');
    expect(await awaitArrival({ store, catalogue })('upl_of_nobody')).toBe('closed');
  });
});

describe('completing a file in one piece', () => {
  test('makes a source of it that nobody has a URL to, and clears the arrival away', async () => {
    await begin();
    expect(await complete()).toEqual({ state: 'incomplete', missingParts: [1] });
    await put('the file');
    expect(await complete()).toEqual({ state: 'completed', file: { fileName: 'a.mp4', sizeBytes: 8 } });
    expect([await textOf(key), await textOf(arrival)]).toEqual(['the file', null]);
    expect(await store.head(key)).toMatchObject({ contentType: 'video/mp4', metadata: { 'upload-id': 'upl_1', 'video-id': 'vid_1' } });
    await put('sent again, late');
    expect(await complete()).toMatchObject({ state: 'completed' });
    expect([await textOf(key), await textOf(arrival)]).toEqual(['the file', null]);
  });

  test('the bytes that were looked at are the ones that are taken', async () => {
    await begin();
    await put('the file');
    const copyOnce: ObjectStore['copyOnce'] = async (...args) => {
      await put('another file, in this moment');
      return await store.copyOnce(...args);
    };
    expect(await complete({ copyOnce })).toEqual({ state: 'incomplete', missingParts: [1] });
    expect(await textOf(key)).toBeNull();
    expect(await complete()).toMatchObject({ state: 'completed' });
    expect(await textOf(key)).toBe('another file, in this moment');
  });

  test('an attempt that wakes late copies nothing over the source', async () => {
    await begin();
    await put('the file');
    const copyOnce: ObjectStore['copyOnce'] = async (from, to, options) => {
      // While this attempt slept another one ended the upload, and the client sent something else.
      await complete();
      await put('something else');
      const facts = await store.head(from);
      return await store.copyOnce(from, to, { ...options, etag: facts?.etag ?? '', sizeBytes: facts?.sizeBytes ?? 0 });
    };
    expect(await complete({ copyOnce })).toMatchObject({ state: 'completed' });
    expect(await textOf(key)).toBe('the file');
    const source = await catalogue.getSource('vid_1');
    expect(source?.etag).toBe((await store.head(key))?.etag);
  });

  test.each(['copyOnce', 'head', 'delete'] as const)('where it dies at %s, the next try ends it', async (name) => {
    await begin();
    await put('the file');
    const real = store[name] as (...args: unknown[]) => Promise<unknown>;
    const dies = async (...args: unknown[]): Promise<never> => {
      await real(...args);
      throw new PipelineError('STORAGE_UNAVAILABLE');
    };
    await expect(complete({ [name]: dies })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await complete()).toMatchObject({ state: 'completed' });
    expect([await textOf(key), await textOf(arrival)]).toEqual(['the file', null]);
    expect((await catalogue.listEvents(0, 100)).filter((event) => event.type === 'upload.completed')).toHaveLength(1);
  });

  test('20 at once are one completion', async () => {
    await begin();
    await put('the file');
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete()));
    expect(new Set(answers.map((answer) => answer.state))).toEqual(new Set(['completed']));
    expect((await catalogue.listEvents(0, 100)).filter((event) => event.type === 'upload.completed')).toHaveLength(1);
  });

  test('of a size that nobody declared and for which there is no room: refused, and nothing of it stays', async () => {
    await begin();
    await catalogue.setQuota('dev', 7);
    await put('the file');
    expect(await complete()).toEqual({ state: 'errored' });
    expect(await catalogue.getUpload('upl_1')).toMatchObject({
      state: 'errored',
      failure: { code: 'QUOTA_EXCEEDED', message: expect.stringContaining('8 B') },
    });
    expect([await textOf(key), await textOf(arrival)]).toEqual([null, null]);
    expect(await catalogue.findUsage('dev')).toEqual({ quotaBytes: 7, reservedBytes: 0, storedBytes: 0, openUploads: 0 });
    expect(await complete()).toEqual({ state: 'errored' });
  });

  test('given up, neither the arrival nor a copy stays', async () => {
    await begin();
    await put('the file');
    expect(await closeUpload({ store, catalogue })('upl_1', 'cancelled')).toEqual({ state: 'cancelled' });
    expect(await complete()).toEqual({ state: 'cancelled' });
    expect([await textOf(key), await textOf(arrival)]).toEqual([null, null]);
  });
});

describe('completing what Uppy sent', () => {
  const PART = 5 * 1024 * 1024;
  const send = async (multipartId: string, partNumber: number, sizeBytes: number): Promise<void> => {
    const url = await store.presignPart({ key, multipartId, partNumber, sizeBytes: null, ttlS: 60 });
    await store.putPart(url, new Uint8Array(sizeBytes).fill(partNumber));
  };

  test('where the answer of the store was lost, the part size is known all the same', async () => {
    await begin();
    const multipartId = await store.createMultipart(key, { contentType: 'video/mp4', metadata: { 'upload-id': 'upl_1', 'video-id': 'vid_1' } });
    await catalogue.openDoor('upl_1', { door: 'uppy', multipartId, instead: null });
    await send(multipartId, 1, PART);
    await send(multipartId, 2, PART);
    await send(multipartId, 3, 7);
    const lost: ObjectStore['completeMultipart'] = async (...args) => {
      await store.completeMultipart(...args);
      throw new PipelineError('STORAGE_UNAVAILABLE');
    };
    await expect(complete({ completeMultipart: lost })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(await complete()).toEqual({ state: 'completed', file: { fileName: 'a.mp4', sizeBytes: 2 * PART + 7 } });
    expect(await catalogue.getUpload('upl_1')).toMatchObject({ sizeBytes: 2 * PART + 7, partSizeBytes: PART });
  });

  test('multiparts of files that another one took the place of are cleared away with it', async () => {
    await begin();
    const metadata = { 'upload-id': 'upl_1', 'video-id': 'vid_1' };
    const [lost, won] = [
      await store.createMultipart(key, { contentType: 'a/b', metadata }),
      await store.createMultipart(key, { contentType: 'a/b', metadata }),
    ];
    await catalogue.openDoor('upl_1', { door: 'uppy', multipartId: won, instead: null });
    await send(lost, 1, 3);
    await send(won, 1, 4);
    await put('an arrival that nobody waits for');
    expect(await complete()).toMatchObject({ state: 'completed', file: { sizeBytes: 4 } });
    expect([await store.listMultiparts(key), await textOf(arrival)]).toEqual([[], null]);
  });
});
