import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { watchSpotNotice } from '../../src/runtime/spot-notice.js';

let server: Server;
afterEach(() => {
  server.close();
});

/** A metadata service that says nothing for `quiet` questions, then answers what is given. */
async function metadata(quiet: number, body: string): Promise<{ url: string; asked: () => number; tokens: () => number }> {
  let asked = 0;
  let tokens = 0;
  server = createServer((request, response) => {
    if (request.method === 'PUT' && request.url === '/latest/api/token') {
      tokens += 1;
      response.end('token-1');
      return;
    }
    asked += 1;
    const known = request.headers['x-aws-ec2-metadata-token'] === 'token-1';
    if (!known) response.writeHead(401).end();
    else if (asked <= quiet) response.writeHead(404).end();
    else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, tokens: () => tokens };
}
const logger = pino({ level: 'silent' });

test('a notice is heard once, with the time that is left', async () => {
  const time = new Date(Date.now() + 90_000).toISOString();
  const { url, asked, tokens } = await metadata(2, JSON.stringify({ action: 'terminate', time }));
  const heard: number[] = [];
  await watchSpotNotice({ url, signal: new AbortController().signal, logger, onNotice: (leftMs) => heard.push(leftMs), pollMs: 20 });
  expect(heard).toHaveLength(1);
  expect(heard[0]).toBeGreaterThan(80_000);
  expect(heard[0]).toBeLessThanOrEqual(90_000);
  expect([asked(), tokens()]).toEqual([3, 3]);
});

test('a service that fails is no notice, and the watch ends when it is told to', async () => {
  server = createServer((_request, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = new AbortController();
  const heard: number[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const watch = watchSpotNotice({ url, signal: stop.signal, logger, onNotice: (leftMs) => heard.push(leftMs), pollMs: 10 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  await watch;
  expect(heard).toEqual([]);
});
