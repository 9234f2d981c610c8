import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { createClient } from '../../client/index.js';
import { verifyWebhook } from '../../client/verify-webhook.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers the n-th stream as the test says. */
async function streams(...answers: ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id']?.toString());
    answers[Math.min(asked.length, answers.length) - 1]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, client: createClient({ baseUrl, apiKey: 'rm_test_x', patienceMs: 3_000 }) };
}

const frame = (n: number, type = 'video.updated'): string => `id: evt_${n}\nevent: ${type}\ndata: ${JSON.stringify({ id: `evt_${n}`, type })}\n\n`;
const stream = (response: ServerResponse): ServerResponse => response.writeHead(200, { 'content-type': 'text/event-stream' });

async function take(events: AsyncIterable<{ id: string }>, count: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of events) if (ids.push(id) === count) break;
  return ids;
}

test('a stream that breaks in the middle of an event goes on behind the last whole one: no gap, no double', async () => {
  const { asked, client } = await streams(
    (_request, response) => {
      stream(response).write(`retry: 10\n\n:\n\n${frame(1)}${frame(2)}${frame(3).slice(0, 20)}`, () => setTimeout(() => response.destroy(), 50));
    },
    (_request, response) => void response.writeHead(503, { 'retry-after': '0' }).end(),
    (_request, response) => void stream(response).write(frame(3) + frame(4)),
  );
  expect(await take(client.events({ after: 'evt_0' }), 4)).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4']);
  expect(asked).toEqual(['evt_0', 'evt_2', 'evt_2']);
});

test('the stream of a video ends with its deletion, and a refusal is thrown with its code', async () => {
  const { asked, client } = await streams((_request, response) => void stream(response).end(frame(1) + frame(2, 'video.deleted')));
  expect(await take(client.events({ videoId: 'vid_1' }), 9)).toEqual(['evt_1', 'evt_2']);
  expect(asked).toHaveLength(1);
  const problem = JSON.stringify({ code: 'NOT_FOUND', detail: 'There is nothing here.' });
  const other = await streams((_request, response) => void response.writeHead(404, { 'content-type': 'application/problem+json' }).end(problem));
  await expect(take(other.client.events({ videoId: 'vid_2' }), 1)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
});

test('a stream from now on that breaks before its first event goes on from where it began', async () => {
  const { asked, client } = await streams(
    (_request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'last-event-id': 'pos_1' })
        .write('retry: 10\n\nid: pos_1\n\n', () => response.destroy());
    },
    (_request, response) => void stream(response).write(frame(1)),
  );
  expect(await take(client.events(), 1)).toEqual(['evt_1']);
  expect(asked).toEqual([undefined, 'pos_1']);
});

test('whoever stops asking leaves no connection behind', async () => {
  let open = 0;
  const { client } = await streams((request, response) => {
    open += 1;
    request.socket.once('close', () => {
      open -= 1;
    });
    stream(response).write(frame(1) + frame(2));
  });
  await take(client.events(), 1);
  for (let n = 0; n < 100 && open > 0; n += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(open).toBe(0);
});

test('a webhook is believed where its signature fits, and not where a byte, its time or the secret is another', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const body = JSON.stringify({ type: 'video.ready', timestamp: '2026-11-21T10:15:00.000Z', data: { id: 'evt_1' } });
  const headersAt = (at: Date) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('evt_1', at, body),
  });
  const headers = headersAt(new Date());
  expect(verifyWebhook(body, headers, secret)).toMatchObject({ type: 'video.ready', data: { id: 'evt_1' } });
  expect(verifyWebhook(Buffer.from(body), new Headers(headers), secret).type).toBe('video.ready');
  const wrong = { code: 'WEBHOOK_UNVERIFIED' };
  expect(() => verifyWebhook(body.replace('ready', 'reedy'), headers, secret)).toThrow(expect.objectContaining(wrong));
  expect(() => verifyWebhook(body, headersAt(new Date(Date.now() - 600_000)), secret)).toThrow(expect.objectContaining(wrong));
  expect(() => verifyWebhook(body, headers, `whsec_${Buffer.alloc(32, 8).toString('base64')}`)).toThrow(expect.objectContaining(wrong));
  expect(() => verifyWebhook(body, {}, secret)).toThrow(expect.objectContaining(wrong));
});
