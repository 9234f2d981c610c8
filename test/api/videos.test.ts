import { video as videoSchema } from '../../src/api/schemas.js';
import { videoJson } from '../../src/api/video-json.js';
import type { Plan } from '../../src/domain/plan.js';
import { progressAt, type Video } from '../../src/domain/video.js';
import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const queued = async (): Promise<string> => {
  const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20));
  await api.call('POST', `/v1/uploads/${uploadId}/complete`);
  return videoId;
};
const get = (id: string, query = '', headers: Record<string, string> = {}) => api.call('GET', `/v1/videos/${id}${query}`, { headers });

describe('one video', () => {
  test('carries an ETag that changes with it, and 304 while it has not', async () => {
    const id = await queued();
    const first = await get(id);
    expect(first.headers.get('etag')).toBe(`"v${first.body.version}"`);
    expect(first.headers.get('retry-after')).toBe('2');
    const etag = first.headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const same = await get(id, '', { 'if-none-match': known });
      expect([same.status, same.headers.get('etag'), same.body]).toEqual([304, etag, '']);
    }
    await api.catalogue.saveProgress(id, 1, progressAt('encode', 1, 2));
    const moved = await get(id, '', { 'if-none-match': etag });
    expect(moved.status).toBe(200);
    expect(moved.body.version).toBeGreaterThan(first.body.version);
    expect(moved.body).toMatchObject({ status: 'preparing', progress: { stage: 'encode', chunks_done: 1, chunks_total: 2 } });
  });

  test('HEAD answers with the headers alone', async () => {
    const head = await api.call('HEAD', `/v1/videos/${await queued()}`);
    expect([head.status, head.body]).toEqual([200, '']);
    expect(head.headers.get('etag')).toMatch(/^"v\d+"$/);
  });

  test('a failure is told with its code and sentence', async () => {
    const id = await queued();
    await api.catalogue.reject(id, 1, { code: 'SOURCE_NOT_MEDIA', message: 'Not a video.' });
    const { body, headers } = await get(id);
    expect(body).toMatchObject({ status: 'errored', errors: [{ code: 'SOURCE_NOT_MEDIA', message: 'Not a video.' }], playback: null });
    expect(headers.get('retry-after')).toBeNull();
  });
});

describe('waiting for a change', () => {
  test('ends with the new version as soon as there is one', async () => {
    const id = await queued();
    const etag = (await get(id)).headers.get('etag') ?? '';
    const waiting = get(id, '?wait=30', { 'if-none-match': etag });
    const waitingFromNow = get(id, '?wait=30');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await api.catalogue.saveProgress(id, 1, progressAt('encode', 0, 2));
    for (const reply of await Promise.all([waiting, waitingFromNow])) {
      expect(reply.status).toBe(200);
      expect(reply.body.progress.stage).toBe('encode');
    }
  });

  test('returns at once where the client is behind already', async () => {
    const id = await queued();
    expect((await get(id, '?wait=30', { 'if-none-match': '"v0"' })).status).toBe(200);
  });

  test('ends with 304, or with the same video, when nothing happened', async () => {
    const id = await queued();
    const first = await get(id);
    const etag = first.headers.get('etag') ?? '';
    expect((await get(id, '?wait=1', { 'if-none-match': etag })).status).toBe(304);
    expect((await get(id, '?wait=1')).body).toEqual(first.body);
  });

  test('a client that goes away stops the asking, and a stop of the server ends the waiting', async () => {
    const id = await queued();
    let asked = 0;
    const { findVideo } = api.catalogue;
    api.catalogue.findVideo = (...question) => {
      asked += 1;
      return findVideo(...question);
    };
    const leaving = new AbortController();
    const left = api.call('GET', `/v1/videos/${id}?wait=30`, { signal: leaving.signal });
    await new Promise((resolve) => setTimeout(resolve, 400));
    leaving.abort();
    await expect(left).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = asked;
    expect(before).toBeGreaterThan(1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(asked).toBe(before);

    const waiting = get(id, '?wait=30');
    await new Promise((resolve) => setTimeout(resolve, 100));
    api.closing.abort();
    expect((await waiting).status).toBe(200);
  });

  test.each(['31', '-1', 'x', '1.5'])('?wait=%s is refused', async (wait) => {
    const refused = await get(await queued(), `?wait=${wait}`);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/query/wait']);
  });
});

describe('the list', () => {
  const list = (query = '') => api.call('GET', `/v1/videos${query}`);

  test('pages through everything, newest first, each once, also where many began in one millisecond', async () => {
    const wanted: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      api.setNow(new Date(Date.UTC(2026, 10, 21, 10, 0, 0, Math.floor(n / 3))));
      wanted.push((await api.call('POST', '/v1/uploads', { body: { file_name: `${n}.mp4`, size_bytes: 1 } })).body.video_id);
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await list(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.data.map((video: { id: string }) => video.id));
      sizes.push(body.data.length);
      expect(body.has_more).toBe(body.next_cursor !== null);
      cursor = body.next_cursor;
    }
    expect(sizes).toEqual([3, 3, 1]);
    expect([...seen].sort()).toEqual([...wanted].sort());
    expect(seen[0]).toBe(wanted[6]);
  });

  test('a full last page says that there is no more', async () => {
    for (let n = 0; n < 2; n += 1) await api.call('POST', '/v1/uploads', { body: { file_name: 'a', size_bytes: 1 } });
    expect((await list('?limit=2')).body).toMatchObject({ has_more: false, next_cursor: null });
  });

  test('is filtered by state', async () => {
    const id = await queued();
    await api.call('POST', '/v1/uploads', { body: { file_name: 'a', size_bytes: 1 } });
    expect((await list('?status=queued')).body.data.map((video: { id: string }) => video.id)).toEqual([id]);
    expect((await list('?status=queued,waiting')).body.data).toHaveLength(2);
  });

  test.each([
    '?limit=0',
    '?limit=101',
    '?limit=x',
    '?limit=1&limit=2',
    '?cursor=abc',
    '?cursor=%00',
    `?cursor=${Buffer.from('["2026-13-45T00:00:00Z","vid_x"]').toString('base64url')}`,
    `?cursor=${'A'.repeat(300)}`,
    '?status=done',
    '?status=',
  ])('%s is refused', async (query) => {
    const refused = await list(query);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
  });
});

