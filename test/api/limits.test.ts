import { jest } from '@jest/globals';
import { NO_LIMITS } from '../../src/domain/tier.js';
import { type Api, sendFile, startApi } from './harness.js';

// For a machine that is busy with other things.
jest.setTimeout(60_000);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const trace = { audit: { tenantId: 'operator', keyId: 'k', route: 'r', requestId: 'q' } };
const limit = async (more: Partial<typeof NO_LIMITS>): Promise<void> => {
  await api.catalogue.saveTier({ name: 'small', limits: { ...NO_LIMITS, ...more } }, trace);
  await api.catalogue.changeTenant('acme', { tier: 'small' }, trace);
};
const list = (as: 'acme' | 'rival' = 'acme') => api.call('GET', '/v1/videos', { as });

test('a burst is served, what is more is 429 and says when to come again; other tenants do not notice', async () => {
  await limit({ requests: { perS: 0.2, burst: 5 } });
  const replies = [];
  for (let n = 0; n < 8; n += 1) replies.push(await list());
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  expect(replies[0]?.headers.get('ratelimit-policy')).toBe('"requests";q=5;w=25');
  expect(replies[0]?.headers.get('ratelimit')).toBe('"requests";r=4;t=5');
  const refused = replies[7];
  expect([refused?.body.code, refused?.headers.get('ratelimit')?.slice(0, 16)]).toEqual(['RATE_LIMITED', '"requests";r=0;t']);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(5);
  for (let n = 0; n < 8; n += 1) expect((await list('rival')).status).toBe(200);
});

test('who is limited is told before his body is read', async () => {
  await limit({ requests: { perS: 0.1, burst: 1 } });
  await list();
  const refused = await api.call('POST', '/v1/uploads', { raw: 'x'.repeat(100_000) });
  expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
});

test('an upload that is under way is never limited: signing, looking, completing, and a browser’s own calls', async () => {
  await limit({ requests: { perS: 0.1, burst: 3 } });
  const { uploadId } = await sendFile(api, Buffer.alloc(20));
  const { body: other } = await api.call('POST', '/v1/uploads', { body: {} });
  while ((await list()).status !== 429);
  for (let n = 0; n < 20; n += 1) {
    expect((await api.call('POST', `/v1/uploads/${uploadId}/parts`, { body: { part_numbers: [1] } })).status).toBe(200);
    expect((await api.call('GET', `/v1/uploads/${uploadId}`)).status).toBe(200);
  }
  expect((await api.call('POST', `/v1/uploads/${uploadId}/complete`)).status).toBe(200);
  const base = new URL(other.client_url).pathname;
  for (let n = 0; n < 5; n += 1) expect((await api.call('POST', `${base}/s3/multipart`, { as: null, body: {} })).status).toBe(200);
  expect((await api.call('DELETE', `/v1/uploads/${other.id}`)).status).toBe(204);
  expect((await list()).status).toBe(429);
});

test('every route that can be limited says so in the description, and no other', async () => {
  const { body } = await api.call('GET', '/openapi.json', { as: null });
  type Operation = { operationId: string; security: unknown[]; responses: Record<string, { description: string }> };
  for (const methods of Object.values<Record<string, Operation>>(body.paths)) {
    for (const { operationId, security, responses } of Object.values(methods)) {
      const route = api.routes.find((each) => each.operationId === operationId);
      const isLimited = security.length > 0 && route?.unlimited !== true;
      expect([operationId, responses['429']?.description.includes('RATE_LIMITED') ?? false]).toEqual([operationId, isLimited]);
      expect([operationId, responses['503']?.description.includes('OVERLOADED') ?? false]).toEqual([operationId, isLimited]);
      // What a running upload gets only with a wrong key.
      if (security.length > 0) expect(responses['429']?.description).toContain('WRONG_KEYS');
    }
  }
});

test('a changed tier holds within seconds, without a restart', async () => {
  await limit({ requests: { perS: 0.1, burst: 1 } });
  await list();
  expect((await list()).status).toBe(429);
  const body = { requests: { per_second: 100, burst: 100 }, open_uploads: null, bytes_per_day: null, encode_minutes_per_day: null };
  expect((await api.call('PUT', '/v1/ops/tiers/small', { as: 'operator', body })).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  // The first request after that still goes by what was known; the look is made behind it.
  await list();
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let n = 0; n < 5; n += 1) expect((await list()).status).toBe(200);
}, 20_000);

