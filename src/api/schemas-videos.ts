/** Shapes of what owners keep with videos, of their lists, and of review; part of schemas.ts, which says how they are used. */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { ERROR_CODES } from '../domain/errors.js';
import {
  MAX_METADATA_ENTRIES,
  MAX_METADATA_VALUE_CHARS,
  MAX_PASSTHROUGH_CHARS,
  MAX_TITLE_CHARS,
  METADATA_KEY,
  TITLE_KEY_CHARS,
} from '../domain/labels.js';
import { TIMED_STAGES } from '../domain/trail.js';
import { STAGES, VIDEO_STATES } from '../domain/video.js';
import { AT, bytes, CLEAN, CLEAN_OR_EMPTY, count, HEX, paging, time, videoId } from './schema-fields.js';
import { idempotencyHeaders, tenantId } from './schemas-tenancy.js';

// ---- What an owner keeps with a video

const title = z
  .string()
  .min(1)
  .max(MAX_TITLE_CHARS)
  .regex(CLEAN, 'A title has no control characters.')
  .regex(/\S/, 'A title has at least one visible character.');
const metadataKey = z.string().regex(METADATA_KEY, 'A key of metadata has 1 to 40 letters, digits and "_", ".", ":", "-".');
const metadataValue = z.string().max(MAX_METADATA_VALUE_CHARS).regex(CLEAN_OR_EMPTY, 'A value of metadata has no control characters.');
const passthrough = z.string().min(1).max(MAX_PASSTHROUGH_CHARS).regex(CLEAN, 'No control characters.');
const fewEntries = (entries: object): boolean => Object.keys(entries).length <= MAX_METADATA_ENTRIES;
const TOO_MANY = `At most ${MAX_METADATA_ENTRIES} entries.`;

const about = {
  title: { description: `For people; up to ${MAX_TITLE_CHARS} characters.`, example: 'Holidays 2026' },
  metadata: {
    description: `Texts of your own, by keys of your own: up to ${MAX_METADATA_ENTRIES}, keys of 1 to 40 letters, digits and "_.:-", values of up to ${MAX_METADATA_VALUE_CHARS} characters. Videos can be listed by them.`,
    example: { order: '4711', campaign: 'autumn' },
  },
  passthrough: {
    description: `Up to ${MAX_PASSTHROUGH_CHARS} characters that stand in the video and in each of its events and webhooks: your own id for it, say.`,
    example: 'sku-4711',
  },
};

/** Part of what creates an upload. */
export const newLabels = {
  title: title.optional().meta(about.title),
  metadata: z.record(metadataKey, metadataValue).refine(fewEntries, TOO_MANY).optional().meta(about.metadata),
  passthrough: passthrough.optional().meta(about.passthrough),
};

/** Part of a video. */
export const labelFields = {
  title: z.string().nullable().meta(about.title),
  metadata: z.record(z.string(), z.string()).meta(about.metadata),
  passthrough: z.string().nullable().meta(about.passthrough),
};
export const LABELS_EXAMPLE = { title: about.title.example, metadata: about.metadata.example, passthrough: about.passthrough.example };

export const changeVideoBody = z
  .strictObject({
    title: title.nullish().meta({ description: 'null takes it away.', example: about.title.example }),
    metadata: z
      .record(metadataKey, metadataValue.nullable())
      .nullish()
      .meta({
        description: 'Entries that are named are set, those that are null are taken away, all others stay. null takes all of them away.',
        example: { order: '4712', campaign: null },
      }),
    passthrough: passthrough.nullish().meta({ description: 'null takes it away.', example: about.passthrough.example }),
  })
  .meta({
    id: 'ChangeVideo',
    description: 'A merge patch (RFC 7396): what is absent stays, null takes away.',
    example: { title: 'Holidays 2026, part 2', metadata: { order: '4712', campaign: null } },
  });

export const changeVideoHeaders = idempotencyHeaders.extend({
  'if-match': z.string().max(1000).optional().meta({
    description:
      'ETag of the version that the change was decided on: another one is 412. While a video is being made its version rises with its progress.',
    example: '"v7"',
  }),
});

// ---- Lists of videos

/** To the millisecond, as the catalogue keeps times. PostgreSQL knows no year 0. */
export const moment = z.iso
  .datetime()
  .regex(/^(?!0000)/, 'A year from 0001 on.')
  .transform((text) => new Date(text).toISOString());

