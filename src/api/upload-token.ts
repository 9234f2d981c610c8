import { createHmac, timingSafeEqual } from 'node:crypto';

/** Capabilities for one upload each: whoever holds the text may do what its API key may, with this upload and nothing else. */
export interface UploadTokens {
  /** `upt_<32 hex of the upload id>_<HMAC-SHA256, base64url>` */
  issue(uploadId: string): string;
  /** The upload that a token stands for; null where it is none of ours. Whether it has ended is for the catalogue to say. */
  read(token: string): string | null;
}

const FORM = /^upt_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

/**
 * Nothing is kept of a token: it is made again from the upload's id, and ends with the upload's session.
 * @param secrets the first signs, all of them are taken: a new one goes to the front, the old one away a week later
 */
export function createUploadTokens(secrets: readonly string[]): UploadTokens {
  const sign = (secret: string, uploadId: string): string => createHmac('sha256', secret).update(`upload-token ${uploadId}`).digest('base64url');
  const first = secrets[0];
  if (first === undefined) throw new TypeError('At least one secret is needed.');
  return {
    issue: (uploadId) => `${uploadId.replace(/^upl_/, 'upt_')}_${sign(first, uploadId)}`,
    read(token) {
      const [, hex, given] = FORM.exec(token) ?? [];
      if (hex === undefined || given === undefined) return null;
      const uploadId = `upl_${hex}`;
      // All of them, so that the time tells neither how many there are nor which one it was.
      const matches = secrets.map((secret) => timingSafeEqual(Buffer.from(given), Buffer.from(sign(secret, uploadId))));
      return matches.includes(true) ? uploadId : null;
    },
  };
}
