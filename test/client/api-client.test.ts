import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { bodyOf, createApiClient } from '../../client/api-client.js';

test('a server that cuts every connection as it is made is asked again, and not waited for', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const trouble: string[] = [];
  const api = createApiClient({ baseUrl, apiKey: 'k', patienceMs: 1_000, onTrouble: (why) => trouble.push(why) });
  const asked = api.request({ method: 'GET', path: '/v1/videos', signal: AbortSignal.timeout(20_000) });
  await expect(asked).rejects.toMatchObject({ code: 'API_UNAVAILABLE' });
  expect(connections).toBeGreaterThan(2);
  expect(trouble).toHaveLength(1);
  server.close();
}, 30_000);

test('a request whose earlier try is still at work is asked again with the same key', async () => {
  const keys: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    keys.push(request.headers['idempotency-key']?.toString());
    const busy = keys.length < 3;
    response.writeHead(busy ? 409 : 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(busy ? { code: 'IDEMPOTENCY_KEY_IN_USE', detail: 'busy' } : { id: 'upl_1' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApiClient({ baseUrl, apiKey: 'k', patienceMs: 20_000 });
  const answer = await api.request({ method: 'POST', path: '/v1/uploads', body: {}, idempotencyKey: 'one', signal: AbortSignal.timeout(20_000) });
  expect([answer?.body, keys]).toEqual([{ id: 'upl_1' }, ['one', 'one', 'one']]);
  server.closeAllConnections();
  server.close();
}, 30_000);

test('Retry-After is obeyed, what makes something gets a key that stays, and the calls of an upload get none', async () => {
  const seen: { readonly key: string | undefined; readonly atMs: number }[] = [];
  const server = createHttpServer((request, response) => {
    seen.push({ key: request.headers['idempotency-key']?.toString(), atMs: performance.now() });
    const early = seen.length === 1;
    response.writeHead(early ? 429 : 201, { 'content-type': 'application/json', ...(early ? { 'retry-after': '1' } : {}) });
    response.end(JSON.stringify(early ? { code: 'RATE_LIMITED', detail: 'Later.' } : { id: 'whk_1' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApiClient({ baseUrl, apiKey: 'k', patienceMs: 20_000 });
  const made = await bodyOf(api.POST('/v1/webhooks', { body: { url: 'https://example.com' } }));
  await api.POST('/v1/uploads/{upload_id}/complete', { params: { path: { upload_id: 'upl_1' } } });
  expect(made.id).toBe('whk_1');
  expect(seen.map(({ key }) => typeof key)).toEqual(['string', 'string', 'undefined']);
  expect(seen[0]?.key).toBe(seen[1]?.key);
  expect((seen[1]?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeGreaterThan(950);
  server.closeAllConnections();
  server.close();
}, 30_000);

test('who asks too often for longer than he is ready to wait is told so at once, with the API’s own code', async () => {
  const server = createHttpServer((_request, response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '3600' });
    response.end(JSON.stringify({ code: 'RATE_LIMITED', detail: 'Later.' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApiClient({ baseUrl, apiKey: 'k' });
  await expect(api.GET('/v1/videos')).rejects.toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  server.closeAllConnections();
  server.close();
}, 30_000);
