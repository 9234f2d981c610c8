import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { startFaultProxy } from '../../faults/uploads/fault-proxy.js';
import { s3Operation } from '../../faults/uploads/operations.js';
import { NO_WATCH } from '../../faults/uploads/watch.js';
import type { S3Timeouts } from '../../src/storage/s3-connection.js';
import { createS3ObjectStore } from '../../src/storage/s3-object-store.js';
import { readAll, refusal, sha256 } from '../contract/object-store-harness.js';
import { answers, breaksOff, type Fault, type FaultServer, hangs, s3Error, startFaultServer } from './fault-server.js';
import { dropBucket, realS3 } from './real-s3.js';

// The SDK waits for seconds between tries after SlowDown.
jest.setTimeout(60_000);

const body = Buffer.from('{"chunk":7}');
const asJson = { contentType: 'application/json', sha256: sha256(body) };
const once = { ...asJson, onlyIfAbsent: true };
const modifiedAt = '2026-11-21T10:15:00.000Z';
const part = { partNumber: 1, sizeBytes: 5, etag: 'e' };
const completed = '<CompleteMultipartUploadResult><ETag>"joined-1"</ETag></CompleteMultipartUploadResult>';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function storeAt(endpoint: string, timeouts: Partial<S3Timeouts> = {}, bucket = 'faulty') {
  const { credentials } = realS3();
  const store = createS3ObjectStore({ endpoint, region: 'us-east-1', bucket, credentials, timeouts });
  open.push(() => store.close());
  return store;
}

async function withFaults(...faults: readonly [Fault, ...Fault[]]): Promise<FaultServer> {
  const server = await startFaultServer(...faults);
  open.push(() => server.close());
  return server;
}

/** Real S3 behind a proxy that loses its first answer: it happened, and nobody hears. */
async function losingOneAnswer(endpoint: string) {
  const requests: string[] = [];
  const proxy = await startFaultProxy({
    line: 'control → S3',
    target: () => endpoint,
    operationOf: s3Operation,
    watch: () => ({ ...NO_WATCH, meet: ({ method }) => (requests.push(method) === 1 ? { kind: 'lost answer' } : null) }),
  });
  open.push(() => proxy.close());
  return { endpoint: proxy.endpoint, requests };
}

describe('S3 that fails for a moment', () => {
  it.each([
    ['503', answers(503, s3Error('SlowDown'))],
    ['500', answers(500, s3Error('InternalError'))],
    ['429', answers(429, s3Error('TooManyRequests'))],
    ['a closed connection', ((_incoming, answer) => answer.destroy()) as Fault],
    ['half an answer', breaksOff('<ListBucketResult><Contents>', 400, 'close')],
  ])('is asked again after %s', async (_case, fault) => {
    const server = await withFaults(
      fault,
      fault,
      answers(
        200,
        `<ListBucketResult><Contents>${['<Key>k</Key><Size>3</Size><ETag>"e"</ETag>', `<LastModified>${modifiedAt}</LastModified>`].join('')}</Contents></ListBucketResult>`,
      ),
    );
    expect(await storeAt(server.endpoint).list('')).toEqual({ objects: [{ key: 'k', sizeBytes: 3, etag: 'e', modifiedAt }], next: null });
    expect(server.requests).toHaveLength(3);
  });

  it('is asked four times at most, and is then unavailable, with what it said', async () => {
    const server = await withFaults(answers(503, s3Error('SlowDown')));
    const error = await refusal(storeAt(server.endpoint).put('k', body, asJson));
    expect(error.code).toBe('STORAGE_UNAVAILABLE');
    expect(error.details).toMatchObject({ operation: 'PutObject', key: 'k', s3Code: 'SlowDown', httpStatus: 503, attempts: 4 });
    expect(server.requests).toHaveLength(4);
  });

  it('is unavailable where nobody listens', async () => {
    const server = await startFaultServer(hangs);
    await server.close();
    const store = storeAt(server.endpoint);
    for (const ask of [() => store.head('k'), () => store.ping(), () => store.put('k', body, asJson)]) {
      expect((await refusal(ask())).code).toBe('STORAGE_UNAVAILABLE');
    }
  });
});

describe('S3 that refuses', () => {
  it.each([
    [403, 'AccessDenied'],
    [400, 'InvalidArgument'],
    [404, 'NoSuchBucket'],
  ])('is not asked again after %i %s, and its code is kept', async (status, code) => {
    const server = await withFaults(answers(status, s3Error(code)));
    const error = await refusal(storeAt(server.endpoint).get('k'));
    expect([error.code, error.details.s3Code, error.details.httpStatus]).toEqual(['INTERNAL', code, status]);
    expect(server.requests).toHaveLength(1);
  });

  it('is heard when it deletes some keys and not others', async () => {
    const failed = '<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>';
    const server = await withFaults(answers(200, failed));
    expect((await refusal(storeAt(server.endpoint).delete(['a', 'b']))).details).toMatchObject({ s3Code: 'AccessDenied', key: 'b' });
  });

  it('fails a ping where the bucket is not there', async () => {
    const s3 = realS3();
    expect((await refusal(storeAt(s3.endpoint, {}, s3.bucket).ping())).code).toBe('INTERNAL');
  });
});

