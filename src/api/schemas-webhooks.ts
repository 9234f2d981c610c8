/** Shapes of webhooks and what is sent to them; part of schemas.ts, which says how they are used. */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { EVENT_TYPES } from '../domain/event.js';
import { DELIVERY_STATES, WEBHOOK_STATES } from '../domain/webhook.js';
import { AT, CLEAN, CLEAN_OR_EMPTY, count, HEX, paging, time } from './schema-fields.js';
import { eventId } from './schemas-events.js';

export const webhookId = z
  .string()
  .regex(/^whk_[0-9a-f]{32}$/, 'A webhook id is "whk_" and 32 hex digits.')
  .meta({ id: 'WebhookId', description: 'Id of a webhook.', example: `whk_${HEX}` });

const webhookFields = {
  url: z.string().min(1).max(2048).regex(CLEAN, 'An address has no control characters.').meta({
    description: 'Where events are sent by POST: https, and a public address.',
    example: 'https://example.com/hooks/reelmill',
  }),
  description: z.string().max(255).regex(CLEAN_OR_EMPTY, 'No control characters.').meta({ description: 'For people.' }),
  event_types: z
    .array(z.enum(EVENT_TYPES))
    .max(EVENT_TYPES.length)
    .refine((types) => new Set(types).size === types.length, 'Each type stands once.')
    .meta({ description: 'Only these. Empty: all, also those that are added later.', uniqueItems: true, example: ['video.ready', 'video.errored'] }),
};

export const createWebhookBody = z
  .strictObject({ url: webhookFields.url, description: webhookFields.description.default(''), event_types: webhookFields.event_types.default([]) })
  .meta({
    id: 'CreateWebhook',
    description: 'Where to be told.',
    example: { url: 'https://example.com/hooks/reelmill', event_types: ['video.ready'] },
  });

export const changeWebhookBody = z
  .strictObject({
    url: webhookFields.url.optional(),
    description: webhookFields.description.optional(),
    event_types: webhookFields.event_types.optional(),
    status: z.enum(WEBHOOK_STATES).optional().meta({ description: 'enabled: go on where it was, with all that happened meanwhile.' }),
  })
  .meta({ id: 'ChangeWebhook', description: 'What is to be otherwise; the rest stays.', example: { status: 'enabled' } });

export const rotateSecretBody = z
  .strictObject({
    former_valid_s: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(86_400)
      .meta({ description: 'The former secret signs too, for this many seconds.' }),
  })
  .optional()
  .meta({ id: 'RotateSecret', description: 'How the change is made.', example: { former_valid_s: 86_400 } });

export const replayBody = z
  .strictObject({ event_id: eventId.optional(), since: time.optional(), until: time.optional() })
  .refine(
    ({ event_id, since, until }) => (event_id !== undefined) !== (since !== undefined && until !== undefined),
    'Either event_id, or since and until.',
  )
  .meta({ id: 'ReplayEvents', description: 'One event, or all from `since` to before `until`.', example: { event_id: `evt_${HEX}` } });

export const listWebhooksQuery = z.object(paging);
export const listDeliveriesQuery = z.object({
  ...paging,
  status: z.enum(DELIVERY_STATES).optional().meta({ description: 'Only these.', example: 'pending' }),
});

export const webhook = z
  .object({
    id: webhookId,
    object: z.literal('webhook'),
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.string()),
    status: z.enum(WEBHOOK_STATES),
    disabled_reason: z
      .string()
      .nullable()
      .meta({ description: 'requested; gone: the receiver answered 410; failing: it took nothing for three days. null while enabled.' }),
    failing_since: time.nullable().meta({ description: 'null where its last answer was good.' }),
    former_secret_until: time.nullable().meta({ description: 'Until then two secrets sign.' }),
    secret: z.string().optional().meta({ description: 'Only in the answer that made it: it is not shown again.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({
    id: 'Webhook',
    description: 'Where a tenant is told of events.',
    example: {
      id: `whk_${HEX}`,
      object: 'webhook',
      url: 'https://example.com/hooks/reelmill',
      description: '',
      event_types: ['video.ready'],
      status: 'enabled',
      disabled_reason: null,
      failing_since: null,
      former_secret_until: null,
      created_at: AT,
      updated_at: AT,
    },
  });
export type WebhookJson = z.output<typeof webhook>;

export const webhookList = z
  .object({ object: z.literal('list'), data: z.array(webhook), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({ id: 'WebhookList', description: 'Webhooks, newest first.', example: { object: 'list', data: [], next_cursor: null, has_more: false } });

export const delivery = z
  .object({
    object: z.literal('delivery'),
    event_id: eventId.meta({ description: 'Also the header webhook-id, over all tries.' }),
    type: z.string(),
    status: z.enum(DELIVERY_STATES),
    sent: z.int().min(0).meta({ description: 'How often it was sent, replays included.' }),
    next_at: time.nullable().meta({ description: 'The next try, where it is not the turn of an earlier event of its video.' }),
    tries: z
      .array(z.object({ at: time, status: z.int().nullable(), error: z.string().nullable(), ms: z.int() }))
      .meta({ description: 'The last twenty; status null: there was no answer.' }),
    created_at: time,
    settled_at: time.nullable(),
  })
  .meta({
    id: 'Delivery',
    description: 'One event for one webhook, and what became of it.',
    example: {
      object: 'delivery',
      event_id: `evt_${HEX}`,
      type: 'video.ready',
      status: 'delivered',
      sent: 1,
      next_at: null,
      tries: [{ at: AT, status: 204, error: null, ms: 31 }],
      created_at: AT,
      settled_at: AT,
    },
  });
export const deliveryList = z
  .object({ object: z.literal('list'), data: z.array(delivery), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({ id: 'DeliveryList', description: 'Deliveries, newest first.', example: { object: 'list', data: [], next_cursor: null, has_more: false } });

export const testSent = z.object({ object: z.literal('webhook_test'), event_id: eventId }).meta({
  id: 'WebhookTest',
  description: 'Queued; the log of deliveries tells the rest.',
  example: { object: 'webhook_test', event_id: `evt_${HEX}` },
});
export const replayed = z
  .object({ object: z.literal('replay'), queued: count.meta({ description: 'Those that were pending already are not counted.' }) })
  .meta({ id: 'Replayed', description: 'How many are sent again.', example: { object: 'replay', queued: 1 } });
