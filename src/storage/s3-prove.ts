import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import { guardBody } from './guarded-body.js';
import type { Proof, ProveOptions } from './object-store.js';
import type { S3Connection } from './s3-connection.js';
import { isS3Code, isS3Status, translateS3Error } from './s3-errors.js';

/**
 * `prove` of the port on S3. The SDK computes the checksum while the bytes pass and breaks the body at its end where it
 * differs; nothing is kept, so an object of 10 GB costs no more memory than a small one.
 * A bit may flip on the way to us too: only what is wrong twice is wrong in the store.
 */
export async function proveObject(s3: S3Connection, key: string, options: ProveOptions): Promise<Proof | null> {
  const first = await readOnce(s3, key, options);
  return first === 'broken' ? await readOnce(s3, key, options) : first;
}

async function readOnce(s3: S3Connection, key: string, options: ProveOptions): Promise<Proof | null> {
  const answer = await ask(s3, key, options);
  if (answer === null) return null;
  const { source, expectedBytes, isSummed } = answer;
  if (!isSummed) {
    source.destroy();
    return 'unknown';
  }
  let readBytes = 0;
  try {
    for await (const piece of guardBody(source, { expectedBytes, idleMs: s3.timeouts.idleMs, signal: options.signal })) {
      readBytes += (piece as Buffer).length;
      options.onRead?.(readBytes);
    }
    return 'proven';
  } catch (error) {
    // A body that ends early is no proof of anything, whatever its checksum would be.
    if (readBytes === expectedBytes && error instanceof Error && MISMATCH.test(error.message)) return 'broken';
    throw translateS3Error(error, { operation: 'GetObject', key, signal: options.signal, begun: true });
  }
}

/** The SDK's only word for it; test/storage/s3-prove.test.ts holds it to that. */
const MISMATCH = /^Checksum mismatch/;
/** Behind a checksum of checksums stands the number of its parts: that one the SDK does not compare. */
const OF_PARTS = /-\d+$/;

async function ask(s3: S3Connection, key: string, { etag, signal }: ProveOptions) {
  const input = { Bucket: s3.bucket, Key: key, IfMatch: `"${etag}"`, ChecksumMode: 'ENABLED' as const };
  try {
    const answer = await s3.call({ operation: 'GetObject', key, signal }, (client, send) => client.send(new GetObjectCommand(input), send));
    const { Body: source, ContentLength: expectedBytes } = answer;
    const sums = [answer.ChecksumCRC64NVME, answer.ChecksumCRC32, answer.ChecksumCRC32C, answer.ChecksumSHA1, answer.ChecksumSHA256];
    if (!(source instanceof Readable) || expectedBytes === undefined) {
      if (source instanceof Readable) source.destroy();
      throw new PipelineError('INTERNAL', { note: '(GetObject: the answer has no length)', details: { key } });
    }
    return { source, expectedBytes, isSummed: sums.some((sum) => sum !== undefined && !OF_PARTS.test(sum)) };
  } catch (error) {
    if (isS3Code(error, 'NoSuchKey', 'NotFound')) return null;
    if (isS3Status(error, 412)) throw new PipelineError('SOURCE_CHANGED', { details: { key, etag }, cause: error });
    throw error;
  }
}
