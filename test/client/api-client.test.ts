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
