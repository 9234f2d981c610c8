import type { EventType, OutboxEvent } from '../domain/event.js';
import type { Delivery, DeliveryState, Try, Webhook } from '../domain/webhook.js';
import type { Trace } from './tenancy.js';

/**
 * The part of the port that is about webhooks.
 *
 * Events come from the outbox alone: `takeEvents` moves a webhook's position and writes its deliveries in one transaction, so
 * none is lost and none is there twice. Everything here is safe to repeat. Every change that gives somebody work to do says
 * so in the webhook's own row, and `listWebhooksToWake` finds it there, whoever has died meanwhile.
 */
export interface WebhookCatalogue {
  /**
   * From the next event on. The same id again returns what is stored. `answer` is kept for the request's Idempotency-Key, by
   * the transaction that makes the row: the secret in it can be told by nobody else.
   */
  createWebhook(draft: WebhookDraft, trace?: Trace, answer?: (made: Webhook) => string | null): Promise<Webhook>;
  findWebhook(tenantId: string, webhookId: string): Promise<Webhook | null>;
  /** Newest first, by (createdAt, id); `after` is the last row of the page before. */
  listWebhooks(query: WebhookQuery): Promise<Webhook[]>;
  /**
   * null where there is none. Enabled again, all that is pending is due at once, and what happened while it was disabled is
   * told too. A new secret leaves the old one valid until then; given again it changes nothing.
   */
  changeWebhook(
    tenantId: string,
    webhookId: string,
    change: WebhookChange,
    trace?: Trace,
    answer?: (changed: Webhook) => string | null,
  ): Promise<Webhook | null>;
  /** With its deliveries. false where there was none. */
  deleteWebhook(tenantId: string, webhookId: string, trace?: Trace): Promise<boolean>;
  /** Newest first, by (createdAt, eventId). null where there is no such webhook. */
  listDeliveries(query: DeliveryQuery): Promise<Delivery[] | null>;
  /** Queues an event that nobody's video brought about. false where there is no such webhook. */
  testWebhook(tenantId: string, webhookId: string, eventId: string, trace?: Trace): Promise<boolean>;
  /**
   * Queues events again that the webhook's filter lets through: one, or all of a time, the end excluded. Those that are
   * pending stay as they are. How many were queued; null where there is no such webhook.
   */
  replayEvents(tenantId: string, webhookId: string, what: Replay, trace?: Trace): Promise<number | null>;

  /** Enabled ones that have something to do now: events to take, or a time that has come. */
  listWebhooksToWake(limit: number): Promise<string[]>;
  /** Takes over what is new in the outbox; somebody is at work on it now. null where it is gone or disabled. */
  takeEvents(webhookId: string): Promise<Webhook | null>;
  /** Of each line the first pending one, where its time has come; the oldest first. None while it is disabled. */
  listDue(webhookId: string, limit: number): Promise<DueDelivery[]>;
  /** Writes down one try, and what follows from it (`applyTry`). Late or repeated it changes nothing. */
  recordTry(webhookId: string, eventId: string, sent: number, tried: Omit<Try, 'at'>): Promise<void>;
  /** Nobody is at work on it any more. Milliseconds until there is something to do; null: nothing. */
  restWebhook(webhookId: string): Promise<number | null>;

  /** When the event happened that waits longest for an enabled webhook, taken over or not. null: none waits. */
  oldestUndeliveredAt(): Promise<string | null>;
  /** Deletes at most `limit` deliveries that were settled longer ago; what is pending stays, however old. @returns how many */
  forgetDeliveries(olderThanMs: number, limit: number): Promise<number>;
}

export interface WebhookDraft {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly EventType[];
  readonly secret: string;
}

export interface WebhookChange {
  readonly url?: string;
  readonly description?: string;
  readonly eventTypes?: readonly EventType[];
  readonly state?: Webhook['state'];
  readonly secret?: { readonly value: string; readonly formerForMs: number };
}

type Place = { readonly createdAt: string; readonly id: string };
export interface WebhookQuery {
  readonly tenantId: string;
  readonly limit: number;
  readonly after: Place | null;
}
export interface DeliveryQuery extends WebhookQuery {
  readonly webhookId: string;
  readonly states?: readonly DeliveryState[];
}

export type Replay = { readonly eventId: string } | { readonly since: string; readonly until: string };

export interface DueDelivery extends Delivery {
  /** null for a test. */
  readonly event: OutboxEvent | null;
}

/** Somebody who took a webhook in hand and died is missed after this time. */
export const AT_WORK_MS = 90_000;
