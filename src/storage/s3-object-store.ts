import { Readable } from 'node:stream';
import { DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import { guardBody } from './guarded-body.js';
import { bareEtag, rangeHeader } from './object-facts.js';
import type { GetOptions, ObjectFacts, ObjectStore, StoredObject } from './object-store.js';
import { createS3Bucket } from './s3-bucket.js';
import { connectS3, required, type S3Connection, type S3Options } from './s3-connection.js';
import { copyObject } from './s3-copy.js';
import { isS3Code, isS3Status, translateS3Error } from './s3-errors.js';
import { createS3Multiparts } from './s3-multipart.js';
import { proveObject } from './s3-prove.js';
import { putObject, WRITE_ID } from './s3-put.js';
import { createS3Whole } from './s3-whole.js';

/**
 * The object store on any S3. Every call has a deadline and four attempts; what still fails is a PipelineError.
 * A `put` that rejects with STORAGE_UNAVAILABLE may have been stored all the same: nothing that the object names may be
 * deleted on the strength of it. Whoever gets a body reads it or destroys it: it holds a connection.
 * On Node 20 the SDK prints an end-of-life warning; AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true in the
 * environment of the process is its documented switch.
 */
export function createS3ObjectStore(options: S3Options): ObjectStore & { close(): void } {
  const s3 = connectS3(options);
  return {
    ...createS3Bucket(s3),
    ...createS3Multiparts(s3),
    ...createS3Whole(s3),
    put: (key, body, how) => putObject(s3, key, body, how),
    get: (key, how) => getObject(s3, key, how ?? {}),
    head: (key) => headObject(s3, key),
    prove: (key, how) => proveObject(s3, key, how),
    list: (prefix, after) => listObjects(s3, prefix, after ?? null),
    delete: (keys) => deleteObjects(s3, keys),
    deleteExactly: (key, etag) => deleteExactly(s3, key, etag),
    copy: (fromKey, toKey, how) => copyObject(s3, fromKey, toKey, how),
    close: () => s3.close(),
  };
}

async function getObject(s3: S3Connection, key: string, options: GetOptions): Promise<StoredObject | null> {
  const range = rangeHeader(options);
  const input = { Bucket: s3.bucket, Key: key, Range: range, IfMatch: options.etag === undefined ? undefined : `"${options.etag}"` };
  try {
    const answer = await s3.call({ operation: 'GetObject', key, signal: options.signal }, (client, send) =>
      client.send(new GetObjectCommand(input), send),
    );
    const { Body: source, ContentLength: contentLength } = answer;
    const total = /\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1];
    if (!(source instanceof Readable) || contentLength === undefined || (range !== undefined && total === undefined)) {
      if (source instanceof Readable) source.destroy();
      throw new PipelineError('INTERNAL', { note: '(GetObject: the answer has no length, or not the range that was asked for)', details: { key } });
    }
    // Whatever breaks a body that has begun, a wrong checksum among it, is cured by asking again.
    const translate = (error: Error): Error => {
      const translated = translateS3Error(error, { operation: 'GetObject', key, begun: true });
      return translated instanceof Error ? translated : error;
    };
    return {
      ...factsOf(answer),
      sizeBytes: total === undefined ? contentLength : Number(total),
      contentLength,
      body: guardBody(source, { expectedBytes: contentLength, idleMs: s3.timeouts.idleMs, signal: options.signal, translate }),
    };
  } catch (error) {
    if (isS3Code(error, 'NoSuchKey', 'NotFound')) return null;
    if (isS3Status(error, 412)) throw new PipelineError('SOURCE_CHANGED', { details: { key, etag: options.etag ?? null }, cause: error });
    throw error;
  }
}

async function headObject(s3: S3Connection, key: string): Promise<ObjectFacts | null> {
  const input = { Bucket: s3.bucket, Key: key };
  try {
    return factsOf(await s3.call({ operation: 'HeadObject', key }, (client, send) => client.send(new HeadObjectCommand(input), send)));
  } catch (error) {
    if (isS3Code(error, 'NotFound', 'NoSuchKey')) return null;
    throw error;
  }
}

interface Answer {
  readonly ContentLength?: number;
  readonly ETag?: string;
  readonly ContentType?: string;
  readonly Metadata?: Record<string, string>;
  readonly LastModified?: Date;
}

function factsOf(answer: Answer): ObjectFacts {
  const { [WRITE_ID]: _ours, ...metadata } = answer.Metadata ?? {};
  return {
    sizeBytes: answer.ContentLength ?? 0,
    etag: bareEtag(answer.ETag ?? ''),
    contentType: answer.ContentType ?? 'application/octet-stream',
    metadata,
    modifiedAt: required(answer.LastModified, 'HeadObject', 'LastModified').toISOString(),
  };
}

/** The page after a key, by key and not by a server's token: a page can be asked for again a day later, by another process. */
async function listObjects(s3: S3Connection, prefix: string, after: string | null): Promise<Awaited<ReturnType<ObjectStore['list']>>> {
  const input = { Bucket: s3.bucket, Prefix: prefix, MaxKeys: s3.pageSize, ...(after === null ? {} : { StartAfter: after }) };
  const page = await s3.call({ operation: 'ListObjectsV2', key: prefix }, (client, send) => client.send(new ListObjectsV2Command(input), send));
  const objects = (page.Contents ?? []).flatMap(({ Key, Size, ETag, LastModified }) =>
    Key === undefined
      ? []
      : [
          {
            key: Key,
            sizeBytes: Size ?? 0,
            etag: bareEtag(ETag ?? ''),
            // Without one an object would look older than every grace.
            modifiedAt: required(LastModified, 'ListObjectsV2', 'LastModified').toISOString(),
          },
        ],
  );
  return { objects, next: page.IsTruncated ? (objects.at(-1)?.key ?? null) : null };
}

/** S3's limit for one DeleteObjects. */
const MAX_DELETE = 1000;

async function deleteObjects(s3: S3Connection, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += MAX_DELETE) {
    const Objects = keys.slice(from, from + MAX_DELETE).map((Key) => ({ Key }));
    const input = { Bucket: s3.bucket, Delete: { Objects, Quiet: true } };
    const answer = await s3.call({ operation: 'DeleteObjects', key: keys[from] }, (client, send) =>
      client.send(new DeleteObjectsCommand(input), send),
    );
    // A 200 may carry the failure of single keys.
    const failed = answer.Errors?.find((error) => error.Code !== 'NoSuchKey');
    if (failed) throw translateS3Error({ Code: failed.Code, message: failed.Message }, { operation: 'DeleteObjects', key: failed.Key });
  }
}

/**
 * The condition is S3's own (If-Match). For a server that does not know it, a look first leaves a gap of milliseconds.
 */
async function deleteExactly(s3: S3Connection, key: string, etag: string): Promise<'deleted' | 'changed'> {
  const there = await headObject(s3, key);
  if (there === null) return 'deleted';
  if (there.etag !== etag) return 'changed';
  const input = { Bucket: s3.bucket, Key: key, IfMatch: `"${etag}"` };
  try {
    await s3.call({ operation: 'DeleteObject', key }, (client, send) => client.send(new DeleteObjectCommand(input), send));
    return 'deleted';
  } catch (error) {
    if (isS3Status(error, 412)) return 'changed';
    if (isS3Status(error, 404)) return 'deleted';
    throw error;
  }
}