describe('a video in review', () => {
  const resolve = (id: string, body: unknown) => api.call('POST', `/v1/videos/${id}/resolve`, { body });

  test('takes one decision, names who made it, and refuses the second', async () => {
    const id = await queued();
    await api.catalogue.park(id, 1, { code: 'ENCODE_FAILED', message: 'It broke.' });
    const taken = await resolve(id, { action: 'retry', note: 'disk was full' });
    expect(taken.status).toBe(202);
    expect(api.pipeline.resolved).toEqual([
      { videoId: id, generation: 1, resolution: { action: 'retry', actor: 'key:acme1', note: 'disk was full' } },
    ]);
    const again = await resolve(id, { action: 'reject' });
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT']);
    expect(again.body.detail).toContain('preparing');
  });

  test('only retry and reject are actions', async () => {
    const id = await queued();
    for (const body of [{}, { action: 'skip' }, { action: 'retry', actor: 'root' }, { action: 'retry', note: 'x'.repeat(501) }]) {
      expect((await resolve(id, body)).status).toBe(400);
    }
    expect(api.pipeline.resolved).toEqual([]);
  });
});

test('a published video names its playlist and pictures under the CDN, those of the live generation', () => {
  const plan = { rungs: [{ name: '720p', width: 1280, height: 720, crf: 23 }], decisions: [{ code: 'X', text: 'Because.' }] } as unknown as Plan;
  const id = `vid_${'a'.repeat(32)}`;
  const at = '2026-11-21T10:00:00.000Z';
  const row: Video = {
    id,
    tenantId: 'acme',
    name: 'clip.mp4',
    contentType: 'video/mp4',
    sourceSizeBytes: 20,
    sourceKey: 'sources/secret',
    state: 'preparing',
    playable: true,
    progress: progressAt('encode', 1, 2),
    failure: null,
    generation: 3,
    liveGeneration: 2,
    durationMs: 1000,
    width: 1280,
    height: 720,
    posterKey: `media/${id}/g2/images/a b/poster.jpg`,
    storyboardKey: `media/${id}/g2/images/ab/storyboard.vtt`,
    plan,
    cost: null,
    version: 4,
    createdAt: at,
    updatedAt: at,
    uploadedAt: at,
    playableAt: at,
    deletedAt: null,
    publishedAt: at,
  };
  const json = videoJson(row, 'https://cdn.test/m');
  expect(videoSchema.parse(json).playback).toEqual({
    hls: `https://cdn.test/m/media/${id}/g2/master.m3u8`,
    poster: `https://cdn.test/m/media/${id}/g2/images/a%20b/poster.jpg`,
    storyboard_vtt: `https://cdn.test/m/media/${id}/g2/images/ab/storyboard.vtt`,
  });
  expect(json).toMatchObject({ renditions: [{ name: '720p', width: 1280, height: 720 }], decisions: [{ code: 'X', text: 'Because.' }] });
  // Keys of the source and the tenant are nobody's business outside.
  expect(JSON.stringify(json)).not.toMatch(/secret|acme/);
});
