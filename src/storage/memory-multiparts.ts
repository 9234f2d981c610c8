import { createHash, randomUUID } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import { PipelineError } from '../domain/errors.js';
import { type ChecksumAlgorithm, checksumHeaders, MAX_PARTS, type PartChecksum, type StoredPart } from '../domain/upload.js';
import type { MemoryUrls, UrlFacts } from './memory-urls.js';
import { bareEtag, checkMetadata } from './object-facts.js';
import type { ObjectStore } from './object-store.js';

type Multiparts = Pick<
  ObjectStore,
  'createMultipart' | 'listParts' | 'uploadPart' | 'completeMultipart' | 'abortMultipart' | 'listMultiparts' | 'presignPart'
>;

export interface JoinedObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** As it lies in the store. */
export interface KeptObject extends JoinedObject {
  readonly modifiedAt: string;
}

interface OpenMultipart {
  readonly key: string;
  readonly multipartId: string;
  readonly initiatedAt: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum: ChecksumAlgorithm | null;
  readonly parts: Map<number, MemoryPart>;
}

interface MemoryPart {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly checksum?: PartChecksum;
}

/** S3's smallest part that is not the last, bytes. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** The multipart half of the memory adapter; `store` takes what a completion made. */
export function createMemoryMultiparts(
  store: (key: string, object: JoinedObject) => void,
  urls: MemoryUrls,
): { readonly port: Multiparts; putPart(part: UrlFacts, body: Uint8Array, headers: Readonly<Record<string, string>>): number } {
  const open = new Map<string, OpenMultipart>();
  const find = (key: string, multipartId: string): OpenMultipart | null => {
    const found = open.get(multipartId);
    return found?.key === key ? found : null;
  };

  const port: Multiparts = {
    async createMultipart(key, options) {
      checkMetadata(options.metadata);
      const multipartId = randomUUID();
      const initiatedAt = new Date().toISOString();
      const { contentType, metadata, checksum = null } = options;
      open.set(multipartId, { key, multipartId, initiatedAt, contentType, metadata: { ...metadata }, checksum, parts: new Map() });
      return multipartId;
    },

    async listParts(key, multipartId) {
      const found = find(key, multipartId);
      if (!found) return null;
      const rows = [...found.parts].sort(([a], [b]) => a - b);
      return rows.map(([partNumber, { bytes, ...part }]) => ({ partNumber, sizeBytes: bytes.length, ...part }));
    },

    async uploadPart(key, multipartId, partNumber, body) {
      const found = find(key, multipartId);
      if (!found) return null;
      const bytes = Buffer.from(body);
      const etag = createHash('md5').update(bytes).digest('hex');
      found.parts.set(partNumber, { bytes, etag });
      return { partNumber, sizeBytes: bytes.length, etag };
    },

    async completeMultipart(key, multipartId, parts) {
      const found = find(key, multipartId);
      if (!found) return 'gone';
      store(key, { ...join(found, parts), contentType: found.contentType, metadata: found.metadata });
      open.delete(multipartId);
      return 'completed';
    },

    async abortMultipart(key, multipartId) {
      if (find(key, multipartId)) open.delete(multipartId);
    },

    async listMultiparts(prefix) {
      const found = [...open.values()].filter((one) => one.key.startsWith(prefix));
      return found.map(({ key, multipartId, initiatedAt }) => ({ key, multipartId, initiatedAt }));
    },

    presignPart: async ({ key, multipartId, partNumber, sizeBytes, ttlS, checksum }) =>
      urls.sign({ key, multipartId, partNumber, sizeBytes, checksum: checksum ?? null }, ttlS),
  };
  return {
    port,

    /** A PUT to a part's URL, its signature already read. */
    putPart({ key, multipartId, partNumber, sizeBytes, checksum }, body, headers) {
      if (sizeBytes !== null && body.byteLength !== sizeBytes) return 403;
      if (partNumber < 1 || partNumber > MAX_PARTS) return 400;
      const found = find(key, multipartId ?? '');
      if (!found) return 404;
      if (checksum && Object.entries(checksumHeaders(checksum)).some(([name, value]) => headers[name] !== value)) return 403;
      const bytes = Buffer.from(body);
      if (found.checksum !== (checksum?.algorithm ?? null) || (checksum && DIGESTS[checksum.algorithm](bytes) !== checksum.value)) return 400;
      const etag = createHash('md5').update(bytes).digest('hex');
      found.parts.set(partNumber, { bytes, etag, ...(checksum ? { checksum } : {}) });
      return 200;
    },
  };
}

function join(multipart: OpenMultipart, parts: readonly StoredPart[]): { bytes: Buffer; etag: string } {
  const refuse = (s3Code: string): PipelineError => new PipelineError('INTERNAL', { note: `(${s3Code})`, details: { key: multipart.key, s3Code } });
  if (parts.length === 0) throw refuse('MalformedXML');
  const sorted = [...parts].sort((a, b) => a.partNumber - b.partNumber);
  const chosen = sorted.map((part, index) => {
    const stored = multipart.parts.get(part.partNumber);
    if (!stored || stored.etag !== bareEtag(part.etag)) throw refuse('InvalidPart');
    if (stored.checksum && !part.checksum) throw refuse('InvalidRequest');
    if (stored.checksum?.value !== part.checksum?.value) throw refuse('InvalidPart');
    if (index < sorted.length - 1 && stored.bytes.length < MIN_PART_BYTES) throw refuse('EntityTooSmall');
    return stored;
  });
  const digests = Buffer.concat(chosen.map((part) => Buffer.from(part.etag, 'hex')));
  const etag = `${createHash('md5').update(digests).digest('hex')}-${chosen.length}`;
  return { bytes: Buffer.concat(chosen.map((part) => part.bytes)), etag };
}

const DIGESTS: Readonly<Record<ChecksumAlgorithm, (bytes: Uint8Array) => string>> = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
  crc32c(bytes) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32c(Buffer.from(bytes)));
    return sum.toString('base64');
  },
};
