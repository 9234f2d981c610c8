import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PartChecksum } from '../domain/upload.js';

/** What a `memory:` URL stands for. `sizeBytes` null: any size. */
export interface UrlFacts {
  readonly key: string;
  /** null for a whole object. */
  readonly multipartId: string | null;
  readonly partNumber: number;
  readonly sizeBytes: number | null;
  /** What the body must have, and the headers must say. */
  readonly checksum: PartChecksum | null;
}

/** Signs and reads the memory store's URLs as S3 does its own: changed in any place, or after their time, they are worth nothing. */
export function createMemoryUrls() {
  const secret = randomBytes(32);
  const signatureOf = (text: string): string => createHmac('sha256', secret).update(text).digest('hex');
  const isValid = (text: string, signature: string): boolean => {
    const [given, wanted] = [Buffer.from(signature, 'hex'), Buffer.from(signatureOf(text), 'hex')];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  return {
    signatureOf,
    isValid,

    sign({ key, multipartId, partNumber, sizeBytes, checksum }: UrlFacts, ttlS: number): string {
      const url = new URL(`memory:///${key.split('/').map(encodeURIComponent).join('/')}`);
      const facts = { uploadId: multipartId ?? '', partNumber, sizeBytes: sizeBytes ?? '', expiresAtMs: Date.now() + ttlS * 1000 };
      for (const [name, value] of Object.entries(facts)) url.searchParams.set(name, String(value));
      if (checksum !== null) url.searchParams.set('checksum', JSON.stringify(checksum));
      url.searchParams.set('signature', signatureOf(url.href));
      return url.href;
    },

    /** null where the signature or the time is wrong. */
    read(href: string): UrlFacts | null {
      const url = new URL(href);
      const fact = (name: string): string => url.searchParams.get(name) ?? '';
      const unsigned = new URL(url);
      unsigned.searchParams.delete('signature');
      if (!isValid(unsigned.href, fact('signature')) || Date.now() > Number(fact('expiresAtMs'))) return null;
      return {
        key: decodeURIComponent(url.pathname.slice(1)),
        multipartId: fact('uploadId') || null,
        partNumber: Number(fact('partNumber')),
        sizeBytes: fact('sizeBytes') === '' ? null : Number(fact('sizeBytes')),
        checksum: fact('checksum') === '' ? null : (JSON.parse(fact('checksum')) as PartChecksum),
      };
    },
  };
}

export type MemoryUrls = ReturnType<typeof createMemoryUrls>;
