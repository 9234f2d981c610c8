import type { Migration } from 'kysely';
import { first } from './001-first.js';
import { partChecksums } from './006-part-checksums.js';

/** In order of name. Only ever added to: a migration that has run somewhere is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '006-part-checksums': partChecksums,
};
