import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Text that only a secret of this API and the client's own words open together (AES-256-GCM). Answers are kept like that: they
 * hold what lets a reader in (a new key, the address of an upload), and whoever reads the database alone must not get it.
 * @param secrets the first seals, all of them open: the same list that signs the tokens of uploads
 */
export function createSeal(secrets: readonly string[]) {
  const keyOf = (secret: string, words: readonly string[]): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, words.join('\0'), 'reelmill sealed answer', 32));
  const [first = ''] = secrets;
  return {
    close(text: string, words: readonly string[]): string {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyOf(first, words), nonce);
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    },
    /** null where none of the secrets opens it. */
    open(sealed: string, words: readonly string[]): string | null {
      const bytes = Buffer.from(sealed, 'base64');
      for (const secret of secrets) {
        const text = opened(bytes, keyOf(secret, words));
        if (text !== null) return text;
      }
      return null;
    },
  };
}

function opened(bytes: Buffer, key: Buffer): string | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null; // sealed by another secret
  }
}
