import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import { checkSha256 } from './object-facts.js';
import type { PutOptions, PutOutcome } from './object-store.js';
import type { S3Connection } from './s3-connection.js';
import { isS3Code, isS3Status } from './s3-errors.js';

/** Metadata under which a conditional write is known again by its writer. */
export const WRITE_ID = 'write-id';
/** A slow line gets its time: bytes per millisecond that a body is granted on top of the answer's deadline. */
const SLOWEST_SEND = 64;
/** S3 answers 409 while another conditional write of the key is under way; one of the two is done soon. */
const MAX_CONFLICTS = 6;
const CONFLICT_PAUSE_MS = 50;

/** `put` of the port on S3. */
export async function putObject(s3: S3Connection, key: string, body: Uint8Array, options: PutOptions): Promise<PutOutcome> {
  checkSha256(options.sha256);
  const writeId = options.onlyIfAbsent ? randomUUID() : null;
  const input = {
    Bucket: s3.bucket,
    Key: key,
    Body: body,
    ContentLength: body.byteLength,
    ContentType: options.contentType,
    CacheControl: options.cacheControl,
    ChecksumSHA256: Buffer.from(options.sha256, 'hex').toString('base64'),
    ...(writeId === null ? {} : { IfNoneMatch: '*', Metadata: { [WRITE_ID]: writeId } }),
    ...(options.onlyIfEtag === undefined ? {} : { IfMatch: `"${options.onlyIfEtag}"` }),
  };
  const extraMs = Math.ceil(body.byteLength / SLOWEST_SEND);
  for (let conflicts = 1; ; conflicts += 1) {
    try {
      await s3.call({ operation: 'PutObject', key, extraMs }, (client, send) => client.send(new PutObjectCommand(input), send));
      return 'stored';
    } catch (error) {
      if (writeId !== null && isS3Status(error, 412)) return whoWon(s3, key, writeId);
      // Also where our own first try went through and its answer was lost: the caller looks again and finds its own bytes.
      if (options.onlyIfEtag !== undefined && (isS3Status(error, 412) || isS3Status(error, 404))) return 'changed';
      if (writeId === null || !isS3Code(error, 'ConditionalRequestConflict')) throw error;
      if (conflicts === MAX_CONFLICTS) {
        throw new PipelineError('STORAGE_UNAVAILABLE', { note: `(PutObject: ${conflicts} conflicts in a row)`, details: { key }, cause: error });
      }
      await sleep(CONFLICT_PAUSE_MS * conflicts * (0.5 + Math.random()));
    }
  }
}

/**
 * A 412 does not say who was first: where our own answer was lost on the way, the SDK's second try meets our first one.
 * A writer that took that for a defeat would delete what its own commit names. The stored write id tells.
 */
async function whoWon(s3: S3Connection, key: string, writeId: string): Promise<PutOutcome> {
  try {
    const stored = await s3.call({ operation: 'HeadObject', key }, (client, send) =>
      client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }), send),
    );
    return stored.Metadata?.[WRITE_ID] === writeId ? 'stored' : 'exists';
  } catch (error) {
    if (!isS3Status(error, 404)) throw error;
    throw new PipelineError('STORAGE_UNAVAILABLE', {
      note: '(PutObject: it existed and is gone, nobody knows whose it was)',
      details: { key },
      cause: error,
    });
  }
}
