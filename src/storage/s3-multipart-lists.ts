import {
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  type Part,
} from '@aws-sdk/client-s3';
import { PipelineError } from '../domain/errors.js';
import type { StoredPart } from '../domain/upload.js';
import { bareEtag } from './object-facts.js';
import type { ObjectStore } from './object-store.js';
import { checksumOf } from './s3-checksums.js';
import { required, type S3Connection } from './s3-connection.js';
import { isS3Code } from './s3-errors.js';

/** `listParts` of the port on S3: all pages, in part order; null where S3 knows no such multipart. */
export async function listParts(s3: S3Connection, key: string, multipartId: string): Promise<StoredPart[] | null> {
  const parts: StoredPart[] = [];
  let marker: string | undefined;
  try {
    do {
      const input = { Bucket: s3.bucket, Key: key, UploadId: multipartId, MaxParts: s3.pageSize, PartNumberMarker: marker };
      const page: ListPartsCommandOutput = await s3.call({ operation: 'ListParts', key }, (client, send) =>
        client.send(new ListPartsCommand(input), send),
      );
      for (const part of page.Parts ?? []) parts.push(storedPart(part));
      // IsTruncated decides, never the marker: servers send one on the last page too.
      marker = page.IsTruncated ? required(page.NextPartNumberMarker, 'ListParts', 'NextPartNumberMarker') : undefined;
    } while (marker !== undefined);
  } catch (error) {
    if (isS3Code(error, 'NoSuchUpload')) return null;
    throw error;
  }
  return parts;
}

/**
 * `listMultiparts` of the port on S3. Pages go by key alone: versitygw refuses the upload-id marker that it gave
 * (versity/versitygw#2149). A page by key skips what is left of the last page's last key, so that key is asked for again.
 */
export async function listMultiparts(s3: S3Connection, prefix: string): Promise<Awaited<ReturnType<ObjectStore['listMultiparts']>>> {
  const found = new Map<string, { key: string; multipartId: string; initiatedAt: string }>();
  const read = async (pagePrefix: string, KeyMarker?: string): Promise<ListMultipartUploadsCommandOutput> => {
    const input = { Bucket: s3.bucket, Prefix: pagePrefix, MaxUploads: s3.pageSize, KeyMarker };
    const page = await s3.call({ operation: 'ListMultipartUploads', key: pagePrefix }, (client, send) =>
      client.send(new ListMultipartUploadsCommand(input), send),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== undefined && UploadId !== undefined) {
        found.set(`${UploadId} ${Key}`, { key: Key, multipartId: UploadId, initiatedAt: (Initiated ?? new Date(0)).toISOString() });
      }
    }
    return page;
  };

  let page = await read(prefix);
  while (page.IsTruncated) {
    const lastKey = required(page.Uploads?.at(-1)?.Key, 'ListMultipartUploads', 'Key');
    const rest = await read(lastKey);
    if (rest.IsTruncated && rest.Uploads?.at(-1)?.Key === lastKey) {
      throw new PipelineError('INTERNAL', { note: `(more than ${s3.pageSize} open multiparts of one key)`, details: { key: lastKey } });
    }
    page = await read(prefix, lastKey);
  }
  return [...found.values()];
}

function storedPart(part: Part): StoredPart {
  const etag = bareEtag(required(part.ETag, 'ListParts', 'ETag'));
  const checksum = checksumOf(part);
  return {
    partNumber: required(part.PartNumber, 'ListParts', 'PartNumber'),
    sizeBytes: required(part.Size, 'ListParts', 'Size'),
    etag,
    ...(checksum ? { checksum } : {}),
  };
}