test('limits that cannot be read limit nobody, and those that were read go on', async () => {
  await limit({ requests: { perS: 0.1, burst: 2 } });
  await list();
  api.catalogue.findAllowance = () => Promise.reject(new Error('away'));
  expect([(await list()).status, (await list()).status]).toEqual([200, 429]);
  expect((await list('rival')).status).toBe(200);
});

test('open uploads and bytes of a day are refused by their own codes, at creation only', async () => {
  await limit({ openUploads: 2 });
  const create = (size_bytes: number) => api.call('POST', '/v1/uploads', { body: { size_bytes } });
  const [one] = [await create(10), await create(10)];
  const full = await create(10);
  expect([full.status, full.body.code, full.headers.get('retry-after')]).toEqual([429, 'UPLOADS_LIMIT', '2']);
  await api.call('DELETE', `/v1/uploads/${one.body.id}`);
  expect((await create(10)).status).toBe(201);
  await limit({ bytesPerDay: 25 });
  const much = await create(6);
  expect([much.status, much.body.code]).toEqual([403, 'DAILY_LIMIT']);
  expect(much.body.detail).toContain('5 B of 25 B are left today.');
  expect((await create(5)).status).toBe(201);
});

describe('more than can be answered', () => {
  const create = () => api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 20 } });
  const statuses = async (calls: readonly Promise<{ status: number }>[]) => (await Promise.all(calls)).map(({ status }) => status);
  const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

  test('the rest is 503 with Retry-After, uploads under way and probes notice nothing, and what was promised is there', async () => {
    const { body: open } = await create();
    const { listVideos, createUpload } = api.catalogue;
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let asked = 0;
    api.catalogue.listVideos = async (query) => {
      asked += 1;
      await gate;
      return await listVideos(query);
    };
    api.catalogue.createUpload = async (draft, trace) => {
      asked += 1;
      await gate;
      return await createUpload(draft, trace);
    };
    const [reads, writes] = [times(40, () => list()), times(30, create)];
    const all = Promise.all([Promise.all(reads), Promise.all(writes)]);
    // Places for 20 reads and 16 writes; nobody leaves, so the others wait as long as a burst may last.
    const away = await Promise.all([...reads, ...writes].map((each) => Promise.race([each, new Promise((resolve) => setTimeout(resolve, 2_000))])));
    expect(asked).toBe(20 + 16);
    const refused = away.filter((reply) => reply !== undefined) as Awaited<ReturnType<Api['call']>>[];
    expect(refused).toHaveLength(20 + 14);
    for (const { status, body, headers } of refused) {
      expect([status, body.code]).toEqual([503, 'OVERLOADED']);
      expect(headers.get('retry-after')).toMatch(/^[1-4]$/);
    }
    // From now on nobody waits for long.
    expect(await statuses([list(), create()])).toEqual([503, 503]);
    const sign = () => api.call('POST', `/v1/uploads/${open.id}/parts`, { body: { part_numbers: [1] } });
    const under = [...times(10, sign), ...times(10, () => api.call('GET', `/v1/uploads/${open.id}`)), api.call('GET', '/healthz', { as: null })];
    expect(new Set(await statuses(under))).toEqual(new Set([200]));
    go();
    const [, made] = await all;
    const acknowledged = made.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(acknowledged).toHaveLength(16);
    const started = new Set(api.pipeline.started.map(({ uploadId }) => uploadId));
    for (const id of acknowledged) expect([(await api.catalogue.getUpload(id))?.state, started.has(id)]).toEqual(['waiting', true]);
    expect(await statuses([list(), create()])).toEqual([200, 201]);
    // One line a second, not one a request.
    const lines = api.logs.filter((line) => line.includes('requests were turned away'));
    expect([lines.length > 0, lines.length < 6]).toEqual([true, true]);
  });

  test('who only waits, for a change or for an answer with the same key, takes no place', async () => {
    const { body } = await create();
    const polls = times(40, () => api.call('GET', `/v1/videos/${body.video_id}?wait=3`));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await statuses(times(5, () => list()))).toEqual(Array(5).fill(200));
    expect(new Set(await statuses(polls))).toEqual(new Set([200]));
    const { createUpload } = api.catalogue;
    api.catalogue.createUpload = async (draft, trace) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return await createUpload(draft, trace);
    };
    const same = times(40, () => api.call('POST', '/v1/uploads', { body: { size_bytes: 1 }, headers: { 'idempotency-key': 'same' } }));
    expect(new Set(await statuses(same))).toEqual(new Set([201]));
  });
});
