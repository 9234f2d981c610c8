import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awaitArrival } from '../../src/activities/await-arrival.js';
import { completeUpload } from '../../src/activities/complete-upload.js';
import type { ReconcileDeps } from '../../src/activities/reconcile-deps.js';
import { takeIn } from '../../src/activities/take-in.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { soundParts } from '../../src/domain/door-parts.js';
import { arrivalKey, sourceKey } from '../../src/domain/keys.js';
import { type Door, sourceMetadata, type Upload } from '../../src/domain/upload.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { sendCut } from '../storage/cut-send.js';
import { dropBucket, realS3 } from '../storage/real-s3.js';
import { completeProven } from './complete-proven.js';
import { createFakeWorkflows } from './fake-workflows.js';
import { act } from './generation.js';

/**
 * Senders that go away in the middle of a body, on a real S3 server. versitygw 1.8.0 keeps a part that broke off at its full
 * size and a PUT at what came of it, and answers 200; a server that keeps nothing passes here too.
 */
const PART = 5 * 1024 * 1024;
const file = randomBytes(2 * PART + 1000);
const parts = [file.subarray(0, PART), file.subarray(PART, 2 * PART), file.subarray(2 * PART)] as const;

const s3 = realS3();
const store = createS3ObjectStore(s3);
let catalogue: Catalogue;
let count = 0;
beforeAll(async () => {
  await store.prepareBucket({ corsOrigins: [] });
  catalogue = createMemoryCatalogue();
  await catalogue.ensureTenant('dev', 'Development');
});
afterAll(async () => {
  await dropBucket(store, s3);
  store.close();
});

async function begin(door: Door, sizeBytes: number | null = null): Promise<Upload> {
  count += 1;
  const ids = { id: `upl_${count}`, videoId: `vid_${count}` };
  const key = sourceKey('dev', ids.videoId, ids.id);
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const sizes = { sizeBytes, partSizeBytes: sizeBytes && PART };
  await catalogue.createUpload({ ...ids, tenantId: 'dev', fileName: 'a.mp4', contentType: 'video/mp4', ...sizes, key, expiresAt });
  const multipartId = door === 'whole' ? null : await store.createMultipart(key, { contentType: 'video/mp4', metadata: sourceMetadata(ids) });
  if (door === 'parts') await catalogue.attachMultipart(ids.id, multipartId ?? '');
  else await catalogue.openDoor(ids.id, { door, multipartId, instead: null });
  return await row(ids);
}
async function row({ id }: Pick<Upload, 'id'>): Promise<Upload> {
  const upload = await catalogue.getUpload(id);
  if (upload === null) throw new Error('no row');
  return upload;
}
const urlOf = ({ key, multipartId }: Upload, partNumber: number): Promise<string> =>
  store.presignPart({ key, multipartId: multipartId ?? '', partNumber, sizeBytes: null, ttlS: 600 });
async function send(upload: Upload, partNumber: 1 | 2 | 3): Promise<void> {
  expect((await fetch(await urlOf(upload, partNumber), { method: 'PUT', body: parts[(partNumber - 1) as 0 | 1 | 2] })).status).toBe(200);
}
const cutPart = async (upload: Upload, partNumber: 1 | 2 | 3): Promise<void> => {
  const bytes = parts[(partNumber - 1) as 0 | 1 | 2];
  await sendCut({ url: await urlOf(upload, partNumber), promisedBytes: bytes.length }, bytes.subarray(0, Math.floor(bytes.length / 3)));
};
const listed = async ({ key, multipartId }: Upload) => (await store.listParts(key, multipartId ?? '')) ?? [];
const complete = (upload: Upload) => completeProven({ store, catalogue }, upload.id);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
async function sourceSha256(upload: Upload): Promise<string> {
  const object = await store.get(upload.key);
  return sha256(Buffer.concat((await object?.body.toArray()) ?? []));
}

