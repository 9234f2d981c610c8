import { createUploadTokens } from '../../src/api/upload-token.js';
import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const create = async (body: Record<string, unknown> = { file_name: 'a.mp4', size_bytes: 20 }, as: 'acme' | 'rival' = 'acme') => {
  const { body: made } = await api.call('POST', '/v1/uploads', { as, body });
  return { id: made.id as string, path: new URL(made.client_url).pathname, made };
};
const open = (method: string, path: string, body?: unknown) => api.call(method, path, { as: null, ...(body === undefined ? {} : { body }) });

test('whoever holds the address uploads without a key: signs, sends, completes, reads', async () => {
  const { id, path, made } = await create();
  expect(path).toMatch(/^\/v1\/uploads\/upt_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$/);
  expect((await open('GET', path)).body).toEqual(made);
  const signed = await open('POST', `${path}/parts`, { part_numbers: [1] });
  expect(await api.putPart(signed.body.parts[0].url, Buffer.alloc(20))).toBe(200);
  expect((await open('POST', `${path}/complete`)).body).toMatchObject({ id, status: 'completed' });
  expect((await open('GET', path)).body.status).toBe('completed');
});

test('it acts on this upload and on nothing else', async () => {
  const mine = await create();
  const other = await create();
  const token = mine.path.split('/').at(-1) ?? '';
  for (const path of ['/v1/videos', `/v1/videos/${mine.made.video_id}`, '/v1/uploads', `/v1/uploads/${other.id}`]) {
    expect((await api.call('GET', path, { as: null, headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  }
  for (const path of [
    `${mine.path}/../${other.id}`,
    `${mine.path}/..%2f${other.id}`,
    `${mine.path}/${other.id}`,
    `${mine.path}/`,
    `/v1/videos/${token}`,
  ]) {
    expect([401, 404]).toContain((await fetch(api.url + path)).status);
  }
  // A key beside it changes nothing: the address decides.
  expect((await api.call('GET', mine.path, { as: 'rival' })).body.id).toBe(mine.id);
});

test.each([
  ['another upload', (token: string) => token.replace(/_([0-9a-f])/, (_all, digit: string) => `_${digit === '0' ? '1' : '0'}`)],
  ['another signature', (token: string) => token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  [
    'another first letter of the signature',
    (token: string) => token.replace(/(_[0-9a-f]{32}_)(.)/, (_all, hex: string, letter: string) => `${hex}${letter === 'A' ? 'B' : 'A'}`),
  ],
  ['no signature', (token: string) => token.slice(0, 37)],
  ['half a signature', (token: string) => token.slice(0, -20)],
  ['more', (token: string) => `${token}A`],
  ['nothing', () => 'upt_'],
])('a token with %s is 404, as an unknown upload, and asks the catalogue nothing', async (_what, change) => {
  const { path } = await create();
  const wrong = change(path.split('/').at(-1) ?? '');
  const unknown = await api.call('GET', `/v1/uploads/upl_${'0'.repeat(32)}`);
  api.catalogue.getUpload = () => Promise.reject(new Error('asked'));
  for (const rest of ['', '/s3/params?filename=a&type=b', '/complete']) {
    const answer = await open(rest === '/complete' ? 'POST' : 'GET', `/v1/uploads/${wrong}${rest}`);
    expect([answer.status, answer.body.code, answer.body.detail]).toEqual([404, 'NOT_FOUND', unknown.body.detail]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  }
});

test('a token of an upload that is not there is 404', async () => {
  const token = createUploadTokens(['one-secret-of-the-tests-and-it-is-long']).issue(`upl_${'0'.repeat(32)}`);
  expect((await open('GET', `/v1/uploads/${token}`)).status).toBe(404);
});

test('it ends with the session: at its time, and when it was given up', async () => {
  const { path, made } = await create();
  api.setNow(new Date(Date.parse(made.expires_at) - 1));
  expect((await open('GET', path)).status).toBe(200);
  api.setNow(new Date(Date.parse(made.expires_at)));
  expect((await open('GET', path)).status).toBe(404);
  api.setNow(new Date());
  await open('DELETE', path);
  expect((await open('GET', path)).status).toBe(404);
  const { uploadId } = await sendFile(api, Buffer.alloc(20));
  const completed = (await api.call('POST', `/v1/uploads/${uploadId}/complete`)).body;
  expect((await open('GET', new URL(completed.client_url).pathname)).status).toBe(200);
});

test('a browser of a known origin may call it', async () => {
  const { path } = await create();
  const asked = await fetch(`${api.url}${path}/s3/multipart/x`, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.test', 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'content-type' },
  });
  expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.test']);
  expect(asked.headers.get('access-control-allow-methods')).toContain('DELETE');
});

test('secrets are changed without a broken upload: the first signs, all are taken', () => {
  const [old, next] = ['an old secret that is long enough....', 'a newer secret that is long enough..'];
  const id = `upl_${'ab'.repeat(16)}`;
  const [before, during, after] = [createUploadTokens([old]), createUploadTokens([next, old]), createUploadTokens([next])];
  expect(during.read(before.issue(id))).toBe(id);
  expect(during.issue(id)).toBe(after.issue(id));
  expect(after.read(before.issue(id))).toBeNull();
});
