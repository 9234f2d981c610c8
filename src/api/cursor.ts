import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import { videoId } from './schemas.js';

/** Where a page ended: the last row's place in the order (created_at, id). */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

const inside = z.tuple([z.iso.datetime(), videoId]);

export function writeCursor(last: Position): string {
  return Buffer.from(JSON.stringify([last.createdAt, last.id])).toString('base64url');
}

/** @throws PipelineError REQUEST_INVALID for anything that writeCursor did not write */
export function readCursor(text: string): Position {
  const parsed = inside.safeParse(jsonOf(Buffer.from(text, 'base64url').toString()));
  if (!parsed.success) throw new PipelineError('REQUEST_INVALID', { note: 'The cursor is not one that this list gave.' });
  const [createdAt, id] = parsed.data;
  return { createdAt, id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // refused by the schema, like any other wrong content
  }
}
