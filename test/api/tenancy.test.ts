/**
 * Generated from the API's own description: every route that there is, or will be, is called without a key, with every scope but
 * its own, and with the ids of another tenant. A route with a new kind of id has to add it to IDS; nothing else is needed.
 */
import { jest } from '@jest/globals';
import { hashSecret } from '../../src/api/api-key.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { type Api, type CallOptions, KEYS, publishGeneration, type Reply, sendFile, startApi } from './harness.js';

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operationId: string;
  readonly security: readonly { readonly apiKey: readonly string[] }[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly example?: unknown;
    readonly schema?: { readonly example?: unknown };
  }[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref?: string } } };
  };
}

type Ids = Readonly<Record<string, string>>;

// For a machine that is busy with other things.
jest.setTimeout(60_000);

let api: Api;
let operations: Operation[];
let examples: Readonly<Record<string, { readonly example?: unknown }>>;
beforeAll(async () => {
  api = await startApi();
  const { body } = await api.call('GET', '/openapi.json', { as: null });
  examples = body.components.schemas;
  operations = Object.entries<Record<string, Omit<Operation, 'path' | 'method'>>>(body.paths)
    .flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })))
    .filter(({ security }) => security.length > 0);
});
afterAll(() => api.close());

/** Of things that belong to acme, and of such as never were. */
async function idsOfAcme(): Promise<Ids> {
  const { uploadId: upload_id, videoId: video_id } = await sendFile(api, Buffer.alloc(20), 'acme');
  const { body: webhook } = await api.call('POST', '/v1/webhooks', { as: 'acme', body: { url: 'https://example.org/hook' } });
  return { ...NOBODYS, upload_id, video_id, webhook_id: webhook.id, tenant_id: 'acme', key_id: 'acme1' };
}
const NOBODYS: Ids = {
  upload_id: `upl_${'0'.repeat(32)}`,
  video_id: `vid_${'0'.repeat(32)}`,
  webhook_id: `whk_${'0'.repeat(32)}`,
  tenant_id: 'nobody',
  key_id: 'nobody1',
  tier_name: 'nothing',
  multipart_id: 'mp-1',
  part_number: '1',
};

function address({ operationId, path, parameters }: Operation, ids: Ids): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`${operationId} has a new kind of id: put {${name}} into this test.`);
    return id;
  });
  const query = (parameters ?? [])
    .filter((each) => each.in === 'query' && each.required)
    .map((each) => `${each.name}=${each.example ?? each.schema?.example}`);
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

function bodyOf({ requestBody }: Operation): unknown {
  const name = requestBody?.content['application/json'].schema.$ref?.split('/').at(-1);
  return name === undefined ? undefined : examples[name]?.example;
}

const call = (operation: Operation, ids: Ids, options: CallOptions): Promise<Reply> => {
  const body = bodyOf(operation);
  return api.call(operation.method, address(operation, ids), { ...options, ...(body === undefined ? {} : { body }) });
};

/** A key of acme's with these scopes. */
async function keyWith(scopes: readonly string[]): Promise<CallOptions> {
  const [id, secret] = [`only${scopes.map((scope) => scope.replace(/\W/g, '')).join('')}`, '0123456789abcdef'];
  await api.catalogue.addApiKey({
    id,
    tenantId: 'acme',
    secretHash: hashSecret(secret),
    name: 'test',
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
  });
  return { as: null, headers: { authorization: `Bearer rm_test_${id}_${secret}` } };
}

test('there are as many guarded routes as there ought to be', () => {
  expect(operations.length).toBeGreaterThanOrEqual(28);
  expect(operations.filter(({ path }) => path.includes('{')).length).toBeGreaterThanOrEqual(18);
});

test('without a key every one of them is 401, and so is one with a wrong secret', async () => {
  const authorization = `${`Bearer ${KEYS.acme}`.slice(0, -1)}x`;
  for (const [n, operation] of operations.entries()) {
    // Each from another address: many wrong keys from one are limited.
    for (const options of [{ as: null }, { as: null, headers: { authorization, 'x-forwarded-for': `10.0.0.${n}` } }]) {
      const refused = await call(operation, NOBODYS, options);
      expect([operation.operationId, refused.status, refused.body.code]).toEqual([operation.operationId, 401, 'UNAUTHENTICATED']);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="reelmill"');
    }
  }
  expect(api.pipeline.started).toEqual([]);
});

