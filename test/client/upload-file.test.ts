import { createHash, randomBytes } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { crc32c } from '@node-rs/crc32';
import { createApiClient } from '../../client/api-client.js';
import type { ResumeMemory, ResumeRecord } from '../../client/resume-record.js';
import { type UploadEvent, type UploadOptions, uploadFile } from '../../client/upload-file.js';
import { type FakeAnswer, type FakeRequest, fakeServer } from '../stack/fake-server.js';
import { scratchFolder } from '../stack/scratch-folder.js';

// Seconds of pauses and time-outs are part of what is looked at; a busy machine adds its own.
jest.setTimeout(60_000);

const root = scratchFolder();
const PART = 1000;
const crcOf = (body: Buffer): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(body));
  return sum.toString('base64');
};
const closers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** API and store in one; `fault` may answer first. */
async function world(fault: (request: FakeRequest, count: number) => FakeAnswer | null, lifeMs = (): number => 900_000) {
  const stored = new Map<number, Buffer>();
  let sizeBytes = 0;
  let checksum: string | null = null;
  let status = 'waiting';
  let statusAtCreate: string | null = null;
  let signatures = 0;
  const sessionJson = (state: string, there: readonly number[]) => {
    const part_count = Math.max(1, Math.ceil(sizeBytes / PART));
    const missing_parts = Array.from({ length: part_count }, (_, index) => index + 1).filter((part) => !there.includes(part));
    const sizes = { size_bytes: sizeBytes, part_size_bytes: PART, part_count };
    const expires_at = '2099-01-01T00:00:00.000Z';
    return { id: 'upl_1', video_id: 'vid_1', status: state, file_name: 'a', ...sizes, checksum, missing_parts, expires_at, more: 'to come' };
  };
  const counts = new Map<string, number>();
  const server = await fakeServer((request) => {
    const [path = '', query = ''] = request.path.split('?');
    const key = `${request.method} ${path}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const faulty = fault(request, counts.get(key) ?? 0);
    if (faulty) return faulty;
    const session = (): FakeAnswer => ({ status: 200, json: sessionJson(status, [...stored.keys()]) });
    if (key === 'POST /v1/uploads') {
      const made = JSON.parse(request.body.toString());
      sizeBytes = made.size_bytes;
      checksum = made.checksum ?? null;
      return { status: 201, json: sessionJson(statusAtCreate ?? 'waiting', []) };
    }
    if (key === 'GET /v1/uploads/upl_1') return session();
    if (key === 'DELETE /v1/uploads/upl_1') return { status: 204, text: '' };
    if (key === 'POST /v1/uploads/upl_1/parts') {
      const wanted = JSON.parse(request.body.toString());
      const sign = (part_number: number, sum: string | undefined) => {
        signatures += 1;
        const url = `${server.url}/store/${part_number}?signature=${signatures}`;
        const headers = sum === undefined ? {} : { [`x-amz-checksum-${checksum}`]: sum };
        return { part_number, size_bytes: Math.min(PART, sizeBytes - (part_number - 1) * PART), url, headers };
      };
      const parts =
        wanted.parts?.map((part: { part_number: number; checksum: string }) => sign(part.part_number, part.checksum)) ??
        wanted.part_numbers.map((part: number) => sign(part, undefined));
      return { status: 200, json: { parts, expires_at: new Date(Date.now() + lifeMs()).toISOString() } };
    }
    if (key === 'POST /v1/uploads/upl_1/preflight') return { status: 200, json: { object: 'preflight', verdict: 'unknown' } };
    if (key === 'POST /v1/uploads/upl_1/complete') {
      status = 'completed';
      return session();
    }
    if (request.method === 'PUT' && query !== '') {
      stored.set(Number(path.split('/').at(-1)), request.body);
      return { status: 200, text: '' };
    }
    return { status: 404, text: '' };
  });
  closers.push(server.close);
  const bytes = (): Buffer => Buffer.concat([...stored].sort(([a], [b]) => a - b).map(([, body]) => body));
  return {
    server,
    stored,
    bytes,
    sessionJson,
    count: (key: string) => counts.get(key) ?? 0,
    connections: (method: string) => new Set(server.requests.filter((request) => request.method === method).map(({ port }) => port)),
    /** What the API says of the upload when it is asked; at its creation it is open. */
    setStatus(now: string, atCreate: string | null = null) {
      [status, statusAtCreate] = [now, atCreate];
    },
    /** As if an earlier run had made it and sent these parts. */
    begin(size: number, parts: readonly (readonly [number, Buffer])[]) {
      [sizeBytes, checksum] = [size, 'crc32c'];
      for (const [part, body] of parts) stored.set(part, body);
    },
  };
}

async function upload(url: string, file: string, more: Partial<UploadOptions> = {}) {
  const progress: number[] = [];
  const events: UploadEvent[] = [];
  const api = createApiClient({ baseUrl: url, apiKey: 'rm_test_x', patienceMs: 3_000 });
  let videoId = '';
  await uploadFile({
    api,
    file,
    signal: AbortSignal.timeout(50_000),
    onVideoId: (id) => {
      videoId = id;
    },
    onProgress: (sent) => progress.push(sent),
    onEvent: (event) => events.push(event),
    ...more,
  });
  return { videoId, progress, events };
}

function fileOf(size: number, name = `${size}.mp4`) {
  const bytes = randomBytes(size);
  const path = join(root, name);
  writeFileSync(path, bytes);
  return { path, bytes };
}

/** A memory that lasts as long as the test. */
function memoryOf(record: ResumeRecord | null = null) {
  const saved: ResumeRecord[] = [];
  let current = record;
  const memory: ResumeMemory = {
    load: async () => current,
    async save(next) {
      saved.push(next);
      current = next;
    },
    async forget() {
      current = null;
    },
  };
  return { memory, saved, current: () => current };
}

const partsOf = (requests: readonly FakeRequest[]): number[] =>
  requests.filter(({ method }) => method === 'PUT').map(({ path }) => Number(/\/store\/(\d+)/.exec(path)?.[1]));

describe('a whole upload', () => {
  test('all bytes arrive, in parts of the size that the API names, and what makes something has a key', async () => {
    const { path, bytes } = fileOf(20_500);
    const { server, stored, bytes: arrived } = await world(() => null);
    const { videoId, progress } = await upload(server.url, path);
    expect(arrived().equals(bytes)).toBe(true);
    expect(stored.size).toBe(21);
    expect(stored.get(21)?.length).toBe(500);
    expect(videoId).toBe('vid_1');
    expect(progress.at(-1)).toBe(20_500);
    const posts = server.requests.filter(({ method }) => method === 'POST');
    // Signing and completing are safe to repeat by themselves.
    const keyed = posts.filter(({ headers }) => headers['idempotency-key'] !== undefined);
    expect(keyed).toEqual([posts[0]]);
    const wish = { file_name: '20500.mp4', size_bytes: 20_500, content_type: 'video/mp4', checksum: 'crc32c' };
    expect(JSON.parse(posts[0]?.body.toString() ?? '')).toEqual(wish);
  });

  test('the first and the last part go first, the others in order', async () => {
    const { server } = await world(() => null);
    await upload(server.url, fileOf(9_100, 'order.mp4').path, { parallel: 1 });
    expect(partsOf(server.requests)).toEqual([1, 10, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test.each([
    ['crc32c', (body: Buffer) => crcOf(body)],
    ['sha256', (body: Buffer) => createHash('sha256').update(body).digest('base64')],
  ] as const)('each part carries its %s', async (checksum, sumOf) => {
    const { server } = await world(() => null);
    await upload(server.url, fileOf(2_500, `${checksum}.mp4`).path, { checksum });
    const puts = server.requests.filter(({ method }) => method === 'PUT');
    expect(puts).toHaveLength(3);
    for (const { headers, body } of puts) expect(headers[`x-amz-checksum-${checksum}`]).toBe(sumOf(body));
  });

  test('without a checksum parts are signed and sent bare', async () => {
    const { server } = await world(() => null);
    await upload(server.url, fileOf(1_500, 'bare.mp4').path, { checksum: null });
    const [create] = server.requests;
    expect(JSON.parse(create?.body.toString() ?? '')).not.toHaveProperty('checksum');
    for (const { headers } of server.requests) expect(Object.keys(headers).filter((name) => name.startsWith('x-amz'))).toEqual([]);
  });

  test('an empty file is uploaded as one empty part', async () => {
    const { server, stored } = await world(() => null);
    await upload(server.url, fileOf(0).path);
    expect([...stored]).toEqual([[1, Buffer.alloc(0)]]);
  });

  test('connections are kept: as many as parts at a time', async () => {
    const { server, connections } = await world(() => null);
    await upload(server.url, fileOf(40_000, 'kept.mp4').path, { parallel: 3 });
    expect(connections('PUT').size).toBeLessThanOrEqual(3);
  });
});

describe('the look before', () => {
  const refusal = { code: 'SOURCE_NOT_MEDIA', detail: 'This is not a video file. It is a text.' };

  test('both ends are shown before any part is signed, and a refusal is told with nothing sent', async () => {
    const { path, bytes } = fileOf(200_000, 'ends.mp4');
    const { server } = await world((request) => (request.path.endsWith('/preflight') ? { status: 422, json: refusal } : null));
    await expect(upload(server.url, path)).rejects.toMatchObject({ code: 'SOURCE_NOT_MEDIA', message: refusal.detail });
    expect(server.requests.map(({ path: at }) => at)).toEqual(['/v1/uploads', '/v1/uploads/upl_1/preflight']);
    const { head, tail } = JSON.parse(server.requests[1]?.body.toString() ?? '');
    expect(Buffer.from(head, 'base64').equals(bytes.subarray(0, 65_536))).toBe(true);
    expect(Buffer.from(tail, 'base64').equals(bytes.subarray(-65_536))).toBe(true);
  });

  test.each([404, 405, 413])('an API that does not offer it, and answers %d, is no obstacle', async (status) => {
    const { path, bytes } = fileOf(900, 'older.mp4');
    const { server, bytes: arrived } = await world((request) => (request.path.endsWith('/preflight') ? { status, json: refusal } : null));
    await upload(server.url, path);
    expect(arrived().equals(bytes)).toBe(true);
  });
});

describe('trouble on the way', () => {
  test('503, cut connections and a store that stumbles are lived through, with the same idempotency key', async () => {
    const { path, bytes } = fileOf(2_500, 'stumble.webm');
    const { server, bytes: arrived } = await world((request, count) => {
      if (request.path === '/v1/uploads' && count === 1) return { status: 503, text: 'later' };
      if (request.path === '/v1/uploads' && count === 2) return { status: 0, cut: true };
      if (request.path.startsWith('/store/2') && count === 1) return { status: 500, text: '' };
      if (request.path.startsWith('/store/3') && count === 1) return { status: 0, cut: true };
      return null;
    });
    const { events } = await upload(server.url, path);
    expect(arrived().equals(bytes)).toBe(true);
    const creates = server.requests.filter((request) => request.path === '/v1/uploads');
    expect(creates).toHaveLength(3);
    expect(new Set(creates.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(events.filter(({ type }) => type === 'part-failed')).toHaveLength(2);
  });

  test('a part whose URL has ended is signed again', async () => {
    const { path, bytes } = fileOf(1_500, 'expired.mp4');
    const { server, bytes: arrived } = await world((request) => (request.path === '/store/2?signature=2' ? { status: 403, text: '' } : null));
    await upload(server.url, path);
    expect(arrived().equals(bytes)).toBe(true);
    expect(server.requests.map((request) => request.path)).toContain('/store/2?signature=3');
  });

  test('a URL that is past its time is not even tried: after a sleep no byte goes out in vain', async () => {
    let calls = 0;
    const { server } = await world(
      () => null,
      // The first batch is signed with a life that is over at once, by the server's clock; later ones live.
      () => {
        calls += 1;
        return calls === 1 ? -5_000 : 900_000;
      },
    );
    await upload(server.url, fileOf(900, 'slept.mp4').path);
    expect(server.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path)).toEqual(['/store/1?signature=2']);
  });

  test('a part that arrived damaged is read and signed again', async () => {
    const { path, bytes } = fileOf(1_500, 'flipped.mp4');
    const bad = '<Error><Code>BadDigest</Code></Error>';
    const { server, bytes: arrived } = await world((request, n) =>
      request.path.startsWith('/store/1') && n === 1 ? { status: 400, text: bad } : null,
    );
    const { events } = await upload(server.url, path);
    expect(arrived().equals(bytes)).toBe(true);
    expect(events).toContainEqual({ type: 'part-failed', partNumber: 1, why: 'the store answered 400 BadDigest' });
  });

  test('parts that the API misses at the end are sent again', async () => {
    const { path } = fileOf(2_500, 'missing.mp4');
    const incomplete = { code: 'UPLOAD_INCOMPLETE', detail: 'Parts are missing.', missing_parts: [2] };
    const { server, count } = await world((request, n) => (request.path.endsWith('/complete') && n === 1 ? { status: 409, json: incomplete } : null));
    await upload(server.url, path);
    expect([1, 2, 3].map((part) => count(`PUT /store/${part}`))).toEqual([1, 2, 1]);
    expect(count('POST /v1/uploads/upl_1/complete')).toBe(2);
  });

  test('a store that never takes a part is an error once the patience is over', async () => {
    const { server } = await world((request) => (request.method === 'PUT' ? { status: 503, text: '' } : null));
    await expect(upload(server.url, fileOf(10, 'away.mp4').path, { patienceMs: 500 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('a store that refuses a part again and again is an error, and not tried for minutes', async () => {
    const { server, count } = await world((request) => (request.method === 'PUT' ? { status: 403, text: '' } : null));
    await expect(upload(server.url, fileOf(10, 'refused.mp4').path)).rejects.toMatchObject({ code: 'UPLOAD_FAILED' });
    expect(count('PUT /store/1')).toBe(6);
  });

  test('a store that says nothing is given up after a silence, and asked again', async () => {
    const { path, bytes } = fileOf(900, 'silent.mp4');
    const { server, bytes: arrived } = await world((request, n) => (request.method === 'PUT' && n === 1 ? { status: 0, hang: true } : null));
    await upload(server.url, path, { stallMs: 300 });
    expect(arrived().equals(bytes)).toBe(true);
  });

  test('an upload that ended elsewhere ends here with its reason, and the other parts are not sent', async () => {
    const { server, setStatus } = await world((request) => {
      if (request.method === 'PUT') return { status: 404, text: '' };
      if (request.path.endsWith('/complete')) return { status: 409, json: { code: 'UPLOAD_EXPIRED', detail: 'It was not finished in time.' } };
      return null;
    });
    setStatus('expired');
    await expect(upload(server.url, fileOf(30_000, 'ended.mp4').path, { parallel: 2 })).rejects.toMatchObject({ code: 'UPLOAD_EXPIRED' });
    expect(partsOf(server.requests).length).toBeLessThan(6);
  });

  test('an upload that was completed elsewhere is done', async () => {
    const { server, setStatus } = await world((request) => (request.method === 'PUT' ? { status: 404, text: '' } : null));
    setStatus('completed', 'waiting');
    await upload(server.url, fileOf(3_000, 'completed.mp4').path);
  });

  test('a refusal of the API is an error with its code and words, at once', async () => {
    const refusal = { code: 'UPLOAD_TOO_LARGE', detail: 'The file is larger than the largest size that is accepted.' };
    const { server } = await world(() => ({ status: 422, json: refusal }));
    await expect(upload(server.url, fileOf(10, 'big.mp4').path)).rejects.toMatchObject({ code: refusal.code, message: refusal.detail });
    expect(server.requests).toHaveLength(1);
  });

  test('an API that does not come back is an error in the end', async () => {
    const { server } = await world(() => ({ status: 503, text: '' }));
    await expect(upload(server.url, fileOf(10, 'gone.mp4').path)).rejects.toMatchObject({ code: 'API_UNAVAILABLE' });
  });

  test('a file that changes on the way is not completed', async () => {
    const { path } = fileOf(2_500, 'moving.mp4');
    const { server, count } = await world((request) => {
      if (request.method === 'PUT') utimesSync(path, 1, 1);
      return null;
    });
    await expect(upload(server.url, path)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(count('POST /v1/uploads/upl_1/complete')).toBe(0);
  });

  test('an abort ends it with the signal’s reason, and nothing is completed', async () => {
    const { path } = fileOf(20_000, 'aborted.mp4');
    const abort = new AbortController();
    const { server, count } = await world((request) => {
      if (request.path.startsWith('/store/3')) abort.abort();
      return null;
    });
    await expect(upload(server.url, path, { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(count('POST /v1/uploads/upl_1/complete')).toBe(0);
  });
});

describe('going on', () => {
  const begun = async (path: string, change: Partial<ResumeRecord> = {}): Promise<ResumeRecord> => {
    const { size, mtimeNs } = await stat(path, { bigint: true });
    const request = { file_name: 'a', size_bytes: Number(size), content_type: 'video/mp4', checksum: 'crc32c' as const };
    const facts = { endpoint: 'e', path, sizeBytes: Number(size), mtimeNs: String(mtimeNs) };
    return { version: 1, ...facts, idempotencyKey: 'k-1', request, uploadId: 'upl_1', videoId: 'vid_1', startedAt: '2026-01-01', ...change };
  };

  test('only the parts that the store does not hold are sent', async () => {
    const { path, bytes } = fileOf(9_500, 'resume.mp4');
    const { server, begin, bytes: arrived } = await world(() => null);
    begin(
      9_500,
      [1, 2, 3, 10].map((part) => [part, bytes.subarray((part - 1) * PART, part * PART)]),
    );
    const { memory, current } = memoryOf(await begun(path));
    const { events } = await upload(server.url, path, { memory, parallel: 1 });
    expect(partsOf(server.requests)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(arrived().equals(bytes)).toBe(true);
    expect(events[0]).toMatchObject({ type: 'session', resumed: true, bytesThere: 3_500 });
    expect(server.requests.filter(({ path: at }) => at === '/v1/uploads')).toEqual([]);
    expect(current()).toBeNull();
  });

  test('the key is kept before the create call, and the upload’s id right behind it', async () => {
    const { path } = fileOf(500, 'keep.mp4');
    const { memory, saved } = memoryOf();
    const keptAtCreate: (string | null | undefined)[] = [];
    const { server } = await world((request) => {
      if (request.path === '/v1/uploads') keptAtCreate.push(saved.at(-1)?.idempotencyKey, saved.at(-1)?.uploadId);
      return null;
    });
    await upload(server.url, path, { memory });
    const [create] = server.requests;
    expect(keptAtCreate).toEqual([create?.headers['idempotency-key'], null]);
    expect(saved.map((record) => record.uploadId)).toEqual([null, 'upl_1']);
  });

  test('a create whose answer was never read is repeated with its key and its words', async () => {
    const { path } = fileOf(700, 'unanswered.mp4');
    const { memory } = memoryOf(await begun(path, { uploadId: null, videoId: null }));
    const { server } = await world(() => null);
    await upload(server.url, path, { memory, checksum: 'sha256' });
    const [create] = server.requests;
    expect(create?.headers['idempotency-key']).toBe('k-1');
    expect(JSON.parse(create?.body.toString() ?? '')).toMatchObject({ file_name: 'a', checksum: 'crc32c' });
  });

  test('a file that has changed since gives the old upload up and begins a new one, and says so', async () => {
    const { path } = fileOf(700, 'changed.mp4');
    const { memory, saved } = memoryOf(await begun(path, { mtimeNs: '1' }));
    const { server, count } = await world(() => null);
    const { events } = await upload(server.url, path, { memory });
    expect(count('DELETE /v1/uploads/upl_1')).toBe(1);
    expect(count('POST /v1/uploads')).toBe(1);
    expect(saved[0]?.idempotencyKey).not.toBe('k-1');
    expect(events[0]).toMatchObject({ type: 'note', line: expect.stringContaining('has changed') });
  });

  test.each([
    ['is not known any more', 404, { code: 'NOT_FOUND', detail: 'There is nothing here.' }],
    ['has expired', 200, 'expired'],
    ['was cancelled', 200, 'cancelled'],
  ])('an upload that %s makes way for a new one', async (_what, status, answer) => {
    const { path } = fileOf(700, 'late.mp4');
    const { memory } = memoryOf(await begun(path));
    const { server, count, sessionJson } = await world((request) => {
      if (request.method !== 'GET') return null;
      return { status, json: typeof answer === 'string' ? sessionJson(answer, []) : answer };
    });
    const { events } = await upload(server.url, path, { memory });
    expect(count('POST /v1/uploads')).toBe(1);
    expect(events[0]).toMatchObject({ type: 'note' });
  });

  test('an upload that was completed already is only told', async () => {
    const { path } = fileOf(700, 'done.mp4');
    const { memory, current } = memoryOf(await begun(path));
    const { server, begin, setStatus } = await world(() => null);
    begin(700, []);
    setStatus('completed');
    await upload(server.url, path, { memory });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(current()).toBeNull();
  });
});
