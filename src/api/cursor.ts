import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';

/** Where a page ended: the last row's place in the order (created_at, id). */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** A page from rows that were asked for with one more than `limit`: that one tells whether there is more. */
export function pageOf<T extends Position>(rows: readonly T[], limit: number): { page: T[]; next_cursor: string | null; has_more: boolean } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { page, next_cursor: more ? writeCursor(last) : null, has_more: more };
}

export function writeCursor(last: Position): string {
  return Buffer.from(JSON.stringify([last.createdAt, last.id])).toString('base64url');
}

/**
 * @param id what the ids of this list look like
 * @throws PipelineError REQUEST_INVALID for anything that writeCursor did not write
 */
export function readCursor(text: string, id: z.ZodType<string>): Position {
  const parsed = z.tuple([z.iso.datetime(), id]).safeParse(jsonOf(Buffer.from(text, 'base64url').toString()));
  if (!parsed.success) throw new PipelineError('REQUEST_INVALID', { note: 'The cursor is not one that this list gave.' });
  const [createdAt, rowId] = parsed.data;
  return { createdAt, id: rowId };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, like any other wrong content
  }
}