describe('a part whose sender goes away in its middle', () => {
  test.each(['uppy', 'parts'] as const)('through the door %s: is missing, or the upload is refused; never is it a source', async (door) => {
    const upload = await begin(door, file.length);
    await send(upload, 1);
    await cutPart(upload, 2);
    await send(upload, 3);
    const outcome = await complete(upload);
    if (outcome.state === 'incomplete') return;
    expect(outcome).toEqual({ state: 'errored' });
    expect(await row(upload)).toMatchObject({
      state: 'errored',
      failure: { code: 'UPLOAD_DAMAGED', message: expect.stringContaining('send the file again') },
    });
    expect(await catalogue.getVideo(upload.videoId)).toMatchObject({ state: 'errored', failure: { code: 'UPLOAD_DAMAGED' } });
    expect(await store.head(upload.key)).toBeNull();
    expect(await complete(upload)).toEqual({ state: 'errored' });
  });

  test('is not among those that a client may leave as they are; sent again, the file is whole', async () => {
    const upload = await begin('uppy');
    await send(upload, 1);
    await cutPart(upload, 2);
    expect(soundParts(null, await listed(upload)).map(({ partNumber }) => partNumber)).toEqual([1]);
    await send(upload, 2);
    await send(upload, 3);
    expect(await complete(upload)).toMatchObject({ state: 'completed', file: { sizeBytes: file.length } });
    expect(await sourceSha256(upload)).toBe(sha256(file));
  });

  test('the row moves only for the object that was read', async () => {
    const upload = await begin('uppy');
    await send(upload, 1);
    const joined = await completeUpload({ store, catalogue })(upload.id);
    expect(joined).toMatchObject({ state: 'joined' });
    expect((await row(upload)).state).toBe('uploading');
    expect(await completeUpload({ store, catalogue })(upload.id, 'asked', 'another')).toEqual(joined);
    expect(await complete(upload)).toMatchObject({ state: 'completed' });
  });
});

describe('a whole file whose sender goes away in its middle', () => {
  test.each(['fin', 'rst'] as const)('by PUT, of a declared size: it has not arrived (%s), and can be sent again', async (how) => {
    const upload = await begin('whole', file.length);
    const url = await store.presignPut({ key: arrivalKey(upload), sizeBytes: file.length, ttlS: 600 });
    await sendCut({ url, promisedBytes: file.length }, parts[0], how);
    await expect(awaitArrival({ store, catalogue })(upload.id)).rejects.toMatchObject({ type: 'NOT_ARRIVED' });
    expect(await complete(upload)).toEqual({ state: 'incomplete', missingParts: [1] });
    expect((await fetch(url, { method: 'PUT', body: file })).status).toBe(200);
    expect(await complete(upload)).toMatchObject({ state: 'completed' });
    expect(await sourceSha256(upload)).toBe(sha256(file));
  });

  test('by form: nothing of it is kept', async () => {
    const upload = await begin('whole');
    const form = await store.presignPost({ key: arrivalKey(upload), contentType: 'video/mp4', minBytes: 0, maxBytes: file.length, ttlS: 600 });
    const field = (name: string, value: string): string => `--cut\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const head = Object.entries(form.fields).map(([name, value]) => field(name, value));
    const begun = Buffer.from(`${head.join('')}--cut\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n`);
    const headers = { 'Content-Type': 'multipart/form-data; boundary=cut' };
    const promisedBytes = begun.length + file.length + 100;
    await sendCut({ url: form.url, method: 'POST', headers, promisedBytes }, Buffer.concat([begun, parts[0]]));
    expect(await store.head(arrivalKey(upload))).toBeNull();
  });
});

test('what a broken line left under intake/ becomes a video that says so, and no source', async () => {
  const key = 'intake/dev/cut.mp4';
  const multipartId = await store.createMultipart(key, { contentType: 'video/mp4', metadata: {} });
  const target = { key, multipartId } as Upload;
  await send(target, 1);
  await cutPart(target, 2);
  await store.completeMultipart(key, multipartId, await listed(target));
  const reconcile = { graceMs: 0, startGraceMs: 0, intakeSettleMs: 0, uploadTtlMs: 600_000, keep: { count: 2, supersededMs: 0 } };
  const workflows = createFakeWorkflows({ catalogue, store });
  const deps: ReconcileDeps = { store, catalogue, workflows, reconcile };
  const { beginTakeIn, copyIntake, endTakeIn } = takeIn(deps);
  const begun = await act(beginTakeIn, key);
  if (begun.state !== 'found') throw new Error(begun.state);
  const { object } = begun;
  // The server kept nothing of the part: what is there is whole in itself.
  if (object.sizeBytes === PART) return;
  await workflows.startUpload(object.upload, 'first');
  expect(await act(copyIntake, object)).toBe('damaged');
  expect(await store.head(object.upload.key)).toBeNull();
  for (let twice = 0; twice < 2; twice += 1) expect(await act(endTakeIn, object, 'damaged')).toBe('closed');
  expect(await catalogue.getVideo(object.upload.videoId)).toMatchObject({ state: 'errored', failure: { code: 'UPLOAD_DAMAGED' } });
  expect(await store.head(key)).toBeNull();
});
