import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import type { StoredPart } from '../domain/upload.js';
import { bareEtag, checkMetadata } from './object-facts.js';
import type { MultipartOptions, ObjectStore } from './object-store.js';
import { checksumFields, S3_NAMES } from './s3-checksums.js';
import { required, type S3Connection } from './s3-connection.js';
import { isS3Code, isS3Status, translateS3Error } from './s3-errors.js';
import { listMultiparts, listParts } from './s3-multipart-lists.js';
import { createPartUrls } from './s3-part-urls.js';

type Multiparts = Pick<
  ObjectStore,
  'createMultipart' | 'listParts' | 'uploadPart' | 'completeMultipart' | 'abortMultipart' | 'listMultiparts' | 'presignPart'
>;

/** The multipart half of the S3 adapter. */
export function createS3Multiparts(s3: S3Connection): Multiparts {
  const partUrl = createPartUrls(s3);
  return {
    listParts: (key, multipartId) => listParts(s3, key, multipartId),
    listMultiparts: (prefix) => listMultiparts(s3, prefix),
    uploadPart: (key, multipartId, partNumber, body) => uploadPart(s3, key, multipartId, partNumber, body),
    completeMultipart: (key, multipartId, parts) => complete(s3, key, multipartId, parts),
    createMultipart: (key, options) => create(s3, key, options),
    presignPart: (part) =>
      partUrl(part).catch((error: unknown) => {
        throw translateS3Error(error, { operation: 'presign UploadPart', key: part.key });
      }),

    async abortMultipart(key, multipartId) {
      const input = { Bucket: s3.bucket, Key: key, UploadId: multipartId };
      try {
        await s3.call({ operation: 'AbortMultipartUpload', key }, (client, send) => client.send(new AbortMultipartUploadCommand(input), send));
      } catch (error) {
        if (!isS3Code(error, 'NoSuchUpload')) throw error;
      }
    },
  };
}

/**
 * A checksum algorithm only where it was asked for: S3 then demands one with every part, and a browser's bare PUT has
 * none. A lost answer leaves an empty multipart behind, for the sweep.
 */
async function create(s3: S3Connection, key: string, options: MultipartOptions): Promise<string> {
  checkMetadata(options.metadata);
  const checked = options.checksum ? { ChecksumAlgorithm: S3_NAMES[options.checksum].algorithm, ChecksumType: 'COMPOSITE' as const } : {};
  const input = { Bucket: s3.bucket, Key: key, ContentType: options.contentType, Metadata: options.metadata, ...checked };
  const made = await s3.call({ operation: 'CreateMultipartUpload', key }, (client, send) =>
    client.send(new CreateMultipartUploadCommand(input), send),
  );
  return required(made.UploadId, 'CreateMultipartUpload', 'UploadId');
}

/** A slow line gets its time: bytes per millisecond that a body is granted on top of the answer's deadline. */
const SLOWEST_SEND = 64;

/** By MD5, the one checksum that a multipart takes which was created without naming one. */
async function uploadPart(s3: S3Connection, key: string, multipartId: string, partNumber: number, body: Uint8Array): Promise<StoredPart | null> {
  const ContentMD5 = createHash('md5').update(body).digest('base64');
  const place = { Bucket: s3.bucket, Key: key, UploadId: multipartId, PartNumber: partNumber };
  const input = { ...place, Body: body, ContentLength: body.byteLength, ContentMD5 };
  try {
    const sent = await s3.call({ operation: 'UploadPart', key, extraMs: Math.ceil(body.byteLength / SLOWEST_SEND) }, (client, send) =>
      client.send(new UploadPartCommand(input), send),
    );
    return { partNumber, sizeBytes: body.byteLength, etag: bareEtag(required(sent.ETag, 'UploadPart', 'ETag')) };
  } catch (error) {
    if (isS3Code(error, 'NoSuchUpload')) return null;
    throw error;
  }
}

/** File-backed servers join the parts before they answer: 10 GiB at this rate are eleven minutes. Bytes per millisecond. */
const SLOWEST_JOIN = 16 * 1024;

/** Safe to repeat: a second time S3 says completed again, or knows no such multipart. */
async function complete(s3: S3Connection, key: string, multipartId: string, parts: readonly StoredPart[]): Promise<'completed' | 'gone'> {
  const sorted = [...parts].sort((a, b) => a.partNumber - b.partNumber);
  const Parts = sorted.map((part) => ({ PartNumber: part.partNumber, ETag: `"${bareEtag(part.etag)}"`, ...checksumFields(part.checksum) }));
  const input = { Bucket: s3.bucket, Key: key, UploadId: multipartId, MultipartUpload: { Parts } };
  const extraMs = Math.ceil(parts.reduce((sum, part) => sum + part.sizeBytes, 0) / SLOWEST_JOIN);
  try {
    const done = await s3.call({ operation: 'CompleteMultipartUpload', key, extraMs }, (client, send) =>
      client.send(new CompleteMultipartUploadCommand(input), send),
    );
    // The SDK sees a 200 with an error body only where the body ends in the very tag. An answer without ETag is no success.
    return await proveStored(s3, key, bareEtag(required(done.ETag, 'CompleteMultipartUpload', 'ETag')));
  } catch (error) {
    if (isS3Code(error, 'NoSuchUpload')) return 'gone';
    throw error;
  }
}

/**
 * versitygw answers 200 for a multipart that it does not know where any object has the key, and for one that another
 * call is still joining, with an ETag made from the request. Only the object itself proves that it is there.
 */
async function proveStored(s3: S3Connection, key: string, etag: string): Promise<'completed' | 'gone'> {
  try {
    const input = { Bucket: s3.bucket, Key: key };
    const stored = await s3.call({ operation: 'HeadObject', key }, (client, send) => client.send(new HeadObjectCommand(input), send));
    return bareEtag(stored.ETag ?? '') === etag ? 'completed' : 'gone';
  } catch (error) {
    if (!isS3Status(error, 404)) throw error;
    throw new PipelineError('STORAGE_UNAVAILABLE', {
      note: '(CompleteMultipartUpload: done, says S3, but there is no object yet)',
      details: { key },
      cause: error,
    });
  }
}
