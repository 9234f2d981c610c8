import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const MIB = 1024 * 1024;
const END = 65_536;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const create = async (size_bytes: number) => (await api.call('POST', '/v1/uploads', { body: { file_name: 'clip.mp4', size_bytes } })).body;
const ask = (id: string, head: Uint8Array, tail?: Uint8Array) =>
  api.call('POST', `/v1/uploads/${id}/preflight`, { body: { head: base64(head), ...(tail ? { tail: base64(tail) } : {}) } });
const read = async (id: string) => (await api.call('GET', `/v1/uploads/${id}`)).body;

const box = (type: string, sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(sizeBytes, 7);
  bytes.writeUInt32BE(sizeBytes);
  bytes.write(type, 4, 'latin1');
  return bytes;
};
const film = Buffer.concat([box('ftyp', 16), box('mdat', 20 * MIB), box('moov', 1000)]);
const headOf = (file: Uint8Array) => file.subarray(0, END);
const tailOf = (file: Uint8Array) => file.subarray(file.length - END);

test('both ends at their longest are taken, and the upload goes on', async () => {
  const { id } = await create(film.length);
  const answer = await ask(id, headOf(film), tailOf(film));
  expect([answer.status, answer.body]).toEqual([200, { object: 'preflight', verdict: 'accepted' }]);
  expect((await ask(id, headOf(film))).body.verdict).toBe('unknown');
  expect(await read(id)).toMatchObject({ status: 'waiting', errors: [], closed_at: null });
});

test('a file that is no video is refused, and everything that is asked of its upload says why', async () => {
  const { id, video_id } = await create(20 * MIB);
  await api.call('POST', `/v1/uploads/${id}/parts`, { body: { part_numbers: [1] } });
  expect(await api.store.listMultiparts('sources/')).toHaveLength(1);
  const text = Buffer.alloc(END, 'no video. ');
  const refused = await ask(id, text);
  expect([refused.status, refused.body.code]).toEqual([422, 'SOURCE_NOT_MEDIA']);
  expect(refused.body.detail).toMatch(/Upload an MP4.*It is a text\.$/);

  const row = await read(id);
  expect(row).toMatchObject({ status: 'errored', errors: [{ code: 'SOURCE_NOT_MEDIA', message: refused.body.detail }], missing_parts: [] });
  expect(row.closed_at).toEqual(expect.any(String));
  expect((await api.call('GET', `/v1/videos/${video_id}`)).body).toMatchObject({ status: 'errored', errors: row.errors });
  const late = [
    await ask(id, text),
    await ask(id, headOf(film)),
    await api.call('POST', `/v1/uploads/${id}/complete`),
    await api.call('POST', `/v1/uploads/${id}/parts`, { body: { part_numbers: [1] } }),
  ];
  for (const { status, body } of late) expect([status, body.code, body.detail]).toEqual([422, 'SOURCE_NOT_MEDIA', refused.body.detail]);
  expect(await api.store.listMultiparts('sources/')).toEqual([]);
  expect((await api.call('GET', '/v1/usage')).body.reserved_bytes).toBe(0);
  expect((await api.catalogue.listEvents(0, 100)).filter(({ type }) => type === 'video.errored')).toHaveLength(1);
});

test('a film without its index is refused before it is sent', async () => {
  const cut = film.subarray(0, film.length - 1000);
  const { id } = await create(cut.length);
  const refused = await ask(id, headOf(cut), tailOf(cut));
  expect([refused.status, refused.body.code]).toEqual([422, 'SOURCE_TRUNCATED']);
  expect(refused.body.detail).toContain('Its index (moov) is missing.');
});

test('with Temporal away nothing is decided, and the next try is', async () => {
  const { id } = await create(5000);
  const text = Buffer.alloc(5000, 'x');
  api.pipeline.setDown(true);
  expect((await ask(id, text)).status).toBe(503);
  expect(await read(id)).toMatchObject({ status: 'waiting', errors: [] });
  api.pipeline.setDown(false);
  api.pipeline.forget(id);
  expect((await ask(id, text)).body.code).toBe('SOURCE_NOT_MEDIA');
  expect(await read(id)).toMatchObject({ status: 'errored' });
});

test('what was completed before is not refused any more', async () => {
  const { uploadId } = await sendFile(api, Buffer.alloc(5000, 'x'));
  const { findUpload } = api.catalogue;
  const stale = await findUpload('acme', uploadId);
  await api.call('POST', `/v1/uploads/${uploadId}/complete`);
  api.catalogue.findUpload = async (...which) => {
    api.catalogue.findUpload = findUpload;
    await findUpload(...which);
    return stale;
  };
  const late = await ask(uploadId, Buffer.alloc(5000, 'x'));
  expect([late.status, late.body.code]).toEqual([409, 'UPLOAD_CLOSED']);
  expect(await read(uploadId)).toMatchObject({ status: 'completed', errors: [] });
});

test('an empty file needs no bytes to be refused', async () => {
  const { id } = await create(0);
  expect((await ask(id, new Uint8Array())).body.code).toBe('SOURCE_EMPTY');
});

test.each<[string, object]>([
  ['too little of the head', { head: base64(Buffer.alloc(4095)) }],
  ['more head than the file has', { head: base64(Buffer.alloc(5001)) }],
  ['more tail than the file has', { head: base64(Buffer.alloc(4096)), tail: base64(Buffer.alloc(5001)) }],
  ['an end that is too long', { head: base64(Buffer.alloc(END + 3)) }],
  ['no base64', { head: '####' }],
  ['no head', { tail: '' }],
])('%s is refused, and the upload stays open', async (_what, body) => {
  const { id } = await create(5000);
  const refused = await api.call('POST', `/v1/uploads/${id}/preflight`, { body });
  expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
  expect(await read(id)).toMatchObject({ status: 'waiting' });
});

test('only this route takes long bodies, and this one not without end', async () => {
  const { id } = await create(5000);
  const long = { head: 'A'.repeat(100_000), tail: 'A'.repeat(100_000) };
  expect((await api.call('POST', `/v1/uploads/${id}/preflight`, { body: long })).body.code).toBe('PAYLOAD_TOO_LARGE');
  expect((await api.call('POST', `/v1/uploads/${id}/complete`, { body: { head: 'A'.repeat(100_000) } })).body.code).toBe('PAYLOAD_TOO_LARGE');
});

test('one that its tenant would have published as far as it goes is not refused', async () => {
  const { id } = await create(film.length - 1000);
  const cut = film.subarray(0, film.length - 1000);
  await api.catalogue.setTruncatedPolicy((await api.catalogue.getUpload(id))?.tenantId ?? '', 'publish');
  const answer = await ask(id, headOf(cut), tailOf(cut));
  expect([answer.status, answer.body]).toEqual([200, { object: 'preflight', verdict: 'unknown' }]);
});