test('with every scope but its own every one of them is 403, whatever the id', async () => {
  const ids = await idsOfAcme();
  for (const operation of operations) {
    const own = operation.security.flatMap(({ apiKey }) => apiKey);
    const key = await keyWith(SCOPES.filter((scope) => !own.includes(scope)));
    for (const each of [ids, NOBODYS]) {
      const refused = await call(operation, each, key);
      expect([operation.operationId, refused.status, refused.body.code]).toEqual([operation.operationId, 403, 'FORBIDDEN']);
    }
  }
});

test('with one of its scopes alone none of them is 403 or 401', async () => {
  for (const operation of operations) {
    for (const scope of operation.security.flatMap(({ apiKey }) => apiKey)) {
      const answer = await call(operation, NOBODYS, await keyWith([scope]));
      expect([operation.operationId, scope, [401, 403].includes(answer.status)]).toEqual([operation.operationId, scope, false]);
      expect(answer.status).toBeLessThan(500);
    }
  }
});

test('an id of another tenant is 404 on every route for tenants, exactly as one that never was, and nothing changes', async () => {
  const ids = await idsOfAcme();
  const seen = async () => ({
    events: (await api.catalogue.listEvents(0, 10_000)).length,
    audit: (await api.catalogue.listAudit({ before: null, limit: 10_000 })).length,
    upload: (await api.call('GET', `/v1/uploads/${ids.upload_id}`)).body,
    asked: api.pipeline.asked,
  });
  const before = await seen();
  const bare = ({ instance, request_id, ...rest }: Record<string, unknown>) => rest;
  const own = operations.filter(({ path, security }) => path.includes('{') && !security.every(({ apiKey }) => apiKey.includes('ops')));
  expect(own.length).toBeGreaterThanOrEqual(15);
  for (const operation of own) {
    const foreign = await call(operation, ids, { as: 'rival' });
    expect([operation.operationId, foreign.status]).toEqual([operation.operationId, 404]);
    const unknown = await call(operation, NOBODYS, { as: 'rival' });
    expect(bare(foreign.body)).toEqual(bare(unknown.body));
  }
  expect(await seen()).toEqual(before);
  expect((await api.call('GET', '/v1/videos', { as: 'rival' })).body.data).toEqual([]);
  expect((await api.call('GET', '/v1/uploads', { as: 'rival' })).body.data).toEqual([]);
});

