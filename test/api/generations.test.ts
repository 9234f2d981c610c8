import { masterKey, sourceKey } from '../../src/domain/keys.js';
import { NO_LIMITS } from '../../src/domain/tier.js';
import { type Api, publishGeneration, putText, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

interface Made {
  readonly uploadId: string;
  readonly videoId: string;
}
async function published(): Promise<Made> {
  const made = await sendFile(api, Buffer.alloc(20));
  await api.call('POST', `/v1/uploads/${made.uploadId}/complete`);
  await publishGeneration(api, made, 1);
  return made;
}
const post = (draft: Pick<Made, 'videoId'>, name: 'reprocess' | 'rollback', body?: unknown, key?: string) =>
  api.call('POST', `/v1/videos/${draft.videoId}/${name}`, { body, ...(key ? { headers: { 'idempotency-key': key } } : {}) });
const list = async (draft: Made) => (await api.call('GET', `/v1/videos/${draft.videoId}/generations`)).body.data;
async function remade(draft: Made): Promise<void> {
  const { body } = await post(draft, 'reprocess');
  await publishGeneration(api, draft, body.generation);
}

describe('making a video once more', () => {
  test('begins a generation and its workflow, while players get what they had', async () => {
    const draft = await published();
    const { status, body } = await post(draft, 'reprocess', { reason: 'a new ladder' });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      status: 'queued',
      generation: 2,
      live_generation: 1,
      playable: true,
      playback: { hls: expect.stringContaining('/g1/') },
    });
    expect(api.pipeline.videos).toEqual([{ videoId: draft.videoId, tenantId: 'acme', generation: 2, fileName: 'clip.mp4', sizeBytes: 20 }]);
    expect(await list(draft)).toMatchObject([
      { generation: 2, status: 'queued', live: false, kept: false, reason: 'a new ladder', hls: null },
      { generation: 1, status: 'published', live: true, kept: true, hls: `https://cdn.test/m/media/${draft.videoId}/g1/master.m3u8` },
    ]);
  });

  test('a second one is refused until the first is settled, and what failed is told beside what plays', async () => {
    const draft = await published();
    await post(draft, 'reprocess');
    expect(await post(draft, 'reprocess')).toMatchObject({ status: 409, body: { code: 'GENERATION_RUNNING' } });
    await api.catalogue.reject(draft.videoId, 2, { code: 'SOURCE_CORRUPT', message: 'It is damaged.' });
    const { body } = await api.call('GET', `/v1/videos/${draft.videoId}`);
    expect(body).toMatchObject({ status: 'ready', live_generation: 1, errors: [{ code: 'SOURCE_CORRUPT' }] });
    expect(body.renditions).not.toEqual([]);
    const changed = await api.call('PATCH', `/v1/videos/${draft.videoId}`, { body: { title: 'Once more' } });
    const { body: reread, headers } = await api.call('GET', `/v1/videos/${draft.videoId}`);
    expect([changed.headers.get('etag'), changed.body]).toEqual([headers.get('etag'), reread]);
    expect((await post(draft, 'reprocess')).body).toMatchObject({ generation: 3, errors: [] });
  });

  test('a request is known by its key for a day, and never by the name that its client gave it', async () => {
    const draft = await published();
    const at = Date.now();
    const ask = async (headers: Record<string, string>) =>
      (await api.call('POST', `/v1/videos/${draft.videoId}/reprocess`, { headers })).body.generation;
    for (const generation of [2, 3]) {
      expect(await ask({ 'x-request-id': 'the-same-every-time' })).toBe(generation);
      await publishGeneration(api, draft, generation);
    }
    expect(await ask({ 'idempotency-key': 'weekly' })).toBe(4);
    await publishGeneration(api, draft, 4);
    expect(await ask({ 'idempotency-key': 'weekly' })).toBe(4);
    api.setNow(new Date(at + 7 * 86_400_000));
    expect(await ask({ 'idempotency-key': 'weekly' })).toBe(5);
  });

  test('one request, sent many times and also while Temporal is away, is one generation', async () => {
    const draft = await published();
    api.pipeline.setDown(true);
    const first = await post(draft, 'reprocess', {}, 'once');
    api.pipeline.setDown(false);
    const more = await Promise.all(Array.from({ length: 5 }, () => post(draft, 'reprocess', {}, 'once')));
    for (const each of [first, ...more]) expect([each.status, each.body]).toEqual([202, first.body]);
    expect(await list(draft)).toHaveLength(2);
    const unsettled = await api.catalogue.listUnsettled(null, 10);
    expect(unsettled).toMatchObject([{ videoId: draft.videoId, generation: 2 }]);
  });

  test('an API that died between row and workflow starts it when the request comes again', async () => {
    const draft = await published();
    const { finishRequest } = api.catalogue;
    // The answer is never kept, as by a process that died before it: the repeat takes the claim over.
    api.catalogue.finishRequest = async (mark) => api.catalogue.releaseRequest(mark);
    await post(draft, 'reprocess', {}, 'torn');
    api.catalogue.finishRequest = finishRequest;
    expect((await post(draft, 'reprocess', {}, 'torn')).body).toMatchObject({ generation: 2 });
    expect(api.pipeline.videos.map(({ generation }) => generation)).toEqual([2, 2]);
  });

  test('needs the uploaded file as it was accepted', async () => {
    const draft = await published();
    const key = sourceKey('acme', draft.videoId, draft.uploadId);
    await api.store.delete([key]);
    expect(await post(draft, 'reprocess')).toMatchObject({ status: 409, body: { code: 'SOURCE_GONE' } });
    await putText(api.store, key, 'another one');
    expect((await post(draft, 'reprocess')).body).toMatchObject({ code: 'SOURCE_CHANGED' });
    const open = (await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 9 } })).body;
    expect(await post({ videoId: open.video_id }, 'reprocess')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(api.pipeline.videos).toEqual([]);
  });

  test('is refused when the minutes of the day are used up', async () => {
    const draft = await published();
    const trace = { audit: { tenantId: 'operator', keyId: 'operator1', route: 'test', requestId: 'test' } };
    await api.catalogue.saveTier({ name: 'tiny', limits: { ...NO_LIMITS, encodeMinutesPerDay: 0 } }, trace);
    await api.catalogue.changeTenant('acme', { tier: 'tiny' }, trace);
    expect(await post(draft, 'reprocess')).toMatchObject({ status: 403, body: { code: 'DAILY_LIMIT' } });
    expect(await list(draft)).toHaveLength(1);
  });
});

