import pg from 'pg';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { type Api, sendFile, startApi } from './harness.js';

/** The API on a real database and a real object store: what memory adapters cannot show. */
const name = `api_test_${process.pid}_${Date.now()}`;
const bucket = name.replaceAll('_', '-');
const { DATABASE_URL = '', S3_ENDPOINT = '', S3_REGION = 'us-east-1', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = process.env;
const sql = async (text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: DATABASE_URL });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};
const databaseUrl = new URL(DATABASE_URL || 'postgres://x');
databaseUrl.pathname = `/${name}`;
const catalogue = createPostgresCatalogue({ databaseUrl: databaseUrl.href });
const store = createS3ObjectStore({
  endpoint: S3_ENDPOINT,
  region: S3_REGION,
  bucket,
  credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
});
let api: Api;

beforeAll(async () => {
  await sql(`create database ${name}`);
  await catalogue.migrate();
  await store.prepareBucket({ corsOrigins: ['*'] });
  api = await startApi({ catalogue, store });
}, 30_000);
afterAll(async () => {
  await api?.close();
  for (const { key } of (await store.list('sources/')).objects) await store.delete([key]);
  for (const { key, multipartId } of await store.listMultiparts('sources/')) await store.abortMultipart(key, multipartId);
  store.close();
  await catalogue.close();
  await sql(`drop database if exists ${name} with (force)`);
}, 30_000);

test('a file of two parts and an empty file go all the way', async () => {
  for (const size of [9 * 1024 * 1024, 0]) {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(size, 7));
    expect((await api.call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({ status: 'uploading', missing_parts: [] });
    const done = await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    expect(done.body).toMatchObject({ status: 'completed', size_bytes: size });
    expect((await api.call('GET', `/v1/videos/${videoId}`)).body).toMatchObject({ status: 'queued', source: { size_bytes: size } });
  }
}, 30_000);

test('first signings that race leave one multipart, and a part of another size is refused', async () => {
  const { body } = await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 20 } });
  const signed = await Promise.all(
    Array.from({ length: 8 }, () => api.call('POST', `/v1/uploads/${body.id}/parts`, { body: { part_numbers: [1] } })),
  );
  const key = (await catalogue.getUpload(body.id))?.key ?? '';
  expect(await store.listMultiparts(key)).toHaveLength(1);
  for (const reply of signed) expect(await api.putPart(reply.body.parts[0].url, Buffer.alloc(20))).toBe(200);
  expect(await api.putPart(signed[0]?.body.parts[0].url, Buffer.alloc(21))).toBe(403);
  expect((await api.call('GET', `/v1/uploads/${body.id}`)).body.missing_parts).toEqual([]);
}, 30_000);

test('30 equal creates at once make one row, and pages hold every video once', async () => {
  const same = await Promise.all(
    Array.from({ length: 30 }, () =>
      api.call('POST', '/v1/uploads', { as: 'rival', body: { file_name: 'Ferien 🏖️.mp4', size_bytes: 1 }, headers: { 'idempotency-key': 'one' } }),
    ),
  );
  expect(new Set(same.map((reply) => `${reply.status} ${JSON.stringify(reply.body)}`)).size).toBe(1);
  await Promise.all(
    Array.from({ length: 12 }, (_, n) => api.call('POST', '/v1/uploads', { as: 'rival', body: { file_name: `${n}`, size_bytes: 1 } })),
  );
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await api.call('GET', `/v1/videos?limit=4${cursor ? `&cursor=${cursor}` : ''}`, { as: 'rival' });
    seen.push(...body.data.map((video: { id: string }) => video.id));
    cursor = body.next_cursor;
  }
  expect([seen.length, new Set(seen).size]).toEqual([13, 13]);
}, 30_000);
