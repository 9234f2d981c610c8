import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from './state.js';

const LOWER = '0123456789abcdefghijklmnopqrstuvwxyz';
const BASE62 = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** The development key of a data folder, `rm_test_<id>_<secret>`: made at the first start, kept in DATA/api-key (0600). */
export function devKey(data: string): string {
  const file = join(data, 'api-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = `rm_test_${randomText(LOWER, 12)}_${randomText(BASE62, 40)}`;
  writePrivately(file, `${key}\n`);
  return key;
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