describe('going back', () => {
  test('gives players the generation before, and leaves an audit', async () => {
    const draft = await published();
    await remade(draft);
    const before = (await api.call('GET', `/v1/videos/${draft.videoId}`)).body;
    expect(before.playback.hls).toContain('/g2/');
    const { status, body } = await post(draft, 'rollback');
    expect([status, body.live_generation, body.generation, body.status]).toEqual([200, 1, 2, 'ready']);
    expect(body.playback).toMatchObject({ hls: expect.stringContaining('/g1/master.m3u8'), poster: expect.stringContaining('/g1/') });
    expect([before.width, body.width]).toEqual([960, 1920]);
    const [last] = await api.catalogue.listAudit({ tenantId: 'acme', before: null, limit: 1 });
    expect(last).toMatchObject({ route: 'rollBackVideo', targetId: draft.videoId });
    expect((await post(draft, 'rollback', { generation: 2 })).body.live_generation).toBe(2);
    expect((await post(draft, 'rollback', { generation: 2 })).body.live_generation).toBe(2);
  });

  test('a request whose answer was lost does not go back twice', async () => {
    const draft = await published();
    await remade(draft);
    await remade(draft);
    api.catalogue.finishRequest = async (mark) => api.catalogue.releaseRequest(mark);
    for (let n = 0; n < 3; n += 1) expect((await post(draft, 'rollback', {}, 'back')).body.live_generation).toBe(2);
    expect((await post(draft, 'rollback', {}, 'further-back')).body.live_generation).toBe(1);
  });

  test('only to what was published, is kept, and is whole in the store', async () => {
    const draft = await published();
    expect(await post(draft, 'rollback')).toMatchObject({ status: 409, body: { code: 'GENERATION_GONE' } });
    await remade(draft);
    for (const generation of [3, 999_999]) expect((await post(draft, 'rollback', { generation })).body.code).toBe('GENERATION_GONE');
    expect((await post(draft, 'rollback', { generation: 0 })).status).toBe(400);
    await api.store.delete([masterKey({ videoId: draft.videoId, generation: 1 })]);
    const refused = await post(draft, 'rollback', { generation: 1 });
    expect([refused.body.code, refused.body.detail]).toEqual(['GENERATION_GONE', expect.stringContaining('missing')]);
    await api.catalogue.retireGeneration({ videoId: draft.videoId, generation: 1 }, { count: 1, supersededMs: -60_000 });
    expect((await post(draft, 'rollback')).body.detail).toContain('none is kept');
    expect((await list(draft))[1]).toMatchObject({ generation: 1, kept: false, hls: null, retired_at: expect.any(String) });
    expect((await api.call('GET', `/v1/videos/${draft.videoId}`)).body.live_generation).toBe(2);
  });

  test('a video of which nothing was published has nowhere to go', async () => {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20));
    await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    expect(await post({ videoId }, 'rollback')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });
});
