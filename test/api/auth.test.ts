import { clientAddress } from '../../src/api/client-address.js';
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

describe('wrong keys', () => {
  const wrong = (n: number | string) =>
    api.call('GET', '/v1/videos', { as: null, headers: { authorization: `Bearer rm_test_nobody${n}_0123456789abcdef0123` } });
  const asked: string[][] = [];
  beforeEach(() => {
    asked.length = 0;
    const { findApiKey, findApiKeys } = api.catalogue;
    api.catalogue.findApiKey = (id) => {
      asked.push([id]);
      return findApiKey(id);
    };
    api.catalogue.findApiKeys = (ids) => {
      asked.push([...ids]);
      return findApiKeys(ids);
    };
  });

  test('a few are 401, many from one address are 429, and cost the catalogue no question each', async () => {
    const first = [];
    for (let n = 0; n < 20; n += 1) first.push((await wrong(n)).status);
    expect(first).toEqual(Array(20).fill(401));
    expect(asked).toHaveLength(20);
    const replies = await Promise.all(Array.from({ length: 80 }, (_, n) => wrong(`x${n}`)));
    // Some more may have come into the bucket meanwhile: one in five seconds.
    expect(replies.filter(({ status }) => status === 429).length).toBeGreaterThan(70);
    const refused = replies.at(-1);
    expect([refused?.body.code, Number(refused?.headers.get('retry-after')) >= 1]).toEqual(['WRONG_KEYS', true]);
    expect(asked.length).toBeLessThan(20 + 30);
    expect(asked.flat()).toHaveLength(100);
  }, 30_000);

  test('at once they are no more questions than one by one', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, (_, n) => wrong(n)));
    expect(replies.filter(({ status }) => status === 401).length).toBeLessThan(30);
    expect(asked.length).toBeLessThan(20 + 30);
  }, 30_000);

  test('a right key from the same address is let in, seen before or not, and a wrong secret of it is not', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => wrong(n)));
    expect((await wrong('last')).status).toBe(429);
    expect((await api.call('GET', '/v1/videos')).status).toBe(200);
    expect((await api.call('GET', '/v1/videos')).status).toBe(200);
    const secret = { authorization: 'Bearer rm_test_acme1_0123456789abcdef0124' };
    expect((await api.call('GET', '/v1/videos', { as: null, headers: secret })).status).toBe(429);
    expect((await api.call('GET', '/v1/videos', { as: 'rival' })).status).toBe(200);
  }, 30_000);

  test('many who come with one right key at once are one question, and use nothing up', async () => {
    const many = () => Promise.all(Array.from({ length: 50 }, () => api.call('GET', '/v1/videos')));
    for (let n = 0; n < 3; n += 1) for (const { status } of await many()) expect(status).toBe(200);
    expect(asked).toEqual([['acme1']]);
    expect((await wrong(1)).status).toBe(401);
  }, 30_000);

  test('the address is the connection’s, or what the first proxy of ours says', () => {
    const from = (header: string, proxies: number, remoteAddress = '10.0.0.9') =>
      clientAddress({ get: () => header, req: { socket: { remoteAddress } } } as unknown as Parameters<typeof clientAddress>[0], proxies);
    expect(from('1.1.1.1', 0)).toBe('10.0.0.9');
    expect(from('6.6.6.6, 2.2.2.2', 1)).toBe('2.2.2.2');
    expect(from('6.6.6.6, 2.2.2.2, 3.3.3.3', 2)).toBe('2.2.2.2');
    // Fewer than there should be: the proxy was gone around.
    expect(from('', 1)).toBe('10.0.0.9');
    expect(from('6.6.6.6', 2)).toBe('10.0.0.9');
    expect(from('', 0, '::ffff:10.0.0.9')).toBe('10.0.0.9');
    expect(new Set([from('', 0, '2001:db8::1'), from('', 0, '2001:DB8:0:0:ffff::9')])).toEqual(new Set(['2001:db8:0:0::/64']));
    expect(from('', 0, '::1')).toBe('0:0:0:0::/64');
  });
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