export const VIDEO_SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at'] as const;

export const listVideosQuery = z.object({
  ...paging,
  status: z
    .string()
    .max(200)
    .optional()
    .transform((text) => text?.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(VIDEO_STATES)).min(1).optional())
    .meta({ description: `Only these states, separated by commas: ${VIDEO_STATES.join(', ')}.`, example: 'ready,errored' }),
  created_after: moment.optional().meta({ description: 'Only what began later.', example: AT }),
  created_before: moment.optional().meta({ description: 'Only what began earlier.', example: AT }),
  updated_after: moment.optional().meta({ description: 'Only what changed last later than this.', example: AT }),
  updated_before: moment.optional().meta({ description: 'Only what changed last earlier than this.', example: AT }),
  metadata: z
    .record(metadataKey, metadataValue)
    .refine(fewEntries, TOO_MANY)
    .optional()
    .meta({ description: 'Only videos with all of these entries: metadata[order]=4711.', param: { style: 'deepObject', explode: true } }),
  passthrough: passthrough.optional().meta({ description: 'Only videos with exactly this.', example: about.passthrough.example }),
  title: z
    .string()
    .min(1)
    .max(TITLE_KEY_CHARS)
    .regex(CLEAN, 'No control characters.')
    .optional()
    .meta({ description: 'Only titles that begin so, in small or capital letters.', example: 'holi' }),
  sort: z.enum(VIDEO_SORTS).default('-created_at').meta({
    description: '"-": the newest first. By updated_at ascending nothing is missed while videos change: one that changes comes again further on.',
    example: '-created_at',
  }),
});

/** How the stages of a generation went. */
export const stageTimes = z
  .array(
    z.object({
      stage: z.string().meta({ description: `One of ${TIMED_STAGES.join(', ')}. New ones may be added.` }),
      started_at: time.meta({ description: 'When it was begun first.' }),
      ms: count.meta({ description: 'How long it took, without the run that is under way; a stage that was run again counts all runs.' }),
      running_since: time.nullable().meta({ description: 'null: it is over, or not under way now.' }),
    }),
  )
  .meta({ description: 'What this generation went through, in the order of its stages.' });

// ---- Review

export const reviewQuery = z.object({
  ...paging,
  tenant_id: tenantId.optional().meta({ description: 'Only videos of this tenant.' }),
});

const reviewItem = z.object({
  video_id: videoId,
  object: z.literal('review'),
  tenant_id: tenantId,
  name: z.string().meta({ description: 'Of the file.' }),
  title: z.string().nullable(),
  size_bytes: bytes.nullable(),
  generation: z.int().min(1),
  code: z.string().meta({ description: 'Why it waits, for programs.' }),
  message: z.string().meta({ description: 'Why it waits, for people.' }),
  stage: z.enum(STAGES).nullable().meta({ description: 'The stage that failed, after its own retries.' }),
  since: time,
  tried: z
    .array(z.object({ code: z.string(), stage: z.enum(STAGES).nullable(), since: time, retried_at: time }))
    .meta({ description: 'Each time that it waited before and was tried again, the latest last.' }),
  actions: z
    .array(
      z.object({ action: z.string(), description: z.string(), method: z.literal('POST'), path: z.string(), body: z.record(z.string(), z.unknown()) }),
    )
    .meta({ description: 'What can be done, and the call for it.' }),
});
export type ReviewItemJson = z.output<typeof reviewItem>;

export const reviewList = z
  .object({ object: z.literal('list'), data: z.array(reviewItem), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({
    id: 'ReviewList',
    description: 'Videos that wait for a person, who waits longest first.',
    example: {
      object: 'list',
      data: [
        {
          ...{ video_id: `vid_${HEX}`, object: 'review', tenant_id: 'acme', name: 'clip.mp4', title: null, size_bytes: 10_485_760, generation: 1 },
          ...{ code: 'ENCODE_FAILED', message: ERROR_CODES.ENCODE_FAILED.text, stage: 'encode', since: AT, tried: [] },
          actions: [
            {
              ...{ action: 'retry', description: 'Run the stage that failed once more.', method: 'POST' },
              ...{ path: `/v1/ops/review/vid_${HEX}/resolve`, body: { action: 'retry' } },
            },
          ],
        },
      ],
      next_cursor: null,
      has_more: false,
    },
  });
