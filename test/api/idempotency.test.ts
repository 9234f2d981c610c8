import { jest } from '@jest/globals';
import { PipelineError } from '../../src/domain/errors.js';
import { type Api, startApi } from './harness.js';

// For a machine that is busy with other things.
jest.setTimeout(60_000);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const post = (path: string, body: unknown, key: string, as: 'acme' | 'rival' = 'acme') =>
  api.call('POST', path, { as, ...(body === undefined ? {} : { body }), headers: { 'idempotency-key': key } });
const create = (key: string, body: Record<string, unknown> = { file_name: 'a.mp4', size_bytes: 20 }) => post('/v1/uploads', body, key);

test('50 equal creates at once make one video, and 50 equal answers', async () => {
  const replies = await Promise.all(Array.from({ length: 50 }, () => create('fifty')));
  expect(new Set(replies.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
  expect(replies[0]?.status).toBe(201);
  expect(new Set(replies.map(({ headers }) => headers.get('location'))).size).toBe(1);
  expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
  expect(api.pipeline.started).toHaveLength(1);
});

test('the first answer is given again although the upload has moved on, whatever the order of the fields', async () => {
  const first = await create('moved');
  await api.call('POST', `/v1/uploads/${first.body.id}/parts`, { body: { part_numbers: [1] } });
  const again = await create('moved', { size_bytes: 20, file_name: 'a.mp4' });
  expect(again.body).toEqual(first.body);
  expect(again.body.status).toBe('waiting');
});

test('the same key for another body, another route or another thing is 422', async () => {
  const { body } = await create('k');
  const other = await create('other');
  for (const refused of [await create('k', { file_name: 'b.mp4', size_bytes: 20 }), await post(`/v1/uploads/${body.id}/put-url`, undefined, 'k')]) {
    expect([refused.status, refused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  }
  await post(`/v1/uploads/${body.id}/put-url`, undefined, 'url');
  expect((await post(`/v1/uploads/${other.body.id}/put-url`, undefined, 'url')).status).toBe(422);
  // Another tenant's key is another key.
  expect((await post('/v1/uploads', { size_bytes: 7 }, 'k', 'rival')).status).toBe(201);
});

test('while it is being done a repeat waits for the answer, and who has gone away is not waited for', async () => {
  const { startUpload } = api.pipeline;
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  api.pipeline.startUpload = async (input) => {
    await gate;
    await startUpload(input);
  };
  const first = create('slow');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const second = create('slow');
  await new Promise((resolve) => setTimeout(resolve, 300));
  go();
  expect((await second).body).toEqual((await first).body);
  expect(api.pipeline.started).toHaveLength(1);
});

test('a repeat is sent away with 409 and Retry-After when the first takes too long', async () => {
  api.pipeline.startUpload = () => new Promise(() => undefined);
  void create('stuck').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const refused = await create('stuck');
  expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE', '2']);
  // Its lease over, it is taken over, and finds what the first had made.
  api.setNow(new Date(Date.now() + 16_000));
  api.pipeline.startUpload = async () => undefined;
  expect((await create('stuck')).status).toBe(201);
  expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
}, 30_000);

test('what failed or was refused leaves the key free', async () => {
  api.pipeline.setDown(true);
  expect((await create('again')).status).toBe(503);
  api.pipeline.setDown(false);
  expect((await create('again')).status).toBe(201);
  await api.catalogue.setQuota('acme', 30);
  expect((await create('full')).body.code).toBe('QUOTA_EXCEEDED');
  await api.catalogue.setQuota('acme', null);
  expect((await create('full')).status).toBe(201);
});

test('a key is forgotten after a day', async () => {
  const { body } = await create('old');
  await api.call('DELETE', `/v1/uploads/${body.id}`);
  expect((await create('old')).body.status).toBe('waiting');
  api.setNow(new Date(Date.now() + 86_401_000));
  // The upload's own id goes on standing for the key: it is not made twice, only told as it stands now.
  expect((await create('old')).body).toMatchObject({ id: body.id, status: 'cancelled' });
});

test('URLs are told again as long as they live', async () => {
  const { body } = await create('parts');
  const sign = () => post(`/v1/uploads/${body.id}/parts`, { part_numbers: [1] }, 'sign');
  const first = await sign();
  expect((await sign()).body).toEqual(first.body);
  api.setNow(new Date(Date.now() + 901_000));
  expect((await sign()).body.expires_at).not.toBe(first.body.expires_at);
});

test('the answer goes out although it could not be kept', async () => {
  api.catalogue.finishRequest = () => Promise.reject(new PipelineError('CATALOGUE_UNAVAILABLE'));
  expect((await create('unkept')).status).toBe(201);
});

test('what is kept of an answer opens nothing', async () => {
  const kept: string[] = [];
  const { finishRequest } = api.catalogue;
  api.catalogue.finishRequest = (mark, answer, lifeMs) => {
    kept.push(JSON.stringify(mark), answer, Buffer.from(answer, 'base64').toString('latin1'));
    return finishRequest(mark, answer, lifeMs);
  };
  const { body } = await create('my-own-words');
  const token = new URL(body.client_url).pathname.split('/').at(-1) ?? '';
  expect(kept).toHaveLength(3);
  for (const secret of [token, body.id, 'my-own-words']) expect(kept.join('\n')).not.toContain(secret);
});
