import type { Readable } from 'node:stream';
import { PipelineError } from '../domain/errors.js';
import type { SourceFacts } from '../domain/probe.js';
import type { SourceInput } from '../media/input-args.js';
import { serveObject } from '../media/range-server.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { EncoderDeps } from './deps.js';

export interface LentSource extends SourceInput {
  bytesRead(): number;
}

/**
 * Lends one source to one ffmpeg or ffprobe: an address on the loopback of its sandbox that serves this object's ranges
 * and nothing else, pinned to the bytes that were accepted. The process holds no credential, and reads its share only.
 * A fault of the store wins over what ffmpeg made of it: a broken read must not be counted as broken content.
 */
export async function withSource<T>(
  { store, sandbox }: Pick<EncoderDeps, 'store' | 'sandbox'>,
  source: SourceFacts,
  work: (input: LentSource) => Promise<T>,
): Promise<T> {
  const read = async (start: number, end: number, signal: AbortSignal): Promise<Readable> => {
    const object = await store.get(source.key, { start, end, etag: source.etag, signal });
    if (object === null) throw new PipelineError('SOURCE_CHANGED', { note: 'The stored file is gone.', details: { key: source.key } });
    return object.body;
  };
  const server = await serveObject({ sizeBytes: source.sizeBytes, read }, sandbox === null ? 'loopback' : 'inside');
  const doors = sandbox === null ? {} : { sandbox, serve: server.serve };
  // ffmpeg takes a broken connection for the end of the file and exits 0: what it made then must not count either way.
  const assertServed = (): void => {
    const fault = server.failure();
    if (fault instanceof PipelineError) throw fault;
  };
  try {
    const result = await work({ url: server.url, protocols: 'http,tcp', ...doors, bytesRead: server.bytesRead });
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
