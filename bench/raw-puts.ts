import { createReadStream } from 'node:fs';
import { Agent, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../src/storage/object-store.js';

export interface RawWish {
  readonly store: ObjectStore;
  readonly key: string;
  readonly file: string;
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly parallel: number;
}

/**
 * What the same parts cost with nothing around them: URLs signed beforehand, then bare PUTs straight from the file, so
 * many at a time, until the last one is answered. The multipart is thrown away. Resolves with milliseconds.
 * @throws Error where the store does not take a part
 */
export async function rawPuts({ store, key, file, sizeBytes, partSizeBytes, parallel }: RawWish): Promise<number> {
  const multipartId = await store.createMultipart(key, { contentType: 'application/octet-stream', metadata: {} });
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  try {
    const count = Math.ceil(sizeBytes / partSizeBytes);
    const parts = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const start = index * partSizeBytes;
        const size = Math.min(partSizeBytes, sizeBytes - start);
        return { start, size, url: await store.presignPart({ key, multipartId, partNumber: index + 1, sizeBytes: size, ttlS: 3600 }) };
      }),
    );
    const startedMs = performance.now();
    await Promise.all(
      Array.from({ length: parallel }, async () => {
        for (let part = parts.shift(); part !== undefined; part = parts.shift()) await put(part, file, agent);
      }),
    );
    return performance.now() - startedMs;
  } finally {
    agent.destroy();
    await store.abortMultipart(key, multipartId);
  }
}

async function put(part: { readonly url: string; readonly start: number; readonly size: number }, file: string, agent: Agent): Promise<void> {
  const sent = request(part.url, { method: 'PUT', agent, headers: { 'Content-Length': String(part.size) } });
  const answered = new Promise<number>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
  });
  await pipeline(createReadStream(file, { start: part.start, end: part.start + part.size - 1, highWaterMark: 256 * 1024 }), sent);
  const status = await answered;
  if (status !== 200) throw new Error(`a bare PUT was answered with ${status}`);
}
