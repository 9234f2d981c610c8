import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import { moment } from './schemas-videos.js';

/** Where a page ended, in the order that was asked for. */
export interface Place {
  readonly at: string;
  readonly id: string;
}

/**
 * Cursors of one list: of its order and of all that it is narrowed by. In another list the same place would leave rows out or bring
 * some twice, so that it is refused there.
 * @param list what the list is, as JSON: equal values, equal lists
 * @param id what the ids of its rows look like
 */
export function createCursors(list: unknown, id: z.ZodType<string>) {
  const mark = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 11);
  const write = ({ at, id: rowId }: Place): string => Buffer.from(JSON.stringify([at, rowId, mark])).toString('base64url');
  return {
    /** A page of rows that were asked for with one more than `limit`: that one tells whether there is more. */
    page<T>(rows: readonly T[], limit: number, placeOf: (row: T) => Place): { page: T[]; next_cursor: string | null; has_more: boolean } {
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const more = rows.length > limit && last !== undefined;
      return { page, next_cursor: more ? write(placeOf(last)) : null, has_more: more };
    },

    /** @throws PipelineError REQUEST_INVALID for anything that this list did not give */
    read(text: string | undefined): Place | null {
      if (text === undefined) return null;
      const parsed = z.tuple([moment, id, z.string()]).safeParse(jsonOf(Buffer.from(text, 'base64url').toString()));
      if (!parsed.success) throw new PipelineError('REQUEST_INVALID', { note: 'The cursor is not one that this list gave.' });
      const [at, rowId, of] = parsed.data;
      if (of !== mark) throw new PipelineError('REQUEST_INVALID', { note: 'The cursor is of a list with another order or other filters.' });
      return { at, id: rowId };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, like any other wrong content
  }
}
