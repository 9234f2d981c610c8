import { Readable } from 'node:stream';
import { DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import { guardBody } from './guarded-body.js';
import { bareEtag, rangeHeader } from './object-facts.js';
import type { GetOptions, ObjectFacts, ObjectStore, StoredObject } from './object-store.js';
import { createS3Bucket } from './s3-bucket.js';
import { connectS3, type S3Connection, type S3Options } from './s3-connection.js';
import { isS3Code, isS3Status, translateS3Error } from './s3-errors.js';
import { createS3Multiparts } from './s3-multipart.js';
import { putObject, WRITE_ID } from './s3-put.js';

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
    put: (key, body, how) => putObject(s3, key, body, how),
    get: (key, how) => getObject(s3, key, how ?? {}),
    head: (key) => headObject(s3, key),
    list: (prefix, after) => listObjects(s3, prefix, after ?? null),
    delete: (keys) => deleteObjects(s3, keys),
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

function factsOf(answer: { ContentLength?: number; ETag?: string; ContentType?: string; Metadata?: Record<string, string> }): ObjectFacts {
  const { [WRITE_ID]: _ours, ...metadata } = answer.Metadata ?? {};
  return {
    sizeBytes: answer.ContentLength ?? 0,
    etag: bareEtag(answer.ETag ?? ''),
    contentType: answer.ContentType ?? 'application/octet-stream',
    metadata,
  };
}

/** The page after a key, by key and not by a server's token: a page can be asked for again a day later, by another process. */
async function listObjects(s3: S3Connection, prefix: string, after: string | null): Promise<Awaited<ReturnType<ObjectStore['list']>>> {
  const input = { Bucket: s3.bucket, Prefix: prefix, MaxKeys: s3.pageSize, ...(after === null ? {} : { StartAfter: after }) };
  const page = await s3.call({ operation: 'ListObjectsV2', key: prefix }, (client, send) => client.send(new ListObjectsV2Command(input), send));
  const objects = (page.Contents ?? []).flatMap(({ Key, Size }) => (Key === undefined ? [] : [{ key: Key, sizeBytes: Size ?? 0 }]));
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
