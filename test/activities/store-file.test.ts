import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getBytes } from '../../src/activities/json-objects.js';
import { storeFile } from '../../src/activities/store-file.js';
import { PipelineError } from '../../src/domain/errors.js';
import { createMemoryObjectStore } from '../../src/storage/memory-object-store.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { dropBucket, realS3 } from '../storage/real-s3.js';
import { act } from './generation.js';

const MIB = 1024 * 1024;
const KEY = 'work/vid_t/g1/source-a.mp4';
/** Three parts, the last a short one. */
const bytes = randomBytes(17 * MIB + 5);
let folder: string;
let path: string;
const closers: (() => Promise<void>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelmill-store-file-'));
  path = join(folder, 'source.mp4');
  await writeFile(path, bytes);
});
afterAll(async () => {
  for (const close of closers) await close();
  await rm(folder, { recursive: true });
});

const send = (store: ObjectStore, file = path, signal = new AbortController().signal) =>
  act(() => storeFile(store, KEY, file, { contentType: 'video/mp4', signal }));

const stores: Record<string, () => Promise<ObjectStore>> = {
  memory: async () => createMemoryObjectStore(),
  S3: async () => {
    const s3 = realS3();
    const store = createS3ObjectStore(s3);
    await store.prepareBucket({ corsOrigins: [] });
    closers.push(async () => {
      await dropBucket(store, s3);
      store.close();
    });
    return store;
  },
};

describe.each(Object.keys(stores))('a file of several parts in %s', (name) => {
  test('arrives whole, under its type, and leaves no multipart', async () => {
    const store = (await stores[name]?.()) ?? createMemoryObjectStore();
    const facts = await send(store);
    expect(facts).toMatchObject({ key: KEY, sizeBytes: bytes.length });
    expect(await store.head(KEY)).toMatchObject({ sizeBytes: bytes.length, etag: facts.etag, contentType: 'video/mp4' });
    expect((await getBytes(store, KEY))?.equals(bytes)).toBe(true);
    expect(await store.listMultiparts('work/')).toEqual([]);
  }, 60_000);
});

describe('a file that does not get through', () => {
  test('is not there, nor a part of it', async () => {
    const store = createMemoryObjectStore();
    const broken: ObjectStore = {
      ...store,
      uploadPart: (key, id, part, body) =>
        part === 2 ? Promise.reject(new PipelineError('STORAGE_UNAVAILABLE')) : store.uploadPart(key, id, part, body),
    };
    await expect(send(broken)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect([await store.head(KEY), await store.listMultiparts('')]).toEqual([null, []]);
  });

  test('ends as transient where its multipart was swept away', async () => {
    const store = createMemoryObjectStore();
    const swept: ObjectStore = {
      ...store,
      completeMultipart: async (key, id) => {
        await store.abortMultipart(key, id);
        return 'gone';
      },
    };
    await expect(send(swept)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  test('ends with the reason of an abort', async () => {
    const store = createMemoryObjectStore();
    await expect(send(store, path, AbortSignal.abort(new Error('drained')))).rejects.toThrow('drained');
    expect(await store.listMultiparts('')).toEqual([]);
  });
});
