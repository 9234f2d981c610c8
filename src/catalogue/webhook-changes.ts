import type { OutboxEvent } from '../domain/event.js';
import type { Delivery, Webhook } from '../domain/webhook.js';
import { TEST_TYPE } from '../domain/webhook.js';
import type { WebhookChange, WebhookDraft } from './webhook-catalogue.js';

/** What the writes about webhooks change, as pure functions: both adapters decide with these. */
export const newWebhook = (draft: WebhookDraft, position: number, now: string): Webhook => ({
  ...draft,
  state: 'enabled',
  disabledReason: null,
  formerSecret: null,
  formerSecretUntil: null,
  position,
  failingSince: null,
  createdAt: now,
  updatedAt: now,
});

/** `enables`: all that is pending begins anew. null where nothing changes. */
export function changedWebhook(before: Webhook, change: WebhookChange, now: string): { webhook: Webhook; enables: boolean } | null {
  const { state, secret, ...plain } = change;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const switched = state !== undefined && state !== before.state;
  const standing = switched ? { state, disabledReason: state === 'disabled' ? ('requested' as const) : null, failingSince: null } : {};
  const rotated =
    secret !== undefined && secret.value !== before.secret
      ? {
          secret: secret.value,
          formerSecret: before.secret,
          formerSecretUntil: new Date(Date.parse(now) + secret.formerForMs).toISOString(),
        }
      : {};
  const webhook: Webhook = { ...before, ...given, ...standing, ...rotated };
  if (JSON.stringify(webhook) === JSON.stringify(before)) return null;
  return { webhook: { ...webhook, updatedAt: now }, enables: switched && state === 'enabled' };
}

export const newDelivery = (webhookId: string, event: Pick<OutboxEvent, 'id' | 'videoId' | 'type' | 'position'>, now: string): Delivery => ({
  ...FRESH,
  webhookId,
  eventId: event.id,
  line: event.videoId,
  type: event.type,
  position: event.position,
  nextAt: now,
  createdAt: now,
});

export const testDelivery = (webhookId: string, eventId: string, now: string): Delivery => ({
  ...FRESH,
  webhookId,
  eventId,
  line: eventId,
  type: TEST_TYPE,
  position: 0,
  nextAt: now,
  createdAt: now,
});

const FRESH = { state: 'pending', tries: 0, sent: 0, log: [], settledAt: null } as const;
