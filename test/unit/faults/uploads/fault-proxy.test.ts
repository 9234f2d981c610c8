import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type FaultProxy, startFaultProxy } from '../../../../faults/uploads/fault-proxy.js';
import type { HttpFault } from '../../../../faults/uploads/http-fault.js';
import { expiryOf } from '../../../../faults/uploads/http-fault.js';
import { apiOperation, s3Operation } from '../../../../faults/uploads/operations.js';
import { type ExchangeEnd, NO_WATCH, type Watch } from '../../../../faults/uploads/watch.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly body: Buffer;
}

/** A store that takes everything and answers "stored", behind a proxy with that watch. */
async function world(watch: Partial<Watch>) {
  const seen: Seen[] = [];
  const server = createServer((incoming, answer) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      seen.push({ method: incoming.method, url: incoming.url, host: incoming.headers.host, body: Buffer.concat(pieces) });
      answer.writeHead(200, { etag: '"e"', 'content-length': '6' }).end('stored');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo;
  const ends: ExchangeEnd[] = [];
  const proxy: FaultProxy = await startFaultProxy({
    ...{ line: 'client → S3', target: () => `http://127.0.0.1:${port}`, operationOf: s3Operation },
    watch: () => ({ ...NO_WATCH, ended: (end) => ends.push(end), ...watch }),
  });
  closers.push(() => proxy.close());
  const ended = async (): Promise<ExchangeEnd> => {
    for (const endMs = Date.now() + 5_000; ends.length === 0 && Date.now() < endMs; ) await sleep(5);
    const [end] = ends;
    if (!end) throw new Error('the request has not ended');
    return end;
  };
  return { proxy, seen, ended };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
const PATH = '/bucket/key?partNumber=1&uploadId=u';

function put(endpoint: string, body: Buffer, path = PATH): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(endpoint + path, { method: 'PUT', headers: { 'content-length': body.length, 'x-mine': '1' } }, (back) => {
      let text = '';
      back.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      back.on('end', () => resolve({ status: back.statusCode ?? 0, headers: back.headers, text }));
      back.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

const body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
const meeting = (fault: HttpFault): Partial<Watch> => ({ meet: () => fault });

describe('a fault proxy', () => {
  test('passes on what nothing is meant to befall: body, path, Host and answer', async () => {
    const { proxy, seen, ended } = await world({});
    const answer = await put(proxy.endpoint, body);
    expect(answer).toMatchObject({ status: 200, text: 'stored', headers: { etag: '"e"' } });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'PUT', url: PATH, host: new URL(proxy.endpoint).host });
    expect(seen[0]?.body.equals(body)).toBe(true);
    expect(await ended()).toMatchObject({
      how: 'told',
      status: 200,
      receivedBytes: body.length,
      fault: null,
      operation: 'UploadPart',
      expired: false,
    });
  });

  test.each(['before its body', 'after its body'] as const)('refuses %s, and the server never hears of it', async (when) => {
    const { proxy, seen, ended } = await world(meeting({ kind: 'refuse', status: 503, retryAfterS: 1, when }));
    const answer = await put(proxy.endpoint, body);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(answer.text).toContain('<Code>SlowDown</Code>');
    expect(await ended()).toMatchObject({ how: 'told', status: 503, receivedBytes: body.length });
    expect(seen).toHaveLength(0);
  });

  test.each(['before its body', 'after its body'] as const)('disconnects %s', async (when) => {
    const { proxy, seen, ended } = await world(meeting({ kind: 'disconnect', when }));
    await expect(put(proxy.endpoint, body)).rejects.toThrow();
    const end = await ended();
    expect(end).toMatchObject({ how: 'cut', status: null });
    expect(end.receivedBytes).toBe(when === 'before its body' ? 0 : body.length);
    expect(seen).toHaveLength(0);
  });

  test('resets in mid-body: the server gets no whole request', async () => {
    const { proxy, seen, ended } = await world(meeting({ kind: 'reset', at: 0.5 }));
    await expect(put(proxy.endpoint, body)).rejects.toThrow();
    const end = await ended();
    expect(end.how).toBe('cut');
    expect(end.receivedBytes).toBeGreaterThanOrEqual(body.length / 2);
    expect(seen).toHaveLength(0);
  });

  test('loses an answer: the server did it, nobody hears', async () => {
    const { proxy, seen, ended } = await world(meeting({ kind: 'lost answer' }));
    await expect(put(proxy.endpoint, body)).rejects.toThrow();
    expect(await ended()).toMatchObject({ how: 'cut', receivedBytes: body.length });
    expect(seen[0]?.body.equals(body)).toBe(true);
  });

  test('breaks off an answer in its middle', async () => {
    const { proxy, seen } = await world(meeting({ kind: 'half answer' }));
    await expect(put(proxy.endpoint, body)).rejects.toThrow(/aborted|hang up/);
    expect(seen).toHaveLength(1);
  });

  test.each([true, false])('says 200 and means no (done: %s)', async (done) => {
    const { proxy, seen } = await world(meeting({ kind: 'error in 200', done }));
    const answer = await put(proxy.endpoint, body);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<Error><Code>InternalError</Code>');
    expect(seen).toHaveLength(done ? 1 : 0);
  });

  test('is silent, and then goes on or closes', async () => {
    const on = await world(meeting({ kind: 'stall', ms: 60, next: 'goes on' }));
    const beganMs = performance.now();
    expect((await put(on.proxy.endpoint, body)).status).toBe(200);
    expect(performance.now() - beganMs).toBeGreaterThan(50);
    const off = await world(meeting({ kind: 'stall', ms: 10, next: 'closes' }));
    await expect(put(off.proxy.endpoint, body)).rejects.toThrow();
    expect(off.seen).toHaveLength(0);
  });

  test('slows a line, and every byte arrives', async () => {
    const { proxy, seen } = await world(meeting({ kind: 'slow', bytesPerS: 3_000_000, ms: 10_000 }));
    const beganMs = performance.now();
    expect((await put(proxy.endpoint, body)).status).toBe(200);
    expect(performance.now() - beganMs).toBeGreaterThan(70);
    expect(seen[0]?.body.equals(body)).toBe(true);
  });

  test('flips one bit', async () => {
    const { proxy, seen } = await world(meeting({ kind: 'flip', at: 0.5 }));
    await put(proxy.endpoint, body);
    const arrived = seen[0]?.body ?? Buffer.alloc(0);
    const other = [...arrived.keys()].filter((index) => arrived[index] !== body[index]);
    expect(other).toEqual([Math.floor(0.5 * (body.length - 1))]);
    expect((arrived[other[0] ?? 0] ?? 0) ^ (body[other[0] ?? 0] ?? 0)).toBe(1);
  });

  test('holds a request until its signature has expired', async () => {
    const { proxy, ended } = await world(meeting({ kind: 'expire' }));
    const signedAt = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
    await put(proxy.endpoint, Buffer.from('x'), `${PATH}&X-Amz-Date=${signedAt}&X-Amz-Expires=1`);
    expect(await ended()).toMatchObject({ how: 'told', expired: true });
  });

  test('holds a request or its answer while somebody acts', async () => {
    const acts: string[] = [];
    const { proxy, seen } = await world({
      async meet() {
        await sleep(20);
        acts.push(`meet ${seen.length}`);
        return null;
      },
      async answered() {
        await sleep(20);
        acts.push(`answered ${seen.length}`);
      },
    });
    await put(proxy.endpoint, body).then(() => acts.push('told'));
    expect(acts).toEqual(['meet 0', 'answered 1', 'told']);
  });

  test('passes nothing on for a sender that died while it was held', async () => {
    let letGo: () => void = () => undefined;
    const { proxy, seen, ended } = await world({
      meet: () =>
        new Promise((resolve) => {
          letGo = () => resolve(null);
        }),
    });
    const sending = request(proxy.endpoint + PATH, { method: 'PUT', headers: { 'content-length': '1' } });
    sending.on('error', () => undefined);
    sending.end('x');
    await sleep(50);
    sending.destroy();
    await sleep(50);
    letGo();
    expect((await ended()).how).toBe('left');
    expect(seen).toHaveLength(0);
  });

  test('closes the connection where no server listens', async () => {
    const proxy = await startFaultProxy({
      line: 'client → API',
      target: () => 'http://127.0.0.1:1',
      operationOf: apiOperation,
      watch: () => NO_WATCH,
    });
    closers.push(() => proxy.close());
    await expect(put(proxy.endpoint, body)).rejects.toThrow();
  });
});

test.each([
  ['PUT', '/b/sources/k?partNumber=3&uploadId=u&X-Amz-Date=1', 'UploadPart'],
  ['POST', '/b/sources/k?uploads', 'CreateMultipartUpload'],
  ['POST', '/b/sources/k?uploads=&x-id=CreateMultipartUpload', 'CreateMultipartUpload'],
  ['POST', '/b/sources/k?uploadId=u', 'CompleteMultipartUpload'],
  ['GET', '/b/sources/k?uploadId=u', 'ListParts'],
  ['DELETE', '/b/sources/k?uploadId=u', 'AbortMultipartUpload'],
  ['GET', '/b?uploads=', 'ListMultipartUploads'],
  ['HEAD', '/b/sources/k', 'HeadObject'],
  ['HEAD', '/b', 'other'],
  ['PUT', '/b/work/k', 'PutObject'],
  ['GET', '/b/work/k?x-id=GetObject', 'GetObject'],
])('%s %s is %s', (method, url, operation) => {
  expect(s3Operation(method, url)).toBe(operation);
});

test.each([
  ['POST', '/v1/uploads', 'createUpload'],
  ['POST', '/v1/uploads/upl_1/parts', 'signParts'],
  ['POST', '/v1/uploads/upl_1/complete', 'completeUpload'],
  ['GET', '/v1/uploads/upl_1', 'other'],
])('%s %s of the API is %s', (method, url, operation) => {
  expect(apiOperation(method, url)).toBe(operation);
});

test('a presigned URL tells when it ends', () => {
  expect(expiryOf('/b/k?X-Amz-Date=20261121T163000Z&X-Amz-Expires=15')).toBe(Date.parse('2026-11-21T16:30:15Z'));
  expect(expiryOf('/b/k')).toBeNull();
});
