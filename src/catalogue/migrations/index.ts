import type { Migration } from 'kysely';
import { first } from './001-first.js';
import { deletions } from './005-deletions.js';

/** In order of name. Only ever added to: a migration that has run somewhere is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '005-deletions': deletions,
};
