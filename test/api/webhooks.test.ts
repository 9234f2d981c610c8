import { randomBytes } from 'node:crypto';
import { draftFor } from '../contract/catalogue.js';
import { type Api, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const URL_ = 'https://example.com/hook';
const make = async (body: Record<string, unknown> = {}) => (await api.call('POST', '/v1/webhooks', { body: { url: URL_, ...body } })).body;
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

test('a webhook is made with a secret that is shown this once, read, changed and deleted', async () => {
  const made = await make({ event_types: ['video.ready'] });
  expect(made).toMatchObject({ status: 'enabled', url: URL_, event_types: ['video.ready'], disabled_reason: null });
  expect(made.secret).toMatch(SECRET);
  const { secret: _secret, ...shown } = made;
  expect((await api.call('GET', `/v1/webhooks/${made.id}`)).body).toEqual(shown);
  expect((await api.call('GET', '/v1/webhooks')).body.data).toEqual([shown]);
  const changed = await api.call('PATCH', `/v1/webhooks/${made.id}`, { body: { status: 'disabled', description: 'later', event_types: [] } });
  expect(changed.body).toMatchObject({ status: 'disabled', disabled_reason: 'requested', description: 'later', event_types: [], url: URL_ });
  expect((await api.call('PATCH', `/v1/webhooks/${made.id}`, { body: { status: 'enabled' } })).body).toMatchObject({ status: 'enabled' });
  expect((await api.call('DELETE', `/v1/webhooks/${made.id}`)).status).toBe(204);
  expect((await api.call('DELETE', `/v1/webhooks/${made.id}`)).status).toBe(404);
  expect(api.logs.join('')).not.toContain(made.secret);
});

test('another secret takes over, and the former one stays valid for a day or as long as is said', async () => {
  const made = await make();
  const rotated = (await api.call('POST', `/v1/webhooks/${made.id}/rotate-secret`)).body;
  expect(rotated.secret).toMatch(SECRET);
  expect(rotated.secret).not.toBe(made.secret);
  expect(Date.parse(rotated.former_secret_until) - Date.parse(rotated.updated_at)).toBe(86_400_000);
  expect(await api.catalogue.findWebhook('acme', made.id)).toMatchObject({ secret: rotated.secret, formerSecret: made.secret });
  const soon = (await api.call('POST', `/v1/webhooks/${made.id}/rotate-secret`, { body: { former_valid_s: 0 } })).body;
  expect(Date.parse(soon.former_secret_until)).toBe(Date.parse(soon.updated_at));
});

test('addresses that lead nowhere good are refused with the reason', async () => {
  for (const url of ['http://example.com/', 'ftp://example.com/', 'https://u:p@example.com/', 'nonsense', 'https://example.com/#a']) {
    const { status, body } = await api.call('POST', '/v1/webhooks', { body: { url } });
    expect([url, status, body.code]).toEqual([url, 400, 'REQUEST_INVALID']);
    expect(body.detail).toMatch(/The url: /);
  }
  const made = await make();
  expect((await api.call('PATCH', `/v1/webhooks/${made.id}`, { body: { url: 'http://example.com/' } })).status).toBe(400);
  expect((await api.call('POST', '/v1/webhooks', { body: { url: URL_, event_types: ['video.burnt'] } })).status).toBe(400);
  expect((await api.call('POST', '/v1/webhooks', { body: { url: URL_, colour: 'red' } })).status).toBe(400);
});

test('a test and a replay are queued, and the log tells them', async () => {
  const hex = randomBytes(16).toString('hex');
  const draft = { ...draftFor('acme'), id: `upl_${hex}`, videoId: `vid_${hex}` };
  await api.catalogue.createUpload(draft);
  const [event] = (await api.call('GET', '/v1/events')).body.data;
  const made = await make();
  const tested = await api.call('POST', `/v1/webhooks/${made.id}/test`);
  expect(tested.status).toBe(202);
  const at = `/v1/webhooks/${made.id}/replay`;
  const id = (await api.catalogue.listTenantEvents({ tenantId: 'acme', after: 0, limit: 1 }))[0]?.id;
  expect(event.id).toBe(id);
  expect((await api.call('POST', at, { body: { event_id: id } })).body).toEqual({ object: 'replay', queued: 1 });
  expect((await api.call('POST', at, { body: { since: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' } })).body.queued).toBe(1);
  expect((await api.call('POST', at, { body: { event_id: `evt_${'0'.repeat(32)}` } })).status).toBe(400);
  for (const body of [{}, { since: '2000-01-01T00:00:00Z' }, { event_id: id, since: '2000-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' }])
    expect((await api.call('POST', at, { body })).status).toBe(400);
  const log = (await api.call('GET', `/v1/webhooks/${made.id}/deliveries?limit=2`)).body;
  expect([log.data.length, log.has_more]).toEqual([2, true]);
  const rest = (await api.call('GET', `/v1/webhooks/${made.id}/deliveries?limit=2&cursor=${log.next_cursor}`)).body;
  const types = [...log.data, ...rest.data].map(({ type }) => type).sort();
  expect([types, rest.has_more]).toEqual([['upload.created', 'video.created', 'webhook.test'], false]);
  for (const other of [`${made.id}/deliveries?status=pending&`, `${(await make()).id}/deliveries?`])
    expect((await api.call('GET', `/v1/webhooks/${other}cursor=${log.next_cursor}`)).status).toBe(400);
  const pending = (await api.call('GET', `/v1/webhooks/${made.id}/deliveries?status=delivered`)).body;
  expect(pending.data).toEqual([]);
});

test('another tenant finds none of it', async () => {
  const { id } = await make();
  const as = 'rival' as const;
  const at = `/v1/webhooks/${id}`;
  const replay = { event_id: `evt_${'0'.repeat(32)}` };
  const calls = [
    ['GET', at, undefined],
    ['PATCH', at, { description: 'mine' }],
    ['DELETE', at, undefined],
    ['POST', `${at}/rotate-secret`, undefined],
    ['POST', `${at}/test`, undefined],
    ['POST', `${at}/replay`, replay],
    ['GET', `${at}/deliveries`, undefined],
  ] as const;
  for (const [method, path, body] of calls) expect([method, path, (await api.call(method, path, { as, body })).status]).toEqual([method, path, 404]);
  expect((await api.call('GET', '/v1/webhooks', { as })).body.data).toEqual([]);
  expect((await api.call('GET', at)).body.description).toBe('');
});

test('an account has fifty webhooks at the most', async () => {
  for (let n = 0; n < 50; n += 1) await make();
  expect((await api.call('POST', '/v1/webhooks', { body: { url: URL_ } })).body.code).toBe('CONFLICT');
});
