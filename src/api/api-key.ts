import { hash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { KeyMode } from '../catalogue/tenancy.js';

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
  return hash('sha256', secret, 'hex');
}

/** Takes the same time wherever the two differ. */
export function secretMatches(secret: string, storedHash: string): boolean {
  const [a, b] = [hash('sha256', secret, 'buffer'), Buffer.from(storedHash, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

const LOWER = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE62 = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const ID_CHARS = 16;
/** 190 bits. */
const SECRET_CHARS = 32;
const CRC_CHARS = 6;

/**
 * A new key, `rm_<mode>_<id>_<secret><crc>`. The last six characters are the CRC-32 of the key before them, in base 62: so a
 * scanner of leaked secrets can tell a key from anything that only looks like one. All behind the id counts as the secret.
 */
export function createApiKeyText(mode: KeyMode): { readonly id: string; readonly text: string; readonly secretHash: string } {
  const id = randomText(LOWER, ID_CHARS);
  const secret = randomText(BASE62, SECRET_CHARS);
  const whole = secret + crcText(`rm_${mode}_${id}_${secret}`);
  return { id, text: `rm_${mode}_${id}_${whole}`, secretHash: hashSecret(whole) };
}

/** CRC-32 as six characters of base 62. */
export function crcText(text: string): string {
  let [left, digits] = [crc32(text), ''];
  for (let n = 0; n < CRC_CHARS; n += 1) [left, digits] = [Math.floor(left / 62), BASE62.charAt(left % 62) + digits];
  return digits;
}

const randomText = (alphabet: string, length: number): string => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
