import { createHash } from 'node:crypto';
import type { JoinedObject } from './memory-multiparts.js';
import type { MemoryUrls } from './memory-urls.js';
import { checkMetadata } from './object-facts.js';
import type { ObjectStore, PresignedForm } from './object-store.js';

type Objects = Pick<Map<string, JoinedObject>, 'get' | 'has'>;

/** The half of the memory adapter for files that come in one piece; `store` takes what was sent. */
export function createMemoryWhole(objects: Objects, store: (key: string, object: JoinedObject) => void, urls: MemoryUrls) {
  const put = (key: string, body: Uint8Array, contentType: string): void => {
    const bytes = Buffer.from(body);
    store(key, { bytes, etag: createHash('md5').update(bytes).digest('hex'), contentType, metadata: {} });
  };
  const port: Pick<ObjectStore, 'presignPut' | 'presignPost' | 'copyOnce'> = {
    presignPut: async ({ key, sizeBytes, ttlS }) => urls.sign({ key, multipartId: null, partNumber: 0, sizeBytes, checksum: null }, ttlS),

    async presignPost({ key, contentType, minBytes, maxBytes, ttlS }) {
      const policy = JSON.stringify({ key, contentType, minBytes, maxBytes, expiresAtMs: Date.now() + ttlS * 1000 });
      return {
        url: 'memory:///',
        fields: { 'Content-Type': contentType, success_action_status: '201', key, policy, signature: urls.signatureOf(policy) },
      };
    },

    async copyOnce(from, to, options) {
      checkMetadata(options.metadata);
      const original = objects.get(from);
      if (original === undefined || original.etag !== options.etag) return 'changed';
      if (objects.has(to)) return 'exists';
      store(to, { bytes: original.bytes, etag: `${original.etag}-1`, contentType: options.contentType, metadata: { ...options.metadata } });
      return 'stored';
    },
  };
  return {
    port,

    /** A PUT to a whole object's URL, its signature already read. */
    put(key: string, sizeBytes: number | null, body: Uint8Array): number {
      if (sizeBytes !== null && body.byteLength !== sizeBytes) return 403;
      put(key, body, 'application/octet-stream');
      return 200;
    },

    /** What a browser does with a form. */
    async postForm({ fields }: PresignedForm, file: Uint8Array): Promise<number> {
      const { policy = '', signature = '', key = '', 'Content-Type': contentType = '' } = fields;
      if (!urls.isValid(policy, signature)) return 403;
      const wanted = JSON.parse(policy) as { key: string; contentType: string; minBytes: number; maxBytes: number; expiresAtMs: number };
      if (wanted.key !== key || wanted.contentType !== contentType || Date.now() > wanted.expiresAtMs) return 403;
      if (file.byteLength < wanted.minBytes || file.byteLength > wanted.maxBytes) return 400;
      put(key, file, contentType);
      return 201;
    },
  };
}
