import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApiClient } from '../../stack/client/api-client.js';
import { uploadFile } from '../../stack/client/upload-file.js';
import { type FakeAnswer, type FakeRequest, fakeServer } from './fake-server.js';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();
const PART = 1000;
const closers: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** API and store in one; `fault` may answer first. */
async function world(fault: (request: FakeRequest, count: number) => FakeAnswer | null) {
  const stored = new Map<number, Buffer>();
  let sizeBytes = 0;
  let signatures = 0;
  const counts = new Map<string, number>();
  const server = await fakeServer((request) => {
    const [path = '', query = ''] = request.path.split('?');
    const key = `${request.method} ${path}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const faulty = fault(request, counts.get(key) ?? 0);
    if (faulty) return faulty;
    if (key === 'POST /v1/uploads') {
      sizeBytes = JSON.parse(request.body.toString()).size_bytes;
      return { status: 201, json: { id: 'upl_1', video_id: 'vid_1', part_size_bytes: PART, more: 'to come' } };
    }
    if (key === 'POST /v1/uploads/upl_1/parts') {
      const sign = (part_number: number) => {
        signatures += 1;
        const url = `${server.url}/store/${part_number}?signature=${signatures}`;
        return { part_number, size_bytes: Math.min(PART, sizeBytes - (part_number - 1) * PART), url };
      };
      return { status: 200, json: { parts: JSON.parse(request.body.toString()).part_numbers.map(sign) } };
    }
    if (key === 'POST /v1/uploads/upl_1/complete') return { status: 200, json: { id: 'upl_1' } };
    if (request.method === 'PUT' && query !== '') {
      stored.set(Number(path.split('/').at(-1)), request.body);
      return { status: 200, text: '' };
    }
    return { status: 404, text: '' };
  });
  closers.push(server.close);
  const bytes = (): Buffer => Buffer.concat([...stored].sort(([a], [b]) => a - b).map(([, body]) => body));
  return { server, stored, bytes, count: (key: string) => counts.get(key) ?? 0 };
}

async function upload(url: string, file: string) {
  const progress: number[] = [];
  const api = createApiClient({ baseUrl: url, apiKey: 'rm_test_x', patienceMs: 5_000 });
  let videoId = '';
  await uploadFile({
    api,
    file,
    signal: AbortSignal.timeout(20_000),
    onVideoId: (id) => {
      videoId = id;
    },
    onProgress: (sent) => progress.push(sent),
  });
  return { videoId, progress };
}

function fileOf(size: number, name = `${size}.mp4`) {
  const bytes = randomBytes(size);
  const path = join(root, name);
  writeFileSync(path, bytes);
  return { path, bytes };
}

test('all bytes arrive, in parts of the size that the API names, and every POST can be repeated safely', async () => {
  const { path, bytes } = fileOf(20_500);
  const { server, stored, bytes: arrived } = await world(() => null);
  const { videoId, progress } = await upload(server.url, path);
  expect(arrived().equals(bytes)).toBe(true);
  expect(stored.size).toBe(21);
  expect(stored.get(21)?.length).toBe(500);
  expect(videoId).toBe('vid_1');
  expect(progress.at(-1)).toBe(20_500);
  const posts = server.requests.filter(({ method }) => method === 'POST');
  const keys = posts.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(posts.length);
  expect(keys).not.toContain(undefined);
  expect(JSON.parse(posts[0]?.body.toString() ?? '')).toEqual({ file_name: '20500.mp4', size_bytes: 20_500, content_type: 'video/mp4' });
});

test('an empty file is uploaded as one empty part', async () => {
  const { server, stored } = await world(() => null);
  await upload(server.url, fileOf(0).path);
  expect([...stored]).toEqual([[1, Buffer.alloc(0)]]);
});

test('503, cut connections and a store that stumbles are lived through, with the same idempotency key', async () => {
  const { path, bytes } = fileOf(2_500, 'stumble.webm');
  const { server, bytes: arrived } = await world((request, count) => {
    if (request.path === '/v1/uploads' && count === 1) return { status: 503, text: 'later' };
    if (request.path === '/v1/uploads' && count === 2) return { status: 0, cut: true };
    if (request.path.startsWith('/store/2') && count === 1) return { status: 500, text: '' };
    if (request.path.startsWith('/store/3') && count === 1) return { status: 0, cut: true };
    return null;
  });
  await upload(server.url, path);
  expect(arrived().equals(bytes)).toBe(true);
  const creates = server.requests.filter((request) => request.path === '/v1/uploads');
  expect(creates).toHaveLength(3);
  expect(new Set(creates.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

test('a part whose URL has ended is signed again', async () => {
  const { path, bytes } = fileOf(1_500, 'expired.mp4');
  const { server, bytes: arrived } = await world((request) => (request.path === '/store/2?signature=2' ? { status: 403, text: '' } : null));
  await upload(server.url, path);
  expect(arrived().equals(bytes)).toBe(true);
  expect(server.requests.map((request) => request.path)).toContain('/store/2?signature=3');
});

test('parts that the API misses at the end are sent again', async () => {
  const { path } = fileOf(2_500, 'missing.mp4');
  const incomplete = { code: 'UPLOAD_INCOMPLETE', detail: 'Parts are missing.', missing_parts: [2] };
  const { server, count } = await world((request, n) => (request.path.endsWith('/complete') && n === 1 ? { status: 409, json: incomplete } : null));
  await upload(server.url, path);
  expect([1, 2, 3].map((part) => count(`PUT /store/${part}`))).toEqual([1, 2, 1]);
  expect(count('POST /v1/uploads/upl_1/complete')).toBe(2);
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
}, 20_000);
