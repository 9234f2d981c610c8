import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { createApiClient } from '../../client/api-client.js';

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
