import type { EventType } from './event.js';

export const WEBHOOK_STATES = ['enabled', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];
/** `gone`: the receiver answered 410. `failing`: it took nothing for as long as an event is tried. */
export type DisabledReason = 'requested' | 'gone' | 'failing';

/** Where a tenant wants to be told of events. Times are ISO 8601 UTC. */
export interface Webhook {
  readonly id: string;
  readonly tenantId: string;
  readonly url: string;
  readonly description: string;
  /** Empty: all. */
  readonly eventTypes: readonly EventType[];
  readonly state: WebhookState;
  readonly disabledReason: DisabledReason | null;
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Signs too, until then. */
  readonly formerSecret: string | null;
  readonly formerSecretUntil: string | null;
  /** The outbox has been taken over up to here. */
  readonly position: number;
  /** Since when nothing has been taken by the receiver; null where its last answer was good. */
  readonly failingSince: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event for one webhook. */
export interface Delivery {
  readonly webhookId: string;
  /** Stands in `webhook-id`, over all tries. */
  readonly eventId: string;
  /** What keeps its order: a video's events, one after the other. */
  readonly line: string;
  readonly type: EventType | typeof TEST_TYPE;
  readonly position: number;
  readonly state: DeliveryState;
  /** Of the present round; a replay begins another. */
  readonly tries: number;
  /** Over all rounds. */
  readonly sent: number;
  readonly log: readonly Try[];
  /** null once settled. */
  readonly nextAt: string | null;
  readonly createdAt: string;
  readonly settledAt: string | null;
}

export interface Try {
  readonly at: string;
  /** null where there was no answer. */
  readonly status: number | null;
  /** null where it was delivered. */
  readonly error: string | null;
  readonly ms: number;
}

/** Not of the outbox: made on request. */
export const TEST_TYPE = 'webhook.test';

/** Tries that the log keeps. */
const LOG_LENGTH = 20;

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
/** Pauses after the first try, the second …: those of Standard Webhooks 1.0.0. Ten tries in 75 h 35 min. */
export const PAUSES_MS: readonly number[] = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** A receiver that was away for longer, and takes an event, gets all that waits for it at once. */
const OUTAGE_MS = MINUTE;

export interface TryResult {
  readonly webhook: Webhook;
  readonly delivery: Delivery;
  /** Everything else that is pending is due now, and that try is given back to it. */
  readonly flush: boolean;
}

/**
 * What one try changes; pure. null where it was written down before, or is about what is settled.
 *
 * An event that runs out of tries has failed, where the receiver took others meanwhile. Where it took none, it is the
 * receiver that has failed: it is disabled, and the event waits with all others until it is enabled again.
 *
 * @param sent of the delivery when it was tried, before this try
 * @param chance 0–1: lengthens the pause by up to a tenth, so that what failed at once is not tried at once
 */
export function applyTry(webhook: Webhook, before: Delivery, what: { sent: number; tried: Try; now: string; chance: number }): TryResult | null {
  const { sent, tried, now, chance } = what;
  if (before.state !== 'pending' || before.sent !== sent) return null;
  const tries = before.tries + 1;
  const log = [...before.log, tried].slice(-LOG_LENGTH);
  const delivery: Delivery = { ...before, tries, sent: sent + 1, log };
  if (tried.error === null) {
    const awayMs = webhook.failingSince === null ? 0 : Date.parse(now) - Date.parse(webhook.failingSince);
    return {
      webhook: { ...webhook, failingSince: null },
      delivery: { ...delivery, state: 'delivered', nextAt: null, settledAt: now },
      flush: awayMs >= OUTAGE_MS,
    };
  }
  const failing: Webhook = { ...webhook, failingSince: webhook.failingSince ?? tried.at };
  const disable = (reason: DisabledReason): TryResult => ({
    webhook: { ...failing, state: 'disabled', disabledReason: reason, updatedAt: now },
    delivery: { ...delivery, nextAt: now },
    flush: false,
  });
  if (tried.status === 410) return disable('gone');
  const pauseMs = PAUSES_MS[before.tries];
  if (pauseMs !== undefined) {
    const nextAt = new Date(Date.parse(now) + Math.round(pauseMs * (1 + chance / 10))).toISOString();
    return { webhook: failing, delivery: { ...delivery, nextAt }, flush: false };
  }
  const firstAt = log.at(-tries)?.at ?? tried.at;
  if ((failing.failingSince ?? now) <= firstAt) return disable('failing');
  return { webhook: failing, delivery: { ...delivery, state: 'failed', nextAt: null, settledAt: now }, flush: false };
}

/** What waited for a receiver that is back. */
export const flushed = (delivery: Delivery, now: string): Delivery => ({ ...delivery, tries: Math.max(0, delivery.tries - 1), nextAt: now });

/** A round of its own, at once. */
export const renewed = (delivery: Delivery, now: string): Delivery => ({ ...delivery, state: 'pending', tries: 0, nextAt: now, settledAt: null });

export const wantsType = (webhook: Pick<Webhook, 'eventTypes'>, type: EventType): boolean =>
  webhook.eventTypes.length === 0 || webhook.eventTypes.includes(type);

/**
 * What is wrong with an address that somebody wants to be called at; null: nothing that can be seen from here. What a name
 * stands for is looked at whenever it is called.
 */
export function urlFault(text: string, targets: 'public' | 'any'): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') return 'It is not an address such as https://example.com/hook.';
  if (url.protocol !== 'https:' && !(targets === 'any' && url.protocol === 'http:')) return 'It has to begin with https://.';
  if (url.username !== '' || url.password !== '') return 'It must not hold a user name or a password.';
  if (url.hash !== '') return 'It must not have a part behind #.';
  return null;
}
