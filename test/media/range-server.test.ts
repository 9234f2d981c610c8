import { randomFillSync } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { rational } from '../../src/domain/rational.js';
import { type RangeServer, type ServedObject, serveObject } from '../../src/media/range-server.js';
import { encodeAll, joinRung, tinyPlan } from './encode-all.js';
import { countedFrames, ffmpeg, readCounters, tempFolder } from './lavfi.js';

jest.setTimeout(120_000);
const folder = tempFolder();
const servers: RangeServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  folder.remove();
});

const MIB = 1024 * 1024;
const bytes = randomFillSync(Buffer.alloc(3 * MIB + 17));
const inMemory = (read?: ServedObject['read']): ServedObject => ({
  sizeBytes: bytes.byteLength,
  read: read ?? ((start, end) => Promise.resolve(Readable.from([bytes.subarray(start, end + 1)]))),
});
const serve = async (object: ServedObject): Promise<RangeServer> => {
  const server = await serveObject(object);
  servers.push(server);
  return server;
};
const get = async (url: string, range?: string, method = 'GET') => {
  const response = await fetch(url, { method, headers: range ? { range } : {} });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};

describe('the address of one object', () => {
  it('serves it whole', async () => {
    const { status, headers, body } = await get((await serve(inMemory())).url);
    expect([status, headers.get('accept-ranges'), headers.get('content-length')]).toEqual([200, 'bytes', String(bytes.byteLength)]);
    expect(body.equals(bytes)).toBe(true);
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=5-1048580', 5, 1_048_580],
    ['bytes=1048576-2097151', MIB, 2 * MIB - 1],
    ['bytes=3145740-', 3_145_740, bytes.byteLength - 1],
    ['bytes=-20', bytes.byteLength - 20, bytes.byteLength - 1],
    ['bytes=100-99999999', 100, bytes.byteLength - 1],
  ])('serves the range %s', async (range, start, end) => {
    const { status, headers, body } = await get((await serve(inMemory())).url, range);
    expect([status, headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${bytes.byteLength}`]);
    expect(body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  it.each(['bytes=4000000-', `bytes=${bytes.byteLength}-`, 'bytes=-0'])('refuses the range %s, which it has not', async (range) => {
    const { status, headers } = await get((await serve(inMemory())).url, range);
    expect([status, headers.get('content-range')]).toEqual([416, `bytes */${bytes.byteLength}`]);
  });

  it.each(['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b'])('answers %s, which is no range, with the whole', async (range) => {
    expect((await get((await serve(inMemory())).url, range)).status).toBe(200);
  });

  it('answers HEAD without reading, and nothing but GET and HEAD', async () => {
    const server = await serve(inMemory());
    const { status, headers, body } = await get(server.url, undefined, 'HEAD');
    expect([status, headers.get('content-length'), body.byteLength, server.bytesRead()]).toEqual([200, String(bytes.byteLength), 0, 0]);
    expect((await get(server.url, undefined, 'POST')).status).toBe(405);
  });

  it('is known only to whom it was told', async () => {
    const server = await serve(inMemory());
    const { origin, pathname } = new URL(server.url);
    expect(pathname).toMatch(/^\/[0-9a-f]{32}$/);
    for (const path of ['/', '/source', `${pathname}x`, `${pathname}?a`, `/x${pathname}`]) expect((await get(origin + path)).status).toBe(404);
    expect(server.bytesRead()).toBe(0);
  });

  it('serves an object without bytes', async () => {
    const server = await serve({ sizeBytes: 0, read: () => Promise.reject(new Error('there is nothing to read')) });
    expect(await get(server.url)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect((await get(server.url, 'bytes=0-')).status).toBe(416);
    expect(server.failure()).toBeNull();
  });
});

describe('reading upstream', () => {
  it('reads what is asked for again once', async () => {
    const server = await serve(inMemory());
    await get(server.url, 'bytes=2097152-2097160');
    expect(server.bytesRead()).toBe(MIB / 4);
    await get(server.url, 'bytes=2097200-3000000');
    expect(server.bytesRead()).toBe(MIB);
    await get(server.url, 'bytes=2097152-3000000');
    expect(server.bytesRead()).toBe(MIB);
    await get(server.url);
    expect(server.bytesRead()).toBe(bytes.byteLength);
  });

  it('stops soon after a reader has gone, and takes that for no fault', async () => {
    let aborted = 0;
    let leave: () => void = () => undefined;
    // Endless for the test: each block comes only when it is broken off or after its time.
    const sizeBytes = 1000 * MIB;
    const server = await serve({
      sizeBytes,
      read: async (start, end, signal) => {
        signal.addEventListener('abort', () => {
          aborted += 1;
        });
        if (start > 0) {
          leave();
          await sleep(30_000, undefined, { signal });
        }
        return Readable.from([Buffer.alloc(end - start + 1)]);
      },
    });
    await new Promise<void>((resolve, reject) => {
      const call = request(server.url, { headers: { range: 'bytes=0-' } }, (response) => response.resume());
      leave = () => {
        call.off('error', reject).on('error', () => undefined);
        call.destroy();
        resolve();
      };
      call.on('error', reject).end();
    });
    for (let i = 0; i < 100 && aborted === 0; i += 1) await sleep(20);
    expect(aborted).toBe(1);
    await sleep(50);
    expect([server.failure(), server.bytesRead()]).toEqual([null, MIB / 4]);
  });

  it('reads one small block for a reader that leaves after the first bytes', async () => {
    const server = await serve({ sizeBytes: 400 * MIB, read: async (start, end) => Readable.from([Buffer.alloc(end - start + 1)]) });
    await new Promise<void>((resolve, reject) => {
      const call = request(server.url, { headers: { range: 'bytes=0-' } }, (response) => {
        response.once('data', () => {
          call.destroy();
          resolve();
        });
      });
      call.on('error', reject).end();
    });
    await sleep(200);
    // One more where this machine is so busy that the reader's leaving takes its time.
    expect(server.bytesRead()).toBeLessThanOrEqual(MIB);
  });

  it('waits for a slow reader', async () => {
    const server = await serve({ sizeBytes: 400 * MIB, read: async (start, end) => Readable.from([Buffer.alloc(end - start + 1)]) });
    const call = request(server.url);
    await new Promise<void>((resolve, reject) => {
      call.on('response', (response) => {
        response.pause();
        resolve();
      });
      call.on('error', reject).end();
    });
    await sleep(500);
    const read = server.bytesRead();
    await sleep(300);
    expect(server.bytesRead()).toBe(read);
    expect(read).toBeLessThan(32 * MIB);
    call.destroy();
  });

  it.each<[string, ServedObject['read']]>([
    ['does not come', () => Promise.reject(new Error('no such bucket'))],
    ['breaks in the middle', () => Promise.resolve(Readable.from(halfThen(() => new Error('connection reset'))))],
    ['ends early as if it were whole', (start, end) => Promise.resolve(Readable.from([bytes.subarray(start, end)]))],
    ['has more than was asked for', (start, end) => Promise.resolve(Readable.from([bytes.subarray(0, end - start + 2)]))],
  ])('remembers that upstream %s, and the answer never looks whole', async (_name, read) => {
    const server = await serve(inMemory(read));
    await expect(get(server.url)).rejects.toThrow();
    expect(server.failure()).toBeInstanceOf(Error);
  });

  it('remembers the first fault as it was', async () => {
    const fault = new Error('the first');
    const server = await serve(inMemory(() => Promise.reject(fault)));
    await expect(get(server.url)).rejects.toThrow();
    expect(server.failure()).toBe(fault);
  });

  it('closes while an answer is under way', async () => {
    const server = await serveObject(inMemory(() => new Promise(() => undefined)));
    const answer = expect(get(server.url)).rejects.toThrow();
    await sleep(100);
    await server.close();
    await answer;
    await expect(get(server.url)).rejects.toThrow();
  });
});

describe('ffmpeg reads through it', () => {
  const RATE = rational(30_000, 1001);
  const FRAMES = 70;
  const H264 = ['-c:v', 'libx264', '-preset', 'fast', '-bf', '3', '-g', '30', '-x264-params', 'open-gop=1'];
  const ofFile = (path: string): ServedObject => ({
    sizeBytes: statSync(path).size,
    read: async (start, end) => createReadStream(path, { start, end }),
  });

  it.each([
    ['MP4, index at the end', 'a.mp4', []],
    ['MP4, index at the front', 'b.mp4', ['-movflags', 'faststart']],
    ['MKV', 'c.mkv', []],
  ])('%s: the same bytes as from the file', async (_name, file, flags) => {
    const source = folder.file(file);
    ffmpeg(...countedFrames('30000/1001', FRAMES), ...H264, ...flags, source);
    const server = await serve(ofFile(source));
    const plan = tinyPlan({ rate: RATE, frameCount: FRAMES, video: { runInFrames: 6 } });
    const served = await encodeAll(plan, { url: server.url, protocols: 'http,tcp' }, folder.path);
    expect(server.failure()).toBeNull();
    expect(server.bytesRead()).toBe(statSync(source).size);
    const local = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    for (const rung of plan.rungs.keys()) {
      expect(served.map((chunk) => chunk.rungs[rung]?.bytes)).toEqual(local.map((chunk) => chunk.rungs[rung]?.bytes));
    }
    expect(readCounters(joinRung(served, 0, folder.file('joined.mp4')))).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
  });

  it('and cannot hide a store that fails: what comes out is refused, and the fault is known', async () => {
    const source = folder.file('large.mp4');
    const noise = ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=3,noise=alls=60:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12'];
    ffmpeg(...noise, '-movflags', 'faststart', source);
    expect(statSync(source).size).toBeGreaterThan(3 * MIB);
    const fault = new Error('503 slow down');
    const server = await serve({
      sizeBytes: statSync(source).size,
      read: (start, end) =>
        start < 2 * MIB ? Promise.resolve(Readable.from([readFileSync(source).subarray(start, end + 1)])) : Promise.reject(fault),
    });
    const plan = tinyPlan({ rate: rational(25), frameCount: 75 });
    await expect(encodeAll(plan, { url: server.url, protocols: 'http,tcp' }, folder.path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
    expect(server.failure()).toBe(fault);
  });
});

async function* halfThen(fault: () => Error): AsyncGenerator<Buffer> {
  yield bytes.subarray(0, MIB / 2);
  await sleep(20);
  throw fault();
}
