import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Address, createPostWebhook, type PostOptions } from '../../src/activities/post-webhook.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver, and what it was sent. */
async function receiver(answer: RequestListener = (_request, response) => response.writeHead(204).end(), host = '127.0.0.1', port = 0) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return { seen, port: (server.address() as AddressInfo).port };
}
const any = (more: Partial<PostOptions> = {}) => createPostWebhook({ targets: 'any', ...more });
const send = (post: ReturnType<typeof any>, url: string) => post(url, { 'webhook-id': 'evt_1', 'content-type': 'application/json' }, '{"a":"ü"}');

test('sends the body and the headers as they are, and takes any 2xx for an answer', async () => {
  const { seen, port } = await receiver();
  expect(await send(any(), `http://127.0.0.1:${port}/hook`)).toEqual({ status: 204, error: null, ms: expect.any(Number) });
  expect(seen).toMatchObject([{ body: '{"a":"ü"}', headers: { 'webhook-id': 'evt_1', host: `127.0.0.1:${port}`, 'content-length': '10' } }]);
});

test.each([301, 307, 400, 404, 410, 500, 503])('%i is no success, and no redirect is followed', async (status) => {
  const elsewhere = await receiver();
  const { port } = await receiver((_request, response) => response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/` }).end());
  const tried = await send(any(), `http://127.0.0.1:${port}/`);
  expect([tried.status, tried.error]).toEqual([status, expect.stringContaining(String(status))]);
  expect(elsewhere.seen).toEqual([]);
});

test('a name that answers otherwise the second time leads to what was checked', async () => {
  const checked = await receiver(undefined, '127.0.0.2');
  const secret = await receiver(undefined, '127.0.0.1', checked.port);
  const answers: Address[][] = [[{ address: '127.0.0.2', family: 4 }], [{ address: '127.0.0.1', family: 4 }]];
  let asked = 0;
  const resolve = async (): Promise<Address[]> => {
    asked += 1;
    return answers[asked - 1] ?? [];
  };
  expect((await send(any({ resolve }), `http://rebinding.test:${checked.port}/`)).status).toBe(204);
  expect([asked, checked.seen.length, secret.seen.length]).toEqual([1, 1, 0]);
});

test.each([['127.0.0.1'], ['10.0.0.1'], ['169.254.169.254'], ['::1'], ['::ffff:127.0.0.1'], ['fd00::1']])(
  'a public receiver whose name stands for %s, be it among others, is not called',
  async (address) => {
    const { seen, port } = await receiver();
    const family = address.includes(':') ? 6 : 4;
    const resolve = async (): Promise<Address[]> => [
      { address: '93.184.216.34', family: 4 },
      { address, family },
    ];
    const tried = await send(createPostWebhook({ targets: 'public', resolve }), `https://receiver.test:${port}/`);
    expect(tried).toMatchObject({ status: null, error: expect.stringContaining('not public') });
    expect(seen).toEqual([]);
  },
);

test.each(['127.0.0.1', '[::1]', '0x7f.1', '2130706433', '①②⑦.0.0.1', '[::ffff:127.0.0.1]', '169.254.169.254', '0'])(
  'the address https://%s/ is not called',
  async (host) => {
    const never = (): never => {
      throw new Error('a number needs no look-up');
    };
    const tried = await send(createPostWebhook({ targets: 'public', resolve: never }), `https://${host}/`);
    expect(tried).toMatchObject({ status: null, error: expect.stringContaining('not public') });
  },
);

test('http is for laptops only', async () => {
  const { seen, port } = await receiver();
  expect((await send(createPostWebhook({ targets: 'public' }), `http://127.0.0.1:${port}/`)).error).toContain('https');
  expect(seen).toEqual([]);
});

test('a receiver that is slow, silent, gone or unknown is told in words, without our own addresses', async () => {
  const silent = await receiver(() => undefined);
  const dribbles = await receiver((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(timer));
  });
  const post = any({ timeoutMs: 200 });
  expect(await send(post, `http://127.0.0.1:${silent.port}/`)).toMatchObject({ status: null, error: 'There was no answer within 0.2 s.' });
  expect(await send(post, `http://127.0.0.1:${dribbles.port}/`)).toMatchObject({ error: 'There was no answer within 0.2 s.' });
  expect((await send(post, 'http://127.0.0.1:1/')).error).toBe('It could not be reached: ECONNREFUSED.');
  const hangs = any({ timeoutMs: 100, resolve: () => new Promise(() => undefined) });
  expect((await send(hangs, 'http://slow-dns.test/')).error).toContain('no answer');
  const unknown = any({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
  expect((await send(unknown, 'http://nobody.test/')).error).toBe('It could not be reached: ENOTFOUND.');
});

test('an endless answer is read to 64 kB, and its status counts', async () => {
  let written = 0;
  const { port } = await receiver((_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384;
    };
    response.on('drain', more);
    more();
  });
  const tried = await send(any({ timeoutMs: 5_000 }), `http://127.0.0.1:${port}/`);
  expect([tried.status, tried.error]).toEqual([200, null]);
  expect(written).toBeLessThan(20_000_000);
});
