import { video as videoSchema } from '../../src/api/schemas.js';
import { videoJson } from '../../src/api/video-json.js';
import { NO_LABELS } from '../../src/domain/labels.js';
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

describe('the list as it is asked for', () => {
  const list = (query: string) => api.call('GET', `/v1/videos?${query}`);
  const names = async (query: string): Promise<string[]> => (await list(query)).body.data.map((video: { name: string }) => video.name);
  let minute = 0;
  const make = async (name: string, more: object = {}): Promise<string> => {
    minute += 1;
    api.setNow(new Date(Date.UTC(2026, 10, 21, 10, minute)));
    return (await api.call('POST', '/v1/uploads', { body: { file_name: name, size_bytes: 1, ...more } })).body.video_id;
  };
  beforeEach(async () => {
    minute = 0;
    await make('a', { title: 'Holidays 1', metadata: { order: '1', 'x.y': 'é &=[]' }, passthrough: 'p:1' });
    const b = await make('b', { title: 'holidays 2', metadata: { order: '2' } });
    await make('c', { title: 'Work', metadata: { order: '1' } });
    minute += 1;
    api.setNow(new Date(Date.UTC(2026, 10, 21, 10, minute)));
    await api.call('PATCH', `/v1/videos/${b}`, { body: { passthrough: 'later' } });
  });

  test('is in the order that is wanted, and holds what is wanted', async () => {
    for (const [query, wanted] of WANTED) expect([query, (await names(query)).join('')]).toEqual([query, wanted]);
  });
  const WANTED = [
    ['', 'cba'],
    ['sort=created_at', 'abc'],
    ['sort=-updated_at', 'bca'],
    ['sort=updated_at', 'acb'],
    ['metadata[order]=1', 'ca'],
    ['metadata%5Border%5D=1&metadata[x.y]=%C3%A9%20%26%3D%5B%5D', 'a'],
    ['metadata[order]=3', ''],
    ['passthrough=p:1', 'a'],
    ['title=HOLI', 'ba'],
    ['title=oli', ''],
    ['created_after=2026-11-21T10:01:00Z', 'cb'],
    ['created_before=2026-11-21T10:03:00.000999Z', 'ba'],
    ['updated_after=2026-11-21T10:03:00Z', 'b'],
    ['updated_before=2026-11-21T10:03:00Z', 'a'],
    ['title=holi&metadata[order]=2&status=waiting,ready&sort=created_at', 'b'],
  ] as const;

  test('pages of a list go together, also with another limit or in other words', async () => {
    const first = await list('limit=1&metadata[order]=1&status=waiting,ready');
    const next = await list(`limit=5&status=ready,waiting,ready&metadata[order]=1&cursor=${first.body.next_cursor}`);
    expect([first, next].map(({ body }) => body.data.map((video: { name: string }) => video.name))).toEqual([['c'], ['a']]);
    expect([first.body.has_more, next.body.has_more, next.body.next_cursor]).toEqual([true, false, null]);
  });

  test('takes no cursor of another list', async () => {
    const { body } = await list('limit=1&metadata[order]=1');
    const others = ['', 'sort=created_at', 'sort=-created_at&status=waiting', 'metadata[order]=2', 'metadata[order]=1&title=h'];
    for (const query of others) {
      const refused = await list(`${query}&cursor=${body.next_cursor}`);
      expect([query, refused.status, refused.body.code]).toEqual([query, 400, 'REQUEST_INVALID']);
      expect(refused.body.detail).toContain('another order');
    }
  });

  test('is refused where it is asked for in a wrong way', async () => {
    for (const query of WRONG) {
      const refused = await list(query);
      expect([query, refused.status, refused.body.code]).toEqual([query, 400, 'REQUEST_INVALID']);
    }
  });
  const WRONG = [
    'sort=name',
    'metadata=1',
    'metadata[]=1',
    'metadata[a%20b]=1',
    'metadata[__proto__]=1',
    'metadata[a]=1&metadata[a]=2',
    `metadata[a]=${'x'.repeat(501)}`,
    'metadata[a]=%00',
    'created_after=yesterday',
    'created_after=0000-01-01T00:00:00Z',
    'updated_before=2026-02-30T00:00:00Z',
    'title=',
    'passthrough=%0a',
    `cursor=${Buffer.from('["0000-01-01T00:00:00Z","vid_00000000000000000000000000000000","x"]').toString('base64url')}`,
  ];
});

