/** Shapes of events; part of schemas.ts, which says how they are used. */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { EVENT_TYPES } from '../domain/event.js';
import { AT, HEX, paging, time, videoId } from './schema-fields.js';

export const eventId = z
  .string()
  .regex(/^evt_[0-9a-f]{32}$/, 'An event id is "evt_" and 32 hex digits.')
  .meta({ id: 'EventId', description: 'Id of an event.', example: `evt_${HEX}` });

/** Where a stream began that has had no event yet; see stream-mark.ts. */
const streamMark = z.string().regex(/^pos_[A-Za-z0-9_-]{30,120}$/, 'A position is what a stream gave as its Last-Event-ID.');

export const listEventsQuery = z.object({
  limit: paging.limit,
  after: eventId.or(streamMark).optional().meta({ description: 'The last event that you have: what comes after it.' }),
});

export const eventHeaders = z.object({
  accept: z.string().max(1000).optional().meta({ description: 'text/event-stream: a stream.', example: 'text/event-stream' }),
  'last-event-id': z
    .literal('')
    .transform(() => undefined)
    .or(eventId)
    .or(streamMark)
    .optional()
    .meta({ description: 'The last event that you have. Browsers send it by themselves when they come again.' }),
});

export const event = z
  .object({
    id: eventId,
    object: z.literal('event'),
    type: z.string().meta({ description: `New types may be added. Today: ${EVENT_TYPES.join(', ')}.` }),
    created_at: time,
    video_id: videoId,
    sequence: z.int().min(1).meta({ description: '1, 2, 3 … without a gap per video.' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'How the video stood with this event. Who wants more reads the video.' }),
  })
  .meta({
    id: 'Event',
    description: 'Something that happened to a video.',
    example: {
      id: `evt_${HEX}`,
      object: 'event',
      type: 'video.ready',
      created_at: AT,
      video_id: `vid_${HEX}`,
      sequence: 9,
      data: {
        status: 'ready',
        generation: 1,
        live_generation: 1,
        playable: true,
        progress: { percent: 100, stage: 'publish' },
        version: 12,
        passthrough: 'sku-4711',
        errors: [],
      },
    },
  });

export const eventList = z
  .object({
    object: z.literal('list'),
    data: z.array(event),
    last_id: z.string().nullable().meta({ description: 'Give it as `after` the next time; null while there is none.' }),
    has_more: z.boolean(),
  })
  .meta({ id: 'EventList', description: 'Events, oldest first.', example: { object: 'list', data: [], last_id: null, has_more: false } });
export type EventListJson = z.output<typeof eventList>;