test('every route that writes leaves a row of the audit, and none that reads', async () => {
  const done = new Set<string>();
  const did = async (operationId: string, reply: Promise<Reply>, target?: string): Promise<Reply> => {
    const answer = await reply;
    expect([operationId, answer.status < 300 || operationId === 'preflightUpload']).toEqual([operationId, true]);
    const [last] = await api.catalogue.listAudit({ before: null, limit: 1 });
    expect(last).toMatchObject({ route: operationId, requestId: answer.headers.get('x-request-id'), ...(target ? { targetId: target } : {}) });
    done.add(operationId);
    return answer;
  };
  const begin = async (body: unknown = { size_bytes: 20 }): Promise<{ id: string; video_id: string }> =>
    (await api.call('POST', '/v1/uploads', { body })).body;
  const post = (path: string, body?: unknown) => api.call('POST', path, body === undefined ? {} : { body });
  const asOps = (method: string, path: string, body?: unknown) => api.call(method, path, { as: 'operator', ...(body === undefined ? {} : { body }) });

  const first = (await did('createUpload', post('/v1/uploads', { size_bytes: 20 }))).body;
  const signed = await did('signParts', post(`/v1/uploads/${first.id}/parts`, { part_numbers: [1] }), first.id);
  await api.putPart(signed.body.parts[0].url, Buffer.alloc(20));
  await did('completeUpload', post(`/v1/uploads/${first.id}/complete`), first.id);
  await api.catalogue.park(first.video_id, 1, { code: 'ENCODE_FAILED', message: 'x' });
  await did('changeVideo', api.call('PATCH', `/v1/videos/${first.video_id}`, { body: { title: 'T' } }), first.video_id);
  await did('resolveVideo', post(`/v1/videos/${first.video_id}/resolve`, { action: 'retry' }), first.video_id);
  await api.catalogue.park(first.video_id, 1, { code: 'ENCODE_FAILED', message: 'y' });
  await did('resolveReview', asOps('POST', `/v1/ops/review/${first.video_id}/resolve`, { action: 'retry' }), first.video_id);
  await publishGeneration(api, { uploadId: first.id, videoId: first.video_id }, 1);
  await did('reprocessVideo', post(`/v1/videos/${first.video_id}/reprocess`), first.video_id);
  await publishGeneration(api, { uploadId: first.id, videoId: first.video_id }, 2);
  await did('rollBackVideo', post(`/v1/videos/${first.video_id}/rollback`), first.video_id);
  await did('deleteVideo', api.call('DELETE', `/v1/videos/${first.video_id}`), first.video_id);
  const second = await begin();
  await did('abortUpload', api.call('DELETE', `/v1/uploads/${second.id}`), second.id);
  const third = await begin();
  await did('signPut', post(`/v1/uploads/${third.id}/put-url`), third.id);
  const bad = await begin();
  await did('preflightUpload', post(`/v1/uploads/${bad.id}/preflight`, { head: Buffer.alloc(20, 'no video').toString('base64') }), bad.id);

  const form = await begin({});
  await did('uppyForm', api.call('GET', `/v1/uploads/${form.id}/s3/params?filename=a.mp4`), form.id);
  const uppy = await begin({});
  const begun = (await did('uppyCreate', post(`/v1/uploads/${uppy.id}/s3/multipart`, { filename: 'a.mp4' }), uppy.id)).body;
  const { body: part } = await api.call('GET', `/v1/uploads/${uppy.id}/s3/multipart/${begun.uploadId}/1`);
  await api.putPart(part.url, Buffer.alloc(20));
  await did('uppyComplete', post(`/v1/uploads/${uppy.id}/s3/multipart/${begun.uploadId}/complete`, { parts: [{ PartNumber: 1 }] }), uppy.id);
  const given = await begin({});
  const { body: opened } = await post(`/v1/uploads/${given.id}/s3/multipart`, { filename: 'a.mp4' });
  await did('uppyAbort', api.call('DELETE', `/v1/uploads/${given.id}/s3/multipart/${opened.uploadId}`), given.id);

  const { body: webhook } = await did('createWebhook', post('/v1/webhooks', { url: 'https://example.org/hook' }));
  await did('changeWebhook', api.call('PATCH', `/v1/webhooks/${webhook.id}`, { body: { description: 'ours' } }), webhook.id);
  await did('rotateSecret', post(`/v1/webhooks/${webhook.id}/rotate-secret`), webhook.id);
  await did('testWebhook', post(`/v1/webhooks/${webhook.id}/test`), webhook.id);
  await did('replayEvents', post(`/v1/webhooks/${webhook.id}/replay`, { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }), webhook.id);
  await did('deleteWebhook', api.call('DELETE', `/v1/webhooks/${webhook.id}`), webhook.id);

  await did('createTenant', asOps('POST', '/v1/ops/tenants', { id: 'third', name: 'Third' }), 'third');
  await did('changeTenant', asOps('PATCH', '/v1/ops/tenants/third', { tier: 'unlimited' }), 'third');
  await did(
    'saveTier',
    asOps('PUT', '/v1/ops/tiers/gold', { requests: null, open_uploads: null, bytes_per_day: null, encode_minutes_per_day: null }),
    'gold',
  );
  const { body: key } = await did('createKey', asOps('POST', '/v1/ops/tenants/third/keys', { name: 'app', scopes: ['videos:read'] }));
  await did('revokeKey', asOps('DELETE', `/v1/ops/keys/${key.id}`), key.id);

  const writes = operations.filter(({ method }) => method !== 'GET').map(({ operationId }) => operationId);
  expect(writes.filter((operationId) => !done.has(operationId))).toEqual([]);
  const rows = (await api.catalogue.listAudit({ before: null, limit: 10_000 })).length;
  for (const operation of operations.filter((each) => each.method === 'GET' && each.operationId !== 'uppyForm'))
    await call(operation, NOBODYS, { as: 'operator' });
  for (const path of ['/v1/videos', '/v1/uploads', '/v1/usage', `/v1/uploads/${third.id}`]) await api.call('GET', path);
  expect((await api.catalogue.listAudit({ before: null, limit: 10_000 })).length).toBe(rows);
});

test('whoever holds an upload’s address stands in the audit as that', async () => {
  const { body } = await api.call('POST', '/v1/uploads', { body: {} });
  await api.call('POST', `${new URL(body.client_url).pathname}/s3/multipart`, { as: null, body: { filename: 'a.mp4' } });
  const { body: page } = await api.call('GET', '/v1/ops/audit?tenant_id=acme&limit=1', { as: 'operator' });
  expect(page.data).toEqual([expect.objectContaining({ tenant_id: 'acme', key_id: 'upload-token', route: 'uppyCreate', target_id: body.id })]);
  expect(page.has_more).toBe(true);
  const { body: next } = await api.call('GET', `/v1/ops/audit?tenant_id=acme&limit=1&cursor=${page.next_cursor}`, { as: 'operator' });
  expect(next.data[0]).toMatchObject({ route: 'createUpload', target_id: body.id, key_id: 'acme1' });
});
