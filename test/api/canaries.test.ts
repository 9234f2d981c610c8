import { jest } from '@jest/globals';
import { redacted } from '../../src/runtime/logger.js';
import { type Api, KEYS, sendFile, startApi } from './harness.js';

jest.setTimeout(60_000);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

test('no secret that a client sends or gets stands in the log, nor anything that opens what it uploads', async () => {
  const canaries: string[] = Object.values(KEYS).map((key) => key.split('_').at(-1) ?? '');
  const keep = (...texts: string[]): void => void canaries.push(...texts);
  const { body: key } = await api.call('POST', '/v1/ops/tenants/acme/keys', {
    as: 'operator',
    body: { name: 'canary', scopes: ['uploads:write'] },
    headers: { 'idempotency-key': 'canary-of-idempotency' },
  });
  keep(key.key.split('_').at(-1), 'canary-of-idempotency');
  const { body: upload } = await api.call('POST', '/v1/uploads', { body: { size_bytes: 20, method: 'put' } });
  // A token's HMAC by its length: base64url has underscores too, and what stands behind its last one may be a single letter.
  keep(new URL(upload.client_url).pathname.slice(-43), new URL(upload.put_url).search);
  const { uploadId } = await sendFile(api, Buffer.alloc(20));
  const { body: signed } = await api.call('POST', `/v1/uploads/${uploadId}/parts`, { body: { part_numbers: [1] } });
  keep(new URL(signed.parts[0].url).search);
  // In every place that a client may put one by mistake.
  for (const n of [0, 1]) {
    const lost = `rm_live_lost${n}_canary-in-the-wrong-place`;
    keep('canary-in-the-wrong-place');
    await api.call('GET', `/v1/videos?key=${lost}`, { as: null, headers: { authorization: `Bearer ${lost}` } });
    await api.call('GET', `/v1/videos?cursor=canary-in-the-query`, { as: n === 0 ? 'acme' : null });
    await api.call('POST', '/v1/uploads', { body: { size_bytes: -1, file_name: 'canary-in-the-body' } });
  }
  keep('canary-in-the-query', 'canary-in-the-body');
  const away = () => Promise.reject(new Error('connect postgres://reelmill:canary-of-the-database@db/x'));
  Object.assign(api.catalogue, { listVideos: away, findUpload: away });
  await api.call('GET', '/v1/videos');
  await api.call('GET', new URL(upload.client_url).pathname, { as: null });
  // What is as short as a word proves nothing by its absence, and may stand in any line.
  expect(canaries.filter((canary) => canary.length < 18)).toEqual([]);
  const lines = api.logs.join('');
  expect(lines.match(/a request failed/g)).toHaveLength(2);
  const written = redacted(lines);
  for (const canary of [...canaries, 'canary-of-the-database']) expect([canary, written.includes(canary)]).toEqual([canary, false]);
  // All but what an error of somebody else's says is left out before it comes to the log.
  for (const canary of canaries) expect([canary, lines.includes(canary)]).toEqual([canary, false]);
});
