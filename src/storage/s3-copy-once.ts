import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { PipelineError } from '../domain/errors.js';
import { bareEtag, checkMetadata } from './object-facts.js';
import type { CopyOptions as CopyWish, ObjectStore } from './object-store.js';
import { required, type S3Connection } from './s3-connection.js';
import { isS3Code, isS3Status } from './s3-errors.js';

/** Bytes that one request copies: small enough that a slow store answers in time. */
const RANGE_BYTES = 256 * 1024 * 1024;
const PARALLEL_RANGES = 4;

type CopyOptions = CopyWish & { readonly sizeBytes: number };
/** File-backed servers move the bytes before they answer. Bytes per millisecond. */
const SLOWEST_COPY = 16 * 1024;

/**
 * `copyOnce` of the port on S3: a multipart of copied ranges, each bound to the original's ETag, completed with
 * If-None-Match. CopyObject would be one call, but not every server takes a condition on the copy's own key.
 * Whatever happens, the multipart is aborted where it did not become the object; where the process dies, the sweep finds it.
 */
export async function copyOnce(
  s3: S3Connection,
  from: string,
  to: string,
  options: CopyOptions,
): Promise<Awaited<ReturnType<ObjectStore['copyOnce']>>> {
  checkMetadata(options.metadata);
  const place = { Bucket: s3.bucket, Key: to };
  const made = await s3.call({ operation: 'CreateMultipartUpload', key: to }, (client, send) =>
    client.send(new CreateMultipartUploadCommand({ ...place, ContentType: options.contentType, Metadata: options.metadata }), send),
  );
  const multipart = { ...place, UploadId: required(made.UploadId, 'CreateMultipartUpload', 'UploadId') };
  let outcome: 'stored' | 'exists' | 'changed' | null = null;
  try {
    const Parts = await copyRanges(s3, multipart, from, options);
    if (Parts === null) outcome = 'changed';
    else outcome = await complete(s3, multipart, Parts, options.sizeBytes);
    return outcome;
  } finally {
    if (outcome !== 'stored') await abort(s3, multipart);
  }
}

interface Multipart {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}
interface Part {
  readonly PartNumber: number;
  readonly ETag: string;
}

/** null where `from` is not that object any more. */
async function copyRanges(s3: S3Connection, multipart: Multipart, from: string, { etag, sizeBytes }: CopyOptions): Promise<Part[] | null> {
  // No range can be copied of nothing, and there is nothing that could be another's.
  if (sizeBytes === 0) return [await emptyPart(s3, multipart)];
  const CopySource = `${multipart.Bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
  const limit = pLimit(PARALLEL_RANGES);
  const copy = async (PartNumber: number): Promise<Part> => {
    const start = (PartNumber - 1) * RANGE_BYTES;
    const end = Math.min(sizeBytes, start + RANGE_BYTES) - 1;
    const input = { ...multipart, PartNumber, CopySource, CopySourceIfMatch: `"${etag}"`, CopySourceRange: `bytes=${start}-${end}` };
    const done = await s3.call({ operation: 'UploadPartCopy', key: multipart.Key, extraMs: (end - start) / SLOWEST_COPY }, (client, send) =>
      client.send(new UploadPartCopyCommand(input), send),
    );
    // A 200 may carry an error: only an ETag is a success.
    return { PartNumber, ETag: required(done.CopyPartResult?.ETag, 'UploadPartCopy', 'ETag') };
  };
  try {
    return await Promise.all(Array.from({ length: Math.ceil(sizeBytes / RANGE_BYTES) }, (_, index) => limit(() => copy(index + 1))));
  } catch (error) {
    limit.clearQueue();
    if (isS3Status(error, 412) || isS3Status(error, 416) || isS3Code(error, 'NoSuchKey')) return null;
    throw error;
  }
}

async function emptyPart(s3: S3Connection, multipart: Multipart): Promise<Part> {
  const input = { ...multipart, PartNumber: 1, Body: new Uint8Array(), ContentLength: 0 };
  const sent = await s3.call({ operation: 'UploadPart', key: multipart.Key }, (client, send) => client.send(new UploadPartCommand(input), send));
  return { PartNumber: 1, ETag: required(sent.ETag, 'UploadPart', 'ETag') };
}

async function complete(s3: S3Connection, multipart: Multipart, Parts: Part[], sizeBytes: number): Promise<'stored' | 'exists'> {
  const input = { ...multipart, MultipartUpload: { Parts }, IfNoneMatch: '*' };
  try {
    const done = await s3.call({ operation: 'CompleteMultipartUpload', key: multipart.Key, extraMs: sizeBytes / SLOWEST_COPY }, (client, send) =>
      client.send(new CompleteMultipartUploadCommand(input), send),
    );
    return await whose(s3, multipart, bareEtag(required(done.ETag, 'CompleteMultipartUpload', 'ETag')));
  } catch (error) {
    if (isS3Status(error, 412)) return 'exists';
    // 409: another write of this key is under way. NoSuchUpload: an earlier try went through, and its answer was lost.
    if (isS3Code(error, 'ConditionalRequestConflict', 'NoSuchUpload')) {
      throw new PipelineError('STORAGE_UNAVAILABLE', {
        note: '(copy: it may stand or not; look again)',
        details: { key: multipart.Key },
        cause: error,
      });
    }
    throw error;
  }
}

/** An answer to a repeated request may speak of another's object: only the ETag that stands there is believed. */
async function whose(s3: S3Connection, { Bucket, Key }: Multipart, etag: string): Promise<'stored' | 'exists'> {
  const stored = await s3.call({ operation: 'HeadObject', key: Key }, (client, send) => client.send(new HeadObjectCommand({ Bucket, Key }), send));
  return bareEtag(stored.ETag ?? '') === etag ? 'stored' : 'exists';
}

async function abort(s3: S3Connection, multipart: Multipart): Promise<void> {
  try {
    await s3.call({ operation: 'AbortMultipartUpload', key: multipart.Key }, (client, send) =>
      client.send(new AbortMultipartUploadCommand(multipart), send),
    );
  } catch (error) {
    if (!isS3Code(error, 'NoSuchUpload')) throw error;
  }
}
