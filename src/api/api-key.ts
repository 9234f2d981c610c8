import { createHash, timingSafeEqual } from 'node:crypto';

/** What a client presents: `rm_(live|test)_<id>_<secret>`. */
export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

const FORM = /^rm_(?:live|test)_([A-Za-z0-9]{1,64})_([A-Za-z0-9_-]{16,128})$/;

/** null where the text is no key of ours. */
export function parseApiKey(text: string): PresentedKey | null {
  const [, id, secret] = FORM.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

/** SHA-256, lower-case hex: what the catalogue keeps. No salt or stretching: secrets are random, 128 bits and more. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes the same time wherever the two differ. */
export function secretMatches(secret: string, storedHash: string): boolean {
  const [a, b] = [Buffer.from(hashSecret(secret), 'hex'), Buffer.from(storedHash, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}
