import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { PipelineError } from '../domain/errors.js';
import { guardBody } from './guarded-body.js';
import { createMemoryMultiparts, type JoinedObject, type KeptObject } from './memory-multiparts.js';
import { createMemoryUrls } from './memory-urls.js';
import { createMemoryWhole } from './memory-whole.js';
import { checkMetadata, checkSha256 } from './object-facts.js';
import type { GetOptions, ObjectStore, PresignedForm, StoredObject } from './object-store.js';

/** An object store, and the client's side of its `memory:` URLs. */
export interface MemoryObjectStore extends ObjectStore {
  /** What a client does with a presigned URL: a PUT of a body, bare or with its checksum's headers. Resolves to the HTTP status that a server answers. */
  putPart(url: string, body: Uint8Array, headers?: Readonly<Record<string, string>>): Promise<number>;
  /** What a browser does with a presigned form. Resolves to the HTTP status. */
  postForm(form: PresignedForm, file: Uint8Array): Promise<number>;
}

/**
 * The object store in this process's memory, for fast tests: held to the same contract suite as the real one, and as
 * strict as a file-backed server in one point more: no key may be a folder of another.
 * `pageSize`: rows a page of `list`, at most 1000.
 */
export function createMemoryObjectStore(options: { pageSize?: number } = {}): MemoryObjectStore {
  const objects = new Map<string, KeptObject>();
  const pageSize = Math.min(options.pageSize ?? 1000, 1000);
  const store = (key: string, object: JoinedObject): void => {
    checkFolders(key, objects);
    objects.set(key, { ...object, modifiedAt: new Date().toISOString() });
  };

  const urls = createMemoryUrls();
  const multiparts = createMemoryMultiparts(store, urls);
  const whole = createMemoryWhole(objects, store, urls);

  return {
    ...multiparts.port,
    ...whole.port,
    postForm: whole.postForm,

    async putPart(href, body, headers = {}) {
      const facts = urls.read(href);
      if (facts === null) return 403;
      return facts.multipartId === null ? whole.put(facts.key, facts.sizeBytes, body) : multiparts.putPart(facts, body, headers);
    },

    async put(key, body, how) {
      checkSha256(how.sha256);
      const bytes = Buffer.from(body);
      if (createHash('sha256').update(bytes).digest('hex') !== how.sha256) {
        throw new PipelineError('INTERNAL', { note: '(the body is not what its sha256 says)', details: { key, s3Code: 'BadDigest' } });
      }
      // No await between the question and the write: of many writers exactly one is first.
      if (how.onlyIfAbsent && objects.has(key)) return 'exists';
      if (how.onlyIfEtag !== undefined && objects.get(key)?.etag !== how.onlyIfEtag) return 'changed';
      store(key, { bytes, etag: createHash('md5').update(bytes).digest('hex'), contentType: how.contentType, metadata: {} });
      return 'stored';
    },

    async get(key, how = {}) {
      how.signal?.throwIfAborted();
      const object = objects.get(key);
      return object ? read(key, object, how) : null;
    },

    async head(key) {
      const object = objects.get(key);
      return object ? factsOf(object) : null;
    },

    /** Bytes that a part or a put brought are compared as they come, and nothing changes them afterwards. */
    async prove(key, { etag, signal, onRead }) {
      signal?.throwIfAborted();
      const object = objects.get(key);
      if (object && object.etag !== etag) throw new PipelineError('SOURCE_CHANGED', { details: { key, etag } });
      if (object) onRead?.(object.bytes.length);
      return object ? 'proven' : null;
    },

    async list(prefix, after = null) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && (after === null || byteOrder(key, after) > 0)).sort(byteOrder);
      const page = keys.slice(0, pageSize).flatMap((key) => {
        const object = objects.get(key);
        return object ? [{ key, sizeBytes: object.bytes.length, etag: object.etag, modifiedAt: object.modifiedAt }] : [];
      });
      return { objects: page, next: keys.length > pageSize ? (page.at(-1)?.key ?? null) : null };
    },

    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },

    async deleteExactly(key, etag) {
      if (objects.has(key) && objects.get(key)?.etag !== etag) return 'changed';
      objects.delete(key);
      return 'deleted';
    },

    async copy(fromKey, toKey, how) {
      checkMetadata(how.metadata);
      const source = objects.get(fromKey);
      if (source?.etag !== how.etag) return 'changed';
      store(toKey, { bytes: source.bytes, etag: source.etag, contentType: how.contentType, metadata: { ...how.metadata } });
      return 'copied';
    },

    /** Nothing to prepare: there is no door but this object. */
    async prepareBucket() {
      await Promise.resolve();
    },

    async ping() {
      await Promise.resolve();
    },
  };
}

const byteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const factsOf = (object: KeptObject) => ({
  sizeBytes: object.bytes.length,
  etag: object.etag,
  contentType: object.contentType,
  metadata: { ...object.metadata },
  modifiedAt: object.modifiedAt,
});

/** Pieces of a body, bytes: small enough that a reader sees several. */
const PIECE_BYTES = 64 * 1024;

function read(key: string, object: KeptObject, options: GetOptions): StoredObject {
  if (options.etag !== undefined && options.etag !== object.etag) throw new PipelineError('SOURCE_CHANGED', { details: { key, etag: options.etag } });
  const { start = 0, end } = options;
  const ranged = options.start !== undefined || end !== undefined;
  if (ranged && (start >= object.bytes.length || (end ?? start) < start)) {
    throw new PipelineError('INTERNAL', { note: '(the range lies behind the end)', details: { key, s3Code: 'InvalidRange', httpStatus: 416 } });
  }
  const wanted = object.bytes.subarray(start, end === undefined ? undefined : end + 1);
  const source = Readable.from(pieces(wanted), { objectMode: false });
  return {
    ...factsOf(object),
    contentLength: wanted.length,
    body: guardBody(source, { expectedBytes: wanted.length, idleMs: 60_000, signal: options.signal }),
  };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield Buffer.from(bytes.subarray(from, from + PIECE_BYTES));
}

function checkFolders(key: string, objects: ReadonlyMap<string, unknown>): void {
  const folders = key.split('/').map((_, index, names) => names.slice(0, index).join('/'));
  const clash = folders.find((folder) => objects.has(folder)) ?? [...objects.keys()].find((other) => other.startsWith(`${key}/`));
  if (clash !== undefined) throw new PipelineError('INTERNAL', { note: `("${key}" and "${clash}" cannot both be keys)`, details: { key, clash } });
}