describe('what an owner keeps with a video', () => {
  const labels = { title: 'Holidays', metadata: { order: '4711' }, passthrough: 'sku-1' };
  const create = async (more: object = {}): Promise<string> =>
    (await api.call('POST', '/v1/uploads', { body: { file_name: 'a.mp4', size_bytes: 20, ...more } })).body.video_id;
  const change = (id: string, body: unknown, headers: Record<string, string> = {}) => api.call('PATCH', `/v1/videos/${id}`, { body, headers });

  test('is given with the upload, through whatever door the file comes, and stands in the video and its events', async () => {
    for (const door of [{}, { method: 'put' }, { size_bytes: null }]) {
      const id = await create({ ...labels, ...door });
      expect((await get(id)).body).toMatchObject(labels);
      const { body } = await api.call('GET', `/v1/videos/${id}/events`);
      for (const { data } of body.data) expect(data.passthrough).toBe('sku-1');
    }
    expect((await get(await create())).body).toMatchObject({ title: null, metadata: {}, passthrough: null });
  });

  test('is changed by a merge patch, under either name of its type, and told by an event', async () => {
    const id = await create(labels);
    const before = await get(id);
    const changed = await change(id, { title: null, metadata: { order: '4712', size: 'L' } });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, `"v${before.body.version + 1}"`]);
    expect(changed.body).toMatchObject({ title: null, metadata: { order: '4712', size: 'L' }, passthrough: 'sku-1', status: 'waiting' });
    expect(changed.body).toEqual((await get(id)).body);
    const again = await api.call('PATCH', `/v1/videos/${id}`, {
      raw: JSON.stringify({ metadata: { size: null } }),
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(again.body.metadata).toEqual({ order: '4712' });
    const { body } = await api.call('GET', `/v1/videos/${id}/events`);
    expect(body.data.slice(2).map(({ type }: { type: string }) => type)).toEqual(['video.updated', 'video.updated']);
    const other = await api.call('POST', '/v1/uploads', { raw: '{}', headers: { 'content-type': 'application/merge-patch+json' } });
    expect(other.status).toBe(415);
  });

  test('is changed only where If-Match names the version that it has', async () => {
    const id = await create(labels);
    const etag = (await get(id)).headers.get('etag') ?? '';
    for (const header of ['"v99"', `W/${etag}`, '"other"', '']) {
      const refused = await change(id, { title: 'x' }, { 'if-match': header });
      expect([header, refused.status, refused.body.code]).toEqual([header, 412, 'PRECONDITION_FAILED']);
    }
    expect((await change(id, { title: 'one' }, { 'if-match': `"v99", ${etag}` })).status).toBe(200);
    expect((await change(id, { title: 'two' }, { 'if-match': etag })).status).toBe(412);
    expect((await change(id, { title: 'two' }, { 'if-match': '*' })).body.title).toBe('two');
    expect((await change(`vid_${'0'.repeat(32)}`, { title: 'x' }, { 'if-match': '*' })).status).toBe(404);
  });

  test('with an Idempotency-Key a change whose answer was lost is answered again, though the version has moved on', async () => {
    const id = await create(labels);
    const headers = { 'if-match': (await get(id)).headers.get('etag') ?? '', 'idempotency-key': 'change-1' };
    const first = await change(id, { title: 'one' }, headers);
    await change(id, { title: 'two' });
    const again = await change(id, { title: 'one' }, headers);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await get(id)).body.title).toBe('two');
    expect((await change(id, { title: 'other' }, headers)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('is refused with the place that is wrong, in a new upload and in a change', async () => {
    const id = await create();
    for (const [body, pointer] of WRONG) {
      const made = await api.call('POST', '/v1/uploads', { body: { size_bytes: 1, ...body } });
      expect([made.status, made.body.errors[0].pointer]).toEqual([400, pointer]);
      const changed = await change(id, body);
      // A patch may name more entries than there can be: some of them may take away.
      const tooMany = changed.body.code === 'METADATA_LIMIT';
      expect([tooMany ? 422 : 400, tooMany ? '/metadata' : changed.body.errors[0].pointer]).toEqual([changed.status, pointer]);
    }
    expect((await get(id)).body).toMatchObject({ title: null, metadata: {}, passthrough: null, version: 1 });
  });
  const WRONG: [object, string][] = [
    [{ status: 'ready' }, '/status'],
    [{ title: '' }, '/title'],
    [{ title: 'x'.repeat(256) }, '/title'],
    [{ title: 'a\u0000b' }, '/title'],
    [{ passthrough: 'x'.repeat(256) }, '/passthrough'],
    [{ passthrough: 'a\nb' }, '/passthrough'],
    [{ metadata: { 'a b': '1' } }, '/metadata/a b'],
    [{ metadata: { ['x'.repeat(41)]: '1' } }, `/metadata/${'x'.repeat(41)}`],
    [{ metadata: { a: 'x'.repeat(501) } }, '/metadata/a'],
    [{ metadata: { a: '\ud800' } }, '/metadata/a'],
    [{ metadata: { a: 1 } }, '/metadata/a'],
    [{ metadata: [] }, '/metadata'],
    [{ metadata: Object.fromEntries(Array.from({ length: 51 }, (_each, n) => [`k${n}`, ''])) }, '/metadata'],
  ];
});

test('a video tells how its qualities stand and how long its stages took', async () => {
  const id = await queued();
  const at = (s: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, s)).toISOString();
  for (const [s, stage] of [
    [1, 'inspect'],
    [3, 'encode'],
  ] as const) {
    api.setNow(new Date(at(s)));
    await api.catalogue.saveProgress(id, 1, progressAt(stage, 0, 2));
  }
  expect((await get(id)).body.stages.slice(1)).toEqual([
    { stage: 'inspect', started_at: at(1), ms: 2000, running_since: null },
    { stage: 'encode', started_at: at(3), ms: 0, running_since: at(3) },
  ]);
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
    ...NO_LABELS,
    trail: null,
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
  expect(json).toMatchObject({
    renditions: [{ name: '720p', width: 1280, height: 720, status: 'encoding' }],
    decisions: [{ code: 'X', text: 'Because.' }],
  });
  // Keys of the source and the tenant are nobody's business outside.
  expect(JSON.stringify(json)).not.toMatch(/secret|acme/);
});
