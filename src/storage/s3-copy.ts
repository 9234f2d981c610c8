import { CopyObjectCommand, HeadObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import type { StoredPart } from '../domain/upload.js';
import { bareEtag, checkMetadata } from './object-facts.js';
import type { CopyOptions } from './object-store.js';
import { required, type S3Connection } from './s3-connection.js';
import { isS3Code, isS3Status } from './s3-errors.js';
import { createS3Multiparts } from './s3-multipart.js';

/** A file-backed server copies byte by byte before it answers. Bytes per millisecond that a copy is granted. */
const SLOWEST_COPY = 16 * 1024;

/**
 * `copy` of the port on S3: one CopyObject, or the pieces of a multipart where the object is too large for one. Every call
 * names the source's ETag, so that pieces of two objects never meet.
 */
export async function copyObject(s3: S3Connection, fromKey: string, toKey: string, options: CopyOptions): Promise<'copied' | 'changed'> {
  checkMetadata(options.metadata);
  try {
    const sizeBytes = await sizeOf(s3, fromKey, options.etag);
    if (sizeBytes === null) return 'changed';
    await (sizeBytes <= s3.copyPieceBytes ? copyWhole : copyPieces)(s3, fromKey, toKey, sizeBytes, options);
    return 'copied';
  } catch (error) {
    // Replaced or removed. A multipart that somebody aborted is 404 too, and says nothing of the source.
    if (isS3Status(error, 412) || isS3Code(error, 'NoSuchKey', 'NotFound')) return 'changed';
    throw error;
  }
}

/** null where another object, or none, has the key. */
async function sizeOf(s3: S3Connection, key: string, etag: string): Promise<number | null> {
  const facts = await s3.call({ operation: 'HeadObject', key }, (client, send) =>
    client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key }), send),
  );
  return bareEtag(facts.ETag ?? '') === etag ? (facts.ContentLength ?? 0) : null;
}

async function copyWhole(s3: S3Connection, fromKey: string, toKey: string, sizeBytes: number, options: CopyOptions): Promise<void> {
  const input = {
    ...source(s3, fromKey, options.etag),
    Bucket: s3.bucket,
    Key: toKey,
    ContentType: options.contentType,
    Metadata: options.metadata,
    MetadataDirective: 'REPLACE',
  } as const;
  const done = await s3.call({ operation: 'CopyObject', key: toKey, extraMs: patienceMs(sizeBytes) }, (client, send) =>
    client.send(new CopyObjectCommand(input), send),
  );
  // A copy may answer 200 and carry an error: without an ETag it is no success.
  required(done.CopyObjectResult?.ETag, 'CopyObject', 'ETag');
}

async function copyPieces(s3: S3Connection, fromKey: string, toKey: string, sizeBytes: number, options: CopyOptions): Promise<void> {
  const multiparts = createS3Multiparts(s3);
  const multipartId = await multiparts.createMultipart(toKey, options);
  try {
    const parts: StoredPart[] = [];
    for (let from = 0; from < sizeBytes; from += s3.copyPieceBytes) {
      const to = Math.min(from + s3.copyPieceBytes, sizeBytes);
      parts.push(await copyPiece(s3, { fromKey, toKey, multipartId, partNumber: parts.length + 1, from, to }, options.etag));
    }
    if ((await multiparts.completeMultipart(toKey, multipartId, parts)) === 'completed') return;
    throw new PipelineError('STORAGE_UNAVAILABLE', { note: '(the multipart of a copy went away)', details: { key: toKey } });
  } catch (error) {
    // Where this fails too, or the process has died: reconciling finds a multipart that no upload names.
    await multiparts.abortMultipart(toKey, multipartId);
    throw error;
  }
}

interface Piece {
  readonly fromKey: string;
  readonly toKey: string;
  readonly multipartId: string;
  readonly partNumber: number;
  /** Bytes of the source: from ≤ x < to. */
  readonly from: number;
  readonly to: number;
}

async function copyPiece(s3: S3Connection, piece: Piece, etag: string): Promise<StoredPart> {
  const sizeBytes = piece.to - piece.from;
  const input = {
    ...source(s3, piece.fromKey, etag),
    CopySourceRange: `bytes=${piece.from}-${piece.to - 1}`,
    Bucket: s3.bucket,
    Key: piece.toKey,
    UploadId: piece.multipartId,
    PartNumber: piece.partNumber,
  };
  const done = await s3.call({ operation: 'UploadPartCopy', key: piece.toKey, extraMs: patienceMs(sizeBytes) }, (client, send) =>
    client.send(new UploadPartCopyCommand(input), send),
  );
  return { partNumber: piece.partNumber, sizeBytes, etag: bareEtag(required(done.CopyPartResult?.ETag, 'UploadPartCopy', 'ETag')) };
}

const source = (s3: S3Connection, key: string, etag: string) => ({
  CopySource: `${s3.bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
  CopySourceIfMatch: `"${etag}"`,
});

const patienceMs = (sizeBytes: number): number => Math.ceil(sizeBytes / SLOWEST_COPY);
