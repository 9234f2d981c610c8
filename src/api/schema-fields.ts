/** What several shapes are made of; how they are used is said in schemas.ts. */
import { z } from 'zod';
import type {} from 'zod-openapi';

export const HEX = '0190f6a2b7c87d3e9f00a1b2c3d4e5f6';
export const AT = '2026-11-21T10:15:00.000Z';

export const uploadId = z
  .string()
  .regex(/^upl_[0-9a-f]{32}$/, 'An upload id is "upl_" and 32 hex digits.')
  .meta({ id: 'UploadId', description: 'Id of an upload.', example: `upl_${HEX}` });
export const videoId = z
  .string()
  .regex(/^vid_[0-9a-f]{32}$/, 'A video id is "vid_" and 32 hex digits.')
  .meta({ id: 'VideoId', description: 'Id of a video.', example: `vid_${HEX}` });

export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC.', example: AT });
export const bytes = z.int().min(0);
export const count = z.int().min(0);
/** No control characters and no half surrogates: PostgreSQL takes neither. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
export const CLEAN = /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]+$/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
export const CLEAN_OR_EMPTY = /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]*$/u;

export const paging = {
  limit: z.coerce.number().int().min(1).max(100).default(25).meta({ description: 'At most this many.', example: 25 }),
  cursor: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+$/, 'A cursor is the next_cursor of an earlier answer.')
    .optional()
    .meta({ description: 'next_cursor of the page before; opaque, and good for this list with the same filters and order only.' }),
};
