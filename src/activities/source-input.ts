import { PipelineError } from '../domain/errors.js';
import type { SourceFacts } from '../domain/probe.js';
import { serveObject } from '../media/range-server.js';
import type { ObjectStore } from '../storage/object-store.js';

export interface SourceInput {
  readonly url: string;
  readonly protocols: string;
  bytesRead(): number;
}

/**
 * Lends one source to one ffmpeg or ffprobe: an address on loopback that serves this object's ranges and nothing
 * else, pinned to the bytes that were accepted. The process holds no credential, and reads its share only.
 * A fault of the store wins over what ffmpeg made of it: a broken read must not be counted as broken content.
 */
export async function withSource<T>(store: ObjectStore, source: SourceFacts, work: (input: SourceInput) => Promise<T>): Promise<T> {
  const server = await serveObject({
    sizeBytes: source.sizeBytes,
    read: async (start, end, signal) => {
      const object = await store.get(source.key, { start, end, etag: source.etag, signal });
      if (object === null) throw new PipelineError('SOURCE_CHANGED', { note: 'The stored file is gone.', details: { key: source.key } });
      return object.body;
    },
  });
  // ffmpeg takes a broken connection for the end of the file and exits 0: what it made then must not count either way.
  const assertServed = (): void => {
    const fault = server.failure();
    if (fault instanceof PipelineError) throw fault;
  };
  try {
    const result = await work({ url: server.url, protocols: 'http,tcp', bytesRead: server.bytesRead });
    assertServed();
    return result;
  } catch (error) {
    assertServed();
    throw error;
  } finally {
    await server.close();
  }
}

/** A few bytes of the source, for looking at a container's structure. Shorter only at the end of the file. */
export async function readSource(store: ObjectStore, source: SourceFacts, start: number, length: number): Promise<Uint8Array> {
  const end = Math.min(start + length, source.sizeBytes) - 1;
  if (end < start) return new Uint8Array();
  const object = await store.get(source.key, { start, end, etag: source.etag });
  if (object === null) throw new PipelineError('SOURCE_CHANGED', { note: 'The stored file is gone.', details: { key: source.key } });
  const pieces: Buffer[] = [];
  for await (const piece of object.body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
