import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { SERVER_LIMITS, stop } from '../../src/api/server.js';
import { PipelineError } from '../../src/domain/errors.js';
import { type Api, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const post = (options: Parameters<Api['call']>[2]) => api.call('POST', '/v1/uploads', options);

describe('bodies', () => {
  test.each([
    ['cut JSON', '{"file_name": "a'],
    ['no JSON', 'file_name=a'],
    ['a bare word', 'null'],
    ['a poisoned prototype', '{"file_name":"a","size_bytes":1,"__proto__":{"admin":true}}'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00, 0x7b])],
  ])('%s is 400', async (_what, raw) => {
    const refused = await post({ raw });
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(JSON.stringify(refused.body)).not.toMatch(/SyntaxError|at .*\.js/);
  });

  test('64 kB is the most, sent with its length or in pieces', async () => {
    const raw = JSON.stringify({ file_name: 'a', size_bytes: 1, pad: 'x'.repeat(70_000) });
    const whole = await post({ raw });
    expect([whole.status, whole.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const pieces = await fetch(`${api.url}/v1/uploads`, {
      method: 'POST',
      headers: { authorization: 'Bearer rm_test_acme1_0123456789abcdef0123', 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          for (let n = 0; n < 7; n += 1) controller.enqueue(new TextEncoder().encode('[1,'.repeat(4000)));
          controller.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    expect(pieces.status).toBe(413);
    await pieces.text();
    // Just under the limit is read, and refused for what it says.
    expect((await post({ raw: JSON.stringify({ pad: 'x'.repeat(65_000) }) })).status).toBe(400);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'garbage'])(
    '%s is 415',
    async (type) => {
      const refused = await post({ raw: '{"file_name":"a","size_bytes":1}', headers: { 'content-type': type } });
      expect([refused.status, refused.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  test('no body at all says what is missing', async () => {
    const { body } = await post({ body: { file_name: 'a', size_bytes: 1 } });
    const refused = await api.call('POST', `/v1/uploads/${body.id}/parts`);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
  });

  test('an unreadable Idempotency-Key is refused', async () => {
    for (const key of ['x'.repeat(256), 'a b']) {
      const refused = await post({ body: { file_name: 'a', size_bytes: 1 }, headers: { 'idempotency-key': key } });
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/headers/idempotency-key']);
    }
  });
});

describe('problems', () => {
  test('an address that does not exist, and a method that an address does not take', async () => {
    expect((await api.call('GET', '/nothing')).body).toMatchObject({ status: 404, code: 'NOT_FOUND', instance: '/nothing' });
    const refused = await api.call('PATCH', '/v1/videos');
    expect(refused.body).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(refused.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD']);
    expect(
      (await fetch(`${api.url}/v1/videos`, { method: 'PROPFIND', headers: { authorization: 'Bearer rm_test_acme1_0123456789abcdef0123' } })).status,
    ).toBe(405);
  });

  test('an unknown error shows its id only, and its stack is in the log under that id', async () => {
    api.catalogue.listVideos = () => Promise.reject(new TypeError('password=hunter2 is undefined'));
    const failed = await api.call('GET', '/v1/videos');
    expect(failed.body).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(failed.body)).not.toMatch(/hunter2|TypeError/);
    const line = api.logs.map((each) => JSON.parse(each)).find((each) => each.msg === 'a request failed');
    expect(line).toMatchObject({ request_id: failed.body.request_id, err: { type: 'TypeError', stack: expect.stringContaining('http.test') } });
  });

  test('a service that is away is 503 with Retry-After', async () => {
    api.catalogue.listVideos = () => Promise.reject(new PipelineError('CATALOGUE_UNAVAILABLE', { note: 'connect 10.0.0.7:5432' }));
    const failed = await api.call('GET', '/v1/videos');
    expect([failed.status, failed.body.code, failed.headers.get('retry-after')]).toEqual([503, 'CATALOGUE_UNAVAILABLE', '2']);
    expect(JSON.stringify(failed.body)).not.toContain('10.0.0.7');
  });

  test('the address in a problem carries no query', async () => {
    expect((await api.call('GET', '/v1/videos?limit=x&token=abc')).body.instance).toBe('/v1/videos');
  });
});

describe('headers', () => {
  test('a sane request id is kept, any other is replaced', async () => {
    expect((await api.call('GET', '/healthz', { headers: { 'x-request-id': 'job-42.a' } })).headers.get('x-request-id')).toBe('job-42.a');
    for (const wild of ['a b', 'x'.repeat(200), '<script>', '-rf']) {
      expect((await api.call('GET', '/healthz', { headers: { 'x-request-id': wild } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('every answer, good or bad, is told to be taken as what it says', async () => {
    for (const path of ['/healthz', '/v1/videos', '/nothing']) {
      const { headers } = await api.call('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toContain('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  test('a known origin may call and read what it needs, an unknown one may not', async () => {
    const known = await api.call('GET', '/v1/videos', { headers: { origin: 'https://app.test' } });
    expect(known.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(known.headers.get('access-control-expose-headers')?.split(',')).toEqual(expect.arrayContaining(['ETag', 'Retry-After', 'X-Request-Id']));
    const failed = await api.call('GET', '/v1/videos', { as: null, headers: { origin: 'https://app.test' } });
    expect(failed.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect((await api.call('GET', '/v1/videos', { headers: { origin: 'https://evil.test' } })).headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${api.url}/v1/uploads`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.test',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,idempotency-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Idempotency-Key/);
  });
});

describe('the server', () => {
  test('carries limits for slow clients, longer for sockets than for the longest wait', () => {
    expect(api.server).toMatchObject({ requestTimeout: 15_000, headersTimeout: 10_000, maxConnections: 10_000 });
    expect(api.server.timeout).toBe(SERVER_LIMITS.timeout);
    expect(api.server.timeout).toBeGreaterThan(30_000);
  });

  test('a client that dribbles its body is cut off', async () => {
    api.server.requestTimeout = 500;
    api.server.headersTimeout = 400;
    const { port } = new URL(api.url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('POST /v1/uploads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rm_test_acme1_0123456789abcdef0123\r\n');
        socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{');
      });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
  }, 15_000);

  test('a client that dribbles its headers is cut off, and so is one that sends too many', async () => {
    api.server.headersTimeout = 400;
    api.server.requestTimeout = 500;
    const { port } = new URL(api.url);
    const told = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        let answer = '';
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('close', () => resolve(answer.slice(0, 12)));
        socket.on('error', reject);
      });
    const dribbling = Array.from({ length: 50 }, () => told('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '));
    // Whoever behaves does not notice the fifty.
    expect((await api.call('GET', '/healthz')).status).toBe(200);
    expect(new Set(await Promise.all(dribbling))).toEqual(new Set(['HTTP/1.1 408']));
    expect(await told(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17 * 1024)}\r\n\r\n`)).toBe('HTTP/1.1 431');
  }, 15_000);

  test('a stop under load: every request that was taken is answered, and no connection breaks in its middle', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const seen = { answered: 0, broken: [] as string[] };
    let ready = true;
    const ask = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request(api.url + path, { agent, headers: { authorization: 'Bearer rm_test_acme1_0123456789abcdef0123' } }, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
          answer.once('error', reject);
        });
        sent.once('error', reject).end();
      });
    // As a load balancer does: nothing new goes to who says that he is not ready.
    const client = async (): Promise<void> => {
      while (ready) {
        const outcome = await ask('/v1/videos').catch((error: NodeJS.ErrnoException) => error.code ?? String(error));
        if (outcome === 200) seen.answered += 1;
        else seen.broken.push(String(outcome));
      }
    };
    const probe = async (): Promise<void> => {
      while (ready) {
        ready = (await ask('/readyz')) === 200;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const all = [...Array.from({ length: 20 }, client), probe()];
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Connections that are open and say nothing at the moment at which the stop begins, and do a moment later.
    const late = Array.from({ length: 10 }, () => connect(Number(new URL(api.url).port), '127.0.0.1'));
    const probeText = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    // Half of them have been used before: those are what Node calls idle.
    await Promise.all(late.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await Promise.all(late.slice(5).map((socket) => new Promise((resolve) => socket.once('data', resolve).write(probeText))));
    api.closing.abort();
    await Promise.all(all);
    const stopped = stop(api.server, 5_000);
    const answers = late.map((socket) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.write(probeText);
      return new Promise<string>((resolve) => {
        socket.once('error', (error) => resolve(String(error)));
        socket.once('close', () => resolve(text.slice(0, 15)));
      });
    });
    expect(await Promise.all(answers)).toEqual(Array(10).fill('HTTP/1.1 200 OK'));
    expect(await stopped).toBe(0);
    agent.destroy();
    expect(seen.broken).toEqual([]);
    expect(seen.answered).toBeGreaterThan(20);
  }, 30_000);

  test('a stop lets the running request finish and takes no new one', async () => {
    const { listVideos } = api.catalogue;
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    api.catalogue.listVideos = async (query) => {
      await gate;
      return await listVideos(query);
    };
    await api.call('GET', '/healthz');
    const running = api.call('GET', '/v1/videos');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = stop(api.server, 5_000);
    const fresh = connect(Number(new URL(api.url).port), '127.0.0.1');
    expect(await new Promise((resolve) => fresh.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)).once('connect', resolve))).toBe(
      'ECONNREFUSED',
    );
    go();
    expect((await running).status).toBe(200);
    expect(await stopped).toBe(0);
  });

  test('a stop cuts what does not finish in time, and says how much', async () => {
    api.catalogue.listVideos = () => new Promise(() => undefined);
    const hanging = api.call('GET', '/v1/videos').catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await stop(api.server, 200)).toBe(1);
    expect(await hanging).toBe('cut');
  });
});
