import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from './state.js';

/** What the API of a data folder signs upload addresses with: made at the first start, kept in DATA/upload-token-secret (0600), so that they outlive a restart. */
export function uploadTokenSecret(data: string): string {
  const file = join(data, 'upload-token-secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const secret = randomBytes(32).toString('hex');
  writePrivately(file, `${secret}\n`);
  return secret;
}
