import { jest } from '@jest/globals';
import { crcText } from '../../src/api/api-key.js';
import { type Api, startApi } from './harness.js';

// For a machine that is busy with other things.
jest.setTimeout(60_000);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const ops = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(method, path, { as: 'operator', ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) });
const makeKey = (more: Record<string, unknown> = {}, headers?: Record<string, string>) =>
  ops('POST', '/v1/ops/tenants/acme/keys', { name: 'web', scopes: ['videos:read'], ...more }, headers);
const with_ = (key: string, path = '/v1/videos') => api.call('GET', path, { as: null, headers: { authorization: `Bearer ${key}` } });

test('a key is shown once, works at once, and may do what its scopes say', async () => {
  const { status, body } = await makeKey({ mode: 'test' });
  expect(status).toBe(201);
  expect(body.key).toMatch(new RegExp(`^rm_test_${body.id}_[0-9A-Za-z]{38}$`));
  expect(body.key.slice(-6)).toBe(crcText(body.key.slice(0, -6)));
  expect((await with_(body.key)).status).toBe(200);
  const refused = await api.call('POST', '/v1/uploads', { as: null, body: {}, headers: { authorization: `Bearer ${body.key}` } });
  expect([refused.status, refused.body.detail]).toEqual([403, 'This API key may not do that. It needs the scope "uploads:write".']);
  const { body: list } = await ops('GET', '/v1/ops/tenants/acme/keys');
  expect(list.data[0]).toMatchObject({
    id: body.id,
    name: 'web',
    mode: 'test',
    scopes: ['videos:read'],
    last_used_at: expect.any(String),
    revoked_at: null,
  });
  expect(JSON.stringify(list)).not.toContain(body.key.split('_').at(-1));
});

test('one key takes the place of another: two are live, the old one is revoked, a third has no place before', async () => {
  const [old, fresh] = [(await makeKey()).body, (await makeKey()).body];
  const third = await makeKey();
  expect([third.status, third.body.code]).toEqual([409, 'CONFLICT']);
  expect(third.body.detail).toContain('Revoke one first.');
  for (const { key } of [old, fresh]) expect((await with_(key)).status).toBe(200);
  for (let n = 0; n < 2; n += 1) expect((await ops('DELETE', `/v1/ops/keys/${old.id}`)).status).toBe(204);
  api.setNow(new Date(Date.now() + 31_000));
  expect((await with_(old.key)).status).toBe(401);
  expect((await with_(fresh.key)).status).toBe(200);
  expect((await makeKey()).status).toBe(201);
});

test('a key ends at its time, be it in this process’s memory or not', async () => {
  const at = new Date('2026-11-21T10:00:00.000Z');
  api.setNow(at);
  const { body } = await makeKey({ expires_at: '2026-11-21T10:00:10.000Z' });
  expect((await with_(body.key)).status).toBe(200);
  api.setNow(new Date(at.getTime() + 10_000));
  expect((await with_(body.key)).status).toBe(401);
  const past = await makeKey({ expires_at: '2026-11-21T10:00:10.000Z' });
  expect([past.status, past.body.code]).toEqual([400, 'REQUEST_INVALID']);
});

test.each([
  ['no scope', { scopes: [] }],
  ['a scope that there is not', { scopes: ['everything'] }],
  ['a scope twice', { scopes: ['ops', 'ops'] }],
  ['an unknown field', { admin: true }],
  ['no name', { name: ' ' }],
])('a key with %s is refused', async (_what, more) => expect((await makeKey(more)).status).toBe(400));

test('a lost answer is asked for again with the same key, and stands nowhere in the clear', async () => {
  const headers = { 'idempotency-key': 'make-it-once' };
  const first = await makeKey({}, headers);
  const again = await makeKey({}, headers);
  expect([again.status, again.body]).toEqual([first.status, first.body]);
  expect((await ops('GET', '/v1/ops/tenants/acme/keys')).body.data).toHaveLength(2);
  expect(api.logs.join('')).not.toContain(first.body.key.split('_').at(-1));
});

test('tenants are made, listed and changed', async () => {
  const made = await ops('POST', '/v1/ops/tenants', { id: 'beta', name: 'Beta' });
  expect([made.status, made.body]).toMatchObject([201, { id: 'beta', name: 'Beta', tier: 'standard', quota_bytes: null }]);
  expect((await ops('POST', '/v1/ops/tenants', { id: 'beta', name: 'Other' })).status).toBe(409);
  const { body: page } = await ops('GET', '/v1/ops/tenants?limit=2');
  expect(page.data.map(({ id }: { id: string }) => id)).toEqual(['acme', 'beta']);
  const { body: rest } = await ops('GET', `/v1/ops/tenants?limit=2&cursor=${page.next_cursor}`);
  expect([rest.data.map(({ id }: { id: string }) => id), rest.has_more]).toEqual([['operator', 'rival'], false]);
  expect((await ops('PATCH', '/v1/ops/tenants/beta', { quota_bytes: 5 })).body).toMatchObject({ name: 'Beta', quota_bytes: 5 });
  expect(made.body.damaged_sources).toBe('refuse');
  expect((await ops('PATCH', '/v1/ops/tenants/beta', { damaged_sources: 'publish' })).body).toMatchObject({
    quota_bytes: 5,
    damaged_sources: 'publish',
  });
  expect(await api.catalogue.truncatedPolicy('beta')).toBe('publish');
  expect((await ops('PATCH', '/v1/ops/tenants/beta', { damaged_sources: 'mend' })).status).toBe(400);
  expect((await ops('PATCH', '/v1/ops/tenants/nobody', { name: 'x' })).status).toBe(404);
  expect((await ops('PATCH', '/v1/ops/tenants/beta', { tier: 'golden' })).body.detail).toContain('There are: standard, unlimited.');
  expect((await ops('POST', '/v1/ops/tenants/nobody/keys', { name: 'x', scopes: ['ops'] })).status).toBe(404);
  expect((await ops('GET', '/v1/ops/tenants/nobody/keys')).status).toBe(404);
});
