import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const create = (size_bytes: number, key?: string) =>
  api.call('POST', '/v1/uploads', { body: { file_name: 'clip.mp4', size_bytes }, headers: key ? { 'idempotency-key': key } : {} });
const usage = async (as: 'acme' | 'rival' = 'acme') => (await api.call('GET', '/v1/usage', { as })).body;

test('the account follows uploads from their announcement to their end', async () => {
  expect(await usage()).toMatchObject({ object: 'usage', quota_bytes: null, reserved_bytes: 0, stored_bytes: 0 });
  await api.catalogue.setQuota('acme', 1000);
  const { uploadId } = await sendFile(api, Buffer.alloc(20));
  const { body: given } = await create(300);
  expect(await usage()).toMatchObject({ object: 'usage', quota_bytes: 1000, reserved_bytes: 320, stored_bytes: 0 });
  for (let n = 0; n < 3; n += 1) {
    await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    await api.call('DELETE', `/v1/uploads/${given.id}`);
  }
  expect(await usage()).toMatchObject({ object: 'usage', quota_bytes: 1000, reserved_bytes: 0, stored_bytes: 20 });
  expect(await usage('rival')).toMatchObject({ object: 'usage', quota_bytes: null, reserved_bytes: 0, stored_bytes: 0 });
});

test('an upload that has no room is refused with what is left and what to do, and leaves no trace', async () => {
  await api.catalogue.setQuota('acme', 1000);
  const first = await create(900, 'k-1');
  const refused = await create(101, 'k-2');
  expect([refused.status, refused.body.code]).toEqual([403, 'QUOTA_EXCEEDED']);
  expect(refused.body.detail).toBe(
    'The account has no room for this file. Delete videos or give up open uploads that are no longer needed, or ask for a larger quota. The file has 101 B; 100 B of 1.0 kB are left, and open uploads hold 900 B.',
  );
  expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
  expect(api.pipeline.started).toHaveLength(1);
  // A repeat is no second upload, however full it is.
  expect((await create(900, 'k-1')).body.id).toBe(first.body.id);
  await api.call('DELETE', `/v1/uploads/${first.body.id}`);
  expect((await create(101, 'k-2')).status).toBe(201);
});

test('200 creates at once against room for 100 make 100', async () => {
  await api.catalogue.setQuota('acme', 2019);
  const replies = await Promise.all(Array.from({ length: 200 }, () => create(20)));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(100);
  expect(replies.filter(({ status }) => status === 403)).toHaveLength(100);
  expect(await usage()).toMatchObject({ reserved_bytes: 2000 });
}, 60_000);

test('it tells the tier, and what is used of the day', async () => {
  await sendFile(api, Buffer.alloc(20));
  expect(await usage()).toMatchObject({
    open_uploads: 1,
    today: { bytes: 20, encode_minutes: 0 },
    tier: { name: 'unlimited', requests: null, open_uploads: null, bytes_per_day: null, encode_minutes_per_day: null },
  });
});