describe('S3 that says 200 and means no', () => {
  it.each([
    ['an error', s3Error('InternalError')],
    ['an error and a line end, which the SDK overlooks', `${s3Error('InternalError')}\n`],
    ['an error after a minute of blanks', `   \n ${s3Error('InternalError')}`],
    ['nothing', ''],
    ['something else', '<html>proxy</html>'],
  ])('has not completed a multipart: %s in the body', async (_case, text) => {
    const server = await withFaults(answers(200, text));
    expect((await refusal(storeAt(server.endpoint).completeMultipart('k', 'id', [part]))).code).toBe('STORAGE_UNAVAILABLE');
  });

  it('has completed where the error was followed by success', async () => {
    const server = await withFaults(answers(200, s3Error('InternalError')), answers(200, completed), answers(200, '', { etag: '"joined-1"' }));
    expect(await storeAt(server.endpoint).completeMultipart('k', 'id', [part])).toBe('completed');
    expect(server.requests.map((line) => line.split(' ')[0])).toEqual(['POST', 'POST', 'HEAD']);
  });

  it('has not completed while there is no object, and a completed one with another etag is not ours', async () => {
    const none = await withFaults(answers(200, completed), answers(404));
    expect((await refusal(storeAt(none.endpoint).completeMultipart('k', 'id', [part]))).code).toBe('STORAGE_UNAVAILABLE');
    const other = await withFaults(answers(200, completed), answers(200, '', { etag: '"other-1"' }));
    expect(await storeAt(other.endpoint).completeMultipart('k', 'id', [part])).toBe('gone');
  });
});

