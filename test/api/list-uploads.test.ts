import { type Api, startApi, type TenantName } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const MIB = 1024 * 1024;
const FINGERPRINT = 'Ferien 2026.mp4-20971520-1795256100000-video/mp4';
const create = async (more: object = {}, as: TenantName = 'acme') =>
  (await api.call('POST', '/v1/uploads', { as, body: { file_name: 'clip.mp4', size_bytes: 20 * MIB, ...more } })).body;
const list = (query = '', as: TenantName = 'acme') => api.call('GET', `/v1/uploads${query}`, { as });
const ids = async (query = '', as: TenantName = 'acme') => (await list(query, as)).body.data.map((upload: { id: string }) => upload.id);
const ofFile = (fingerprint: string) => `?fingerprint=${encodeURIComponent(fingerprint)}&status=open`;

test('another machine finds the open upload of its file, and what is missing of it', async () => {
  await create();
  const begun = await create({ fingerprint: FINGERPRINT });
  expect(begun.fingerprint).toBe(FINGERPRINT);
  const signed = await api.call('POST', `/v1/uploads/${begun.id}/parts`, { body: { part_numbers: [2] } });
  await api.putPart(signed.body.parts[0].url, Buffer.alloc(8 * MIB));
  const found = await list(ofFile(FINGERPRINT));
  expect(found.body.data).toEqual([(await api.call('GET', `/v1/uploads/${begun.id}`)).body]);
  expect(found.body.data[0]).toMatchObject({ id: begun.id, status: 'uploading', missing_parts: [1, 3] });
});

test('finds the newest first, and none that has ended, of another file or of another tenant', async () => {
  const old = await create({ fingerprint: FINGERPRINT });
  const given = await create({ fingerprint: FINGERPRINT });
  const fresh = await create({ fingerprint: FINGERPRINT });
  const foreign = await create({ fingerprint: FINGERPRINT }, 'rival');
  await api.call('DELETE', `/v1/uploads/${given.id}`);
  expect(await ids(ofFile(FINGERPRINT))).toEqual([fresh.id, old.id]);
  expect(await ids(ofFile(FINGERPRINT), 'rival')).toEqual([foreign.id]);
  expect(await ids(ofFile('another'))).toEqual([]);
  expect(await ids(`?fingerprint=${encodeURIComponent(FINGERPRINT)}`)).toEqual([fresh.id, given.id, old.id]);
});

test('pages through everything, and filters by state', async () => {
  const wanted: string[] = [];
  for (let n = 0; n < 5; n += 1) wanted.unshift((await create()).id);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await list(`?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
    seen.push(...body.data.map((upload: { id: string }) => upload.id));
    expect(body.has_more).toBe(body.next_cursor !== null);
    cursor = body.next_cursor;
  }
  expect(seen).toEqual(wanted);
  await api.call('DELETE', `/v1/uploads/${wanted[0]}`);
  expect(await ids('?status=cancelled')).toEqual([wanted[0]]);
  expect(await ids('?status=open')).toEqual(wanted.slice(1));
  expect(await ids('?status=open,cancelled')).toEqual(wanted);
});

test.each(['?status=done', '?status=', '?fingerprint=', `?fingerprint=${'x'.repeat(256)}`, '?fingerprint=%00', '?limit=0', '?cursor=abc'])(
  '%s is refused',
  async (query) => {
    const refused = await list(query);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
  },
);

test('a cursor of the videos, or of other filters, is none of this list', async () => {
  for (let n = 0; n < 3; n += 1) await create({ fingerprint: FINGERPRINT });
  const narrowed = `fingerprint=${encodeURIComponent(FINGERPRINT)}&status=open,cancelled`;
  const { next_cursor: own } = (await list(`?limit=1&${narrowed}`)).body;
  const again = `fingerprint=${encodeURIComponent(FINGERPRINT)}&status=cancelled,open,open`;
  expect((await list(`?limit=1&${again}&cursor=${own}`)).body.data).toHaveLength(1);
  for (const other of ['', 'status=open', 'fingerprint=another&status=open,cancelled'])
    expect([other, (await list(`?${other}&cursor=${own}`)).status]).toEqual([other, 400]);
  const { next_cursor } = (await api.call('GET', '/v1/videos?limit=1')).body;
  expect((await list(`?cursor=${next_cursor}`)).status).toBe(400);
});

test('the same Idempotency-Key with another fingerprint is another request', async () => {
  const wish = (fingerprint: string) =>
    api.call('POST', '/v1/uploads', { body: { file_name: 'a', size_bytes: 1, fingerprint }, headers: { 'idempotency-key': 'k-1' } });
  const first = await wish('one');
  expect((await wish('one')).body.id).toBe(first.body.id);
  expect((await wish('two')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
});
