import { type Api, KEYS, routeFor, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const upload = `upl_${'0'.repeat(32)}`;

test('what does not exist under /v1 is 401 without a key and 404 with one', async () => {
  expect((await api.call('GET', '/v1/nothing', { as: null })).status).toBe(401);
  expect((await api.call('GET', '/v1/nothing')).status).toBe(404);
});

test.each(['/V1/videos', '/v1/VIDEOS', '/v1/videos/', '//v1/videos', '/v1//videos', '/%761/videos', '/x/../V1/videos', '/./V1/videos'])(
  '%s is no way around the key',
  async (path) => {
    const answer = await fetch(api.url + path);
    expect([401, 404]).toContain(answer.status);
    await answer.text();
    // Not even with one: there is one spelling of an address (the client itself turns dots and %76 into it).
    if (new URL(api.url + path).pathname === '/v1/videos') return;
    expect((await api.call('GET', path)).status).toBe(404);
  },
);

test.each([
  ['nothing', ''],
  ['another scheme', `Basic ${KEYS.acme}`],
  ['no scheme', KEYS.acme],
  ['half a key', 'Bearer rm_test_acme1'],
  ['a wrong secret', 'Bearer rm_test_acme1_0123456789abcdef0124'],
  ['an unknown id', 'Bearer rm_test_nobody_0123456789abcdef0123'],
  ['the secret of another key', 'Bearer rm_test_acme1_abcdef0123456789abcd'],
  ['a key and more', `Bearer ${KEYS.acme} x`],
  ['a very long key', `Bearer rm_test_acme1_${'a'.repeat(5000)}`],
])('%s is no key', async (_what, authorization) => {
  expect((await api.call('GET', '/v1/videos', { as: null, headers: { authorization } })).status).toBe(401);
});

test.each(['x', 'upl_', `upl_${'0'.repeat(31)}`, `upl_${'0'.repeat(33)}`, `upl_${'G'.repeat(32)}`, '%00', '%ff', '..%2f..', `vid_${'0'.repeat(32)}`])(
  'an upload id of the form %s never reaches the catalogue',
  async (id) => {
    api.catalogue.findUpload = () => Promise.reject(new Error('asked'));
    expect((await api.call('GET', `/v1/uploads/${id}`)).status).toBe(404);
  },
);

test('a key is looked up once per half minute, a wrong one every time', async () => {
  const asked: string[] = [];
  const { findApiKey } = api.catalogue;
  api.catalogue.findApiKey = (id) => {
    asked.push(id);
    return findApiKey(id);
  };
  api.setNow(new Date('2026-11-21T10:00:00Z'));
  for (let n = 0; n < 3; n += 1) await api.call('GET', '/v1/videos');
  expect(asked).toEqual(['acme1']);
  for (let n = 0; n < 2; n += 1)
    await api.call('GET', '/v1/videos', { as: null, headers: { authorization: 'Bearer rm_test_nobody_0123456789abcdef0123' } });
  expect(asked).toEqual(['acme1', 'nobody', 'nobody']);
  // From the cache too, the secret is compared.
  const wrong = { authorization: 'Bearer rm_test_acme1_0123456789abcdef0124' };
  expect((await api.call('GET', '/v1/videos', { as: null, headers: wrong })).status).toBe(401);
  api.setNow(new Date('2026-11-21T10:00:31Z'));
  await api.call('GET', '/v1/videos');
  expect(asked).toEqual(['acme1', 'nobody', 'nobody', 'acme1']);
});

test('no secret reaches the log', async () => {
  await api.call('GET', `/v1/videos?limit=1&token=${KEYS.acme}`, { headers: { 'x-api-key': KEYS.acme } });
  await api.call('GET', '/v1/videos', { as: null, headers: { authorization: 'Bearer rm_test_acme1_WRONGWRONGWRONGWRONG' } });
  const { body } = await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 1 } });
  const signed = await api.call('POST', `/v1/uploads/${body.id}/parts`, { body: { part_numbers: [1] } });
  const address = new URL(body.client_url).pathname;
  await api.call('GET', address, { as: null });
  await api.call('GET', `${address}/s3/multipart/none`, { as: null });
  await api.call('GET', `${address}x`, { as: null });
  api.catalogue.findUpload = () => Promise.reject(new Error('the database is on fire'));
  expect((await api.call('GET', address, { as: null })).status).toBe(500);
  const log = api.logs.join('');
  expect(log).toContain('"key_id":"upload-token"');
  expect(log).toContain('"route":"/v1/uploads/{upload_id}/parts"');
  expect(log).toContain(`"upload_id":"${body.id}"`);
  expect(log).toContain('"tenant_id":"acme"');
  for (const secret of [
    KEYS.acme,
    '0123456789abcdef0123',
    'WRONGWRONG',
    new URL(signed.body.parts[0].url).searchParams.get('signature') ?? 'none',
    'token=',
    'upt_',
  ]) {
    expect(log).not.toContain(secret);
  }
});

test('the harness knows every route that these tests call', () => {
  expect(routeFor(api.routes, 'POST', `/v1/uploads/${upload}/complete`)?.operationId).toBe('completeUpload');
});