describe('S3 that hangs', () => {
  const soon = { responseMs: 150, idleMs: 150, pingMs: 150 };

  it('before it answers, is unavailable after four tries', async () => {
    const server = await withFaults(hangs);
    const error = await refusal(storeAt(server.endpoint, soon).head('k'));
    expect([error.code, error.details.s3Code]).toEqual(['STORAGE_UNAVAILABLE', 'TimeoutError']);
    expect(server.requests).toHaveLength(4);
  });

  it('in the middle of a small answer, is asked again', async () => {
    const server = await withFaults(breaksOff('<ListBucketResult>', 400, 'hang'), answers(200, '<ListBucketResult></ListBucketResult>'));
    expect(await storeAt(server.endpoint, soon).list('')).toEqual({ objects: [], next: null });
  });

  it('in the middle of a refusal, is asked again', async () => {
    const hang: Fault = (_incoming, answer) => {
      answer.writeHead(404, { 'content-length': '400' });
      answer.write('<Error>');
    };
    const server = await withFaults(hang, answers(404, s3Error('NoSuchKey')));
    expect(await storeAt(server.endpoint, soon).get('k')).toBeNull();
  });

  it('in the middle of an object, ends the body with an error', async () => {
    const server = await withFaults(breaksOff('0123', 10, 'hang'));
    const object = await storeAt(server.endpoint, soon).get('k');
    const error = await refusal(readAll(object?.body ?? never()));
    expect([error.code, error.details.s3Code]).toEqual(['STORAGE_UNAVAILABLE', 'TimeoutError']);
  });

  it('fails a ping within its own deadline', async () => {
    const server = await withFaults(hangs);
    expect((await refusal(storeAt(server.endpoint, { ...soon, responseMs: 60_000 }).ping())).code).toBe('STORAGE_UNAVAILABLE');
    expect(server.requests).toHaveLength(1);
  });

  it('lets the caller go at once, with the reason that was given', async () => {
    const server = await withFaults(hangs);
    const controller = new AbortController();
    const asked = storeAt(server.endpoint).get('k', { signal: controller.signal });
    const reason = new Error('cancelled by its owner');
    setTimeout(() => controller.abort(reason), 50);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('a body', () => {
  it('that is cut short ends with an error, not early', async () => {
    const server = await withFaults(breaksOff('0123', 10, 'close'));
    const object = await storeAt(server.endpoint).get('k');
    expect(object?.contentLength).toBe(10);
    expect((await refusal(readAll(object?.body ?? never()))).code).toBe('STORAGE_UNAVAILABLE');
  });

  it('that breaks before anyone reads it tells its first reader, and nobody else', async () => {
    const server = await withFaults(breaksOff('0123', 10, 'close'));
    const object = await storeAt(server.endpoint).get('k');
    await sleep(200);
    expect((await refusal(readAll(object?.body ?? never()))).code).toBe('STORAGE_UNAVAILABLE');
  });

  it('whose checksum is wrong ends with an error', async () => {
    const server = await withFaults(answers(200, '0123', { 'x-amz-checksum-crc32': 'AAAAAA==', 'last-modified': new Date(0).toUTCString() }));
    const object = await storeAt(server.endpoint).get('k');
    expect((await refusal(readAll(object?.body ?? never()))).code).toBe('STORAGE_UNAVAILABLE');
  });

  it('is not taken for a range where the server ignored the range', async () => {
    const server = await withFaults(answers(200, '0123456789'));
    expect((await refusal(storeAt(server.endpoint).get('k', { start: 2, end: 3 }))).code).toBe('INTERNAL');
  });

  it('waits for a reader that rests for longer than any silence is allowed', async () => {
    const s3 = realS3();
    const store = storeAt(s3.endpoint, { idleMs: 200, responseMs: 2000 }, s3.bucket);
    await store.prepareBucket({ corsOrigins: [] });
    const large = Buffer.alloc(12 * 1024 * 1024, 'frame');
    await store.put('k', large, { contentType: 'video/mp4', sha256: sha256(large) });
    const object = await store.get('k');
    const pieces: Buffer[] = [];
    for await (const piece of object?.body ?? never()) {
      if (pieces.length === 2) await sleep(900);
      pieces.push(piece);
    }
    expect(sha256(Buffer.concat(pieces))).toBe(sha256(large));
    await dropBucket(store, s3);
  });
});

describe('a write that must happen once', () => {
  const conflict = answers(409, s3Error('ConditionalRequestConflict'));

  it('is tried again while S3 settles another one, and then stored or lost', async () => {
    const stored = await withFaults(conflict, conflict, answers(200));
    expect(await storeAt(stored.endpoint).put('k', body, once)).toBe('stored');
    const lost = await withFaults(conflict, answers(412, s3Error('PreconditionFailed')), answers(200, '', { 'x-amz-meta-write-id': 'somebody' }));
    expect(await storeAt(lost.endpoint).put('k', body, once)).toBe('exists');
  });

  it('gives up where the conflict never ends', async () => {
    const server = await withFaults(conflict);
    expect((await refusal(storeAt(server.endpoint).put('k', body, once))).code).toBe('STORAGE_UNAVAILABLE');
    expect(server.requests.length).toBeLessThan(10);
  });

  it('claims nothing where the key is gone by the time the loser looks', async () => {
    const server = await withFaults(answers(412, s3Error('PreconditionFailed')), answers(404));
    expect((await refusal(storeAt(server.endpoint).put('k', body, once))).code).toBe('STORAGE_UNAVAILABLE');
  });

  it('knows its own object again when the answer was lost on the way: the winner never takes itself for a loser', async () => {
    const s3 = realS3();
    const direct = storeAt(s3.endpoint, {}, s3.bucket);
    await direct.prepareBucket({ corsOrigins: [] });
    const lossy = await losingOneAnswer(s3.endpoint);
    expect(await storeAt(lossy.endpoint, {}, s3.bucket).put('won', body, once)).toBe('stored');
    expect(lossy.requests).toEqual(['PUT', 'PUT', 'HEAD']);
    // The same bytes by another hand: only the write itself tells them apart.
    await direct.put('lost', body, once);
    const late = await losingOneAnswer(s3.endpoint);
    expect(await storeAt(late.endpoint, {}, s3.bucket).put('lost', body, once)).toBe('exists');
    await dropBucket(direct, s3);
  });
});

describe('what goes over the wire', () => {
  it('makes multiparts without a checksum algorithm, so that bare parts are taken', async () => {
    const server = await withFaults(answers(200, '<R><UploadId>u</UploadId></R>'));
    await storeAt(server.endpoint).createMultipart('k', { contentType: 'video/mp4', metadata: {} });
    expect(Object.keys(server.headers[0] ?? {}).filter((name) => name.includes('checksum'))).toEqual([]);
  });

  it('signs part URLs for the public host, with the length and without a checksum', async () => {
    const store = createS3ObjectStore({ ...realS3(), publicEndpoint: 'https://s3.example.com:8443', bucket: 'b-1' });
    open.push(() => store.close());
    const url = new URL(await store.presignPart({ key: 'sources/t/v/u', multipartId: 'id', partNumber: 3, sizeBytes: 8, ttlS: 900 }));
    expect([url.origin, url.pathname]).toEqual(['https://s3.example.com:8443', '/b-1/sources/t/v/u']);
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
    expect([...url.searchParams.keys()].filter((name) => name.includes('checksum'))).toEqual([]);
  });
});

function never(): never {
  throw new Error('the object is absent');
}
