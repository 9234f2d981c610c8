import { hashSecret } from '../../src/api/api-key.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { draftFor, reportFor } from '../contract/catalogue.js';
import { type Api, EVENTS_SECRET, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const OPS_SECRET = 'ops0123456789abcdef';
const asOperator = async (): Promise<{ as: null; headers: Record<string, string> }> => {
  await api.catalogue.addApiKey({ id: 'ops1', tenantId: 'acme', secretHash: hashSecret(OPS_SECRET), name: 'ops', scopes: SCOPES });
  return { as: null, headers: { authorization: `Bearer rm_test_ops1_${OPS_SECRET}` } };
};
const accepted = async (as: 'acme' | 'rival'): Promise<void> => {
  const { uploadId } = await sendFile(api, Buffer.alloc(20, 1), as);
  await api.call('POST', `/v1/uploads/${uploadId}/complete`, { as });
};
const run = { runId: '1', startedAt: '2026-11-21T10:00:00.000Z', finishedAt: '2026-11-21T10:00:01.000Z' };
const record = {
  ...run,
  cursors: {},
  repairs: { 'source.removed': 1 },
  totals: { 'source.removed': 4 },
  recent: [],
  alarms: [{ what: 'a', subject: 'b', todo: 'c' }],
  multiparts: { open: 3, oldestAt: '2026-11-21T09:00:00.000Z' },
} as const;

describe('the ledger', () => {
  test('a key reads its own tenant’s, and nothing of the others or of the machinery', async () => {
    await accepted('acme');
    await sendFile(api, Buffer.alloc(20, 1), 'acme');
    await api.catalogue.saveReconcile(record, null);
    const { body } = await api.call('GET', '/v1/ops/ledger');
    expect(body).toMatchObject({
      accepted: 1,
      in_flight: 1,
      published: 0,
      gap: 0,
      open_uploads: 1,
      reserved_bytes: 20,
      tenants: [],
      reconciler: null,
    });
    expect((await api.call('GET', '/v1/ops/ledger', { as: 'rival' })).body).toMatchObject({ accepted: 0, open_uploads: 0, gap: 0 });
    expect((await api.call('GET', '/v1/ops/ledger?tenants=all')).status).toBe(403);
  });

  test('an operator reads all of it, tenant by tenant, and what reconciling did', async () => {
    await accepted('acme');
    await accepted('rival');
    const operator = await asOperator();
    expect((await api.call('GET', '/v1/ops/ledger?tenants=all', operator)).body).toMatchObject({ accepted: 2, reconciler: null });
    await api.catalogue.saveReconcile(record, null);
    const { body } = await api.call('GET', '/v1/ops/ledger?tenants=all', operator);
    expect(body).toMatchObject({
      accepted: 2,
      in_flight: 2,
      gap: 0,
      tenants: [
        { tenant_id: 'acme', accepted: 1 },
        { tenant_id: 'rival', accepted: 1 },
      ],
      reconciler: { repairs: { 'source.removed': 1 }, repairs_total: { 'source.removed': 4 }, open_multiparts: 3, alarms: record.alarms },
    });
  });
});

describe('metrics', () => {
  const figure = (text: string, name: string): number =>
    Number(new RegExp(`^${name.replaceAll(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);

  test('tell the ledger, open uploads and what reconciling did', async () => {
    await accepted('acme');
    await sendFile(api, Buffer.alloc(30, 1), 'rival');
    await api.catalogue.saveReconcile(record, null);
    const { body, headers } = await api.call('GET', '/metrics', { as: null });
    expect(headers.get('content-type')).toContain('text/plain');
    expect(figure(body, 'reelmill_ledger_uploads{state="accepted"}')).toBe(1);
    expect(figure(body, 'reelmill_ledger_uploads{state="in_flight"}')).toBe(1);
    expect(figure(body, 'reelmill_ledger_gap')).toBe(0);
    expect(figure(body, 'reelmill_uploads_open')).toBe(1);
    expect(figure(body, 'reelmill_uploads_reserved_bytes')).toBe(30);
    expect(figure(body, 'reelmill_multiparts_open')).toBe(3);
    expect(figure(body, 'reelmill_reconcile_repairs_total{kind="source.removed"}')).toBe(4);
    expect(figure(body, 'reelmill_reconcile_last_run_timestamp_seconds')).toBe(Date.parse(run.finishedAt) / 1000);
    expect(figure(body, 'reelmill_reconcile_alarms')).toBe(1);
  });

  test('answer nobody who comes through a proxy, and with a token set nobody without it', async () => {
    expect((await api.call('GET', '/metrics', { as: null, headers: { 'x-forwarded-for': '198.51.100.7' } })).status).toBe(401);
    const guarded = await startApi({ config: { ...CONFIG, metricsToken: 'metrics-token-of-the-test' } });
    try {
      const ask = async (authorization?: string) =>
        (await guarded.call('GET', '/metrics', { as: null, ...(authorization ? { headers: { authorization } } : {}) })).status;
      expect([await ask(), await ask('Bearer wrong'), await ask('Bearer metrics-token-of-the-test')]).toEqual([401, 401, 200]);
    } finally {
      await guarded.close();
    }
  });
});

describe('review', () => {
  const parked = async (as: 'acme' | 'rival'): Promise<string> => {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20, 1), as);
    await api.call('POST', `/v1/uploads/${uploadId}/complete`, { as });
    await api.catalogue.park(videoId, 1, { code: 'ENCODE_FAILED', message: 'A chunk failed.' });
    return videoId;
  };
  const review = (query = '', as: 'operator' | 'acme' = 'operator') => api.call('GET', `/v1/ops/review${query}`, { as });

  test('shows an operator who waits in all tenants, the longest first, and what can be done', async () => {
    const ids = [await parked('rival'), await parked('acme'), await parked('rival')];
    const first = await review('?limit=2');
    const last = await review(`?limit=2&cursor=${first.body.next_cursor}`);
    const rows = [...first.body.data, ...last.body.data];
    expect(rows.map(({ video_id }) => video_id)).toEqual(ids);
    expect([first.body.has_more, last.body.has_more, last.body.next_cursor]).toEqual([true, false, null]);
    expect(rows[0]).toMatchObject({ tenant_id: 'rival', code: 'ENCODE_FAILED', message: 'A chunk failed.', size_bytes: 20, tried: [] });
    expect(rows[0].actions.map(({ action, path, body }: Record<string, unknown>) => [action, path, body])).toEqual(
      ['retry', 'reject'].map((action) => [action, `/v1/ops/review/${ids[0]}/resolve`, { action }]),
    );
    expect((await review('?tenant_id=acme')).body.data.map(({ video_id }: { video_id: string }) => video_id)).toEqual([ids[1]]);
    expect((await review(`?tenant_id=acme&cursor=${first.body.next_cursor}`)).status).toBe(400);
    expect((await review('', 'acme')).status).toBe(403);
  });

  test('takes an operator’s word on a video of any tenant, and shows what was tried', async () => {
    const id = await parked('rival');
    const { body: listed } = await review();
    const [retry] = listed.data[0].actions;
    const taken = await api.call(retry.method, retry.path, { as: 'operator', body: { ...retry.body, note: 'the disk was full' } });
    expect([taken.status, taken.body.status]).toEqual([202, 'preparing']);
    expect(api.pipeline.resolved).toEqual([
      { videoId: id, generation: 1, resolution: { action: 'retry', actor: 'key:operator1', note: 'the disk was full' } },
    ]);
    expect((await api.call(retry.method, retry.path, { as: 'operator', body: retry.body })).status).toBe(409);
    await api.catalogue.park(id, 1, { code: 'DECODER_CRASHED', message: 'It crashed.' });
    expect((await review()).body.data).toMatchObject([
      { code: 'DECODER_CRASHED', tried: [{ code: 'ENCODE_FAILED', retried_at: expect.any(String) }] },
    ]);
    expect((await api.call('POST', `/v1/ops/review/vid_${'0'.repeat(32)}/resolve`, { as: 'operator', body: retry.body })).status).toBe(404);
    expect((await api.call('POST', `/v1/videos/${id}/resolve`, { as: 'operator', body: retry.body })).status).toBe(403);
  });

  test('is a figure, with how long the first one waits, how long stages take, and what has not been delivered', async () => {
    api.setNow(new Date('2026-11-21T10:00:00Z'));
    await api.call('POST', '/v1/webhooks', { body: { url: 'https://example.org/hook' } });
    const id = await parked('acme');
    api.setNow(new Date('2026-11-21T10:00:30Z'));
    await api.catalogue.unpark(id, 1);
    await api.catalogue.publish(id, 1, { ...reportFor({ ...draftFor('acme'), videoId: id }) });
    await parked('rival');
    api.setNow(new Date('2026-11-21T10:01:40Z'));
    const { body } = await api.call('GET', '/metrics', { as: null });
    const figure = (name: string) =>
      Number(
        body
          .split('\n')
          .find((line: string) => line.startsWith(`reelmill_${name} `))
          ?.split(' ')[1],
      );
    expect(figure('review_videos')).toBe(1);
    expect(figure('review_oldest_age_seconds')).toBe(70);
    expect(figure('webhooks_oldest_undelivered_age_seconds')).toBe(100);
    expect(figure('stage_seconds{stage="review",quantile="0.5"}')).toBe(30);
  });
});

describe('the store’s events', () => {
  const body = { Records: [{ eventName: 's3:ObjectCreated:Put', s3: { object: { key: 'intake/acme/a.mp4' } } }] };
  const basic = (password: string) => `Basic ${Buffer.from(`events:${password}`).toString('base64')}`;

  test('have the object looked at, with the secret as a header or as the URL’s password', async () => {
    const ways: Record<string, string>[] = [{ 'x-reelmill-events-secret': EVENTS_SECRET }, { authorization: basic(EVENTS_SECRET) }];
    for (const headers of ways) {
      const answer = await api.call('POST', '/v1/ops/events', { as: null, body, headers });
      expect([answer.status, answer.body.looked_at]).toEqual([202, 1]);
    }
    expect(api.pipeline.takenIn).toEqual(['intake/acme/a.mp4', 'intake/acme/a.mp4']);
    const other = await api.call('POST', '/v1/ops/events', {
      as: null,
      body: { Event: 's3:TestEvent' },
      headers: { authorization: basic(EVENTS_SECRET) },
    });
    expect([other.status, other.body.looked_at]).toEqual([202, 0]);
  });

  test('without the secret nothing is looked at, nor where none is set, nor with an API key', async () => {
    for (const options of [{ as: null }, { as: 'acme' }, { as: null, headers: { authorization: basic('wrong') } }] as const) {
      expect((await api.call('POST', '/v1/ops/events', { ...options, body })).status).toBe(401);
    }
    const closed = await startApi({ config: { ...CONFIG, eventsSecret: null } });
    try {
      expect((await closed.call('POST', '/v1/ops/events', { as: null, body, headers: { 'x-reelmill-events-secret': '' } })).status).toBe(401);
    } finally {
      await closed.close();
    }
    expect(api.pipeline.takenIn).toEqual([]);
  });

  test('are asked for again where Temporal is away', async () => {
    api.pipeline.setDown(true);
    const answer = await api.call('POST', '/v1/ops/events', { as: null, body, headers: { 'x-reelmill-events-secret': EVENTS_SECRET } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  });
});

const CONFIG = {
  ...{
    version: '9.9.9',
    publicUrl: null,
    cdnBaseUrl: 'https://cdn.test/m',
    corsOrigins: [],
    uploadTtlS: 3600,
    partUrlTtlS: 900,
    uploadTokenSecrets: ['one-secret-of-the-tests-and-it-is-long'],
  },
  ...{ metricsToken: null, eventsSecret: EVENTS_SECRET },
};
