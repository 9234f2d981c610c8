import type { z } from 'zod';
import type { Delivery, Webhook } from '../domain/webhook.js';
import type { delivery, WebhookJson } from './schemas.js';

/** The webhook as its owner sees it: without its secrets. */
export const webhookJson = (webhook: Webhook): WebhookJson => ({
  id: webhook.id,
  object: 'webhook',
  url: webhook.url,
  description: webhook.description,
  event_types: [...webhook.eventTypes],
  status: webhook.state,
  disabled_reason: webhook.disabledReason,
  failing_since: webhook.failingSince,
  former_secret_until: webhook.formerSecretUntil,
  created_at: webhook.createdAt,
  updated_at: webhook.updatedAt,
});

export const deliveryJson = (row: Delivery): z.output<typeof delivery> => ({
  object: 'delivery',
  event_id: row.eventId,
  type: row.type,
  status: row.state,
  sent: row.sent,
  next_at: row.nextAt,
  tries: [...row.log],
  created_at: row.createdAt,
  settled_at: row.settledAt,
});
