import { Webhook as Signer } from 'standardwebhooks';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { DueDelivery } from '../catalogue/webhook-catalogue.js';
import { eventJson } from '../domain/event-json.js';
import type { Webhook } from '../domain/webhook.js';
import type { PostWebhook } from './post-webhook.js';
import { withHeartbeat } from './with-heartbeat.js';

/** Sent at the same time to one receiver, each of another video. */
const PARALLEL = 8;
/** One activity goes on for this long at the most; then another one does. */
const RUN_MS = 20_000;

export interface WebhookDeps {
  readonly catalogue: Catalogue;
  readonly post: PostWebhook;
}

export interface Delivered {
  readonly sent: number;
  /** Until there is something to do again; null: nothing is left. */
  readonly waitMs: number | null;
}

/**
 * Takes over what is new in the outbox for one webhook, and sends all that is due: of each video one event after the other.
 *
 * Dies anywhere and runs again: what was taken is in the catalogue; what was sent and not written down is sent once more,
 * under the same `webhook-id`. The row knows that somebody was at work, so that it is missed.
 */
export const deliverDue =
  ({ catalogue, post }: WebhookDeps) =>
  (webhookId: string): Promise<Delivered> =>
    withHeartbeat(async (_beat, stopping) => {
      const endMs = performance.now() + RUN_MS;
      let sent = 0;
      while (performance.now() < endMs && !stopping.aborted) {
        // Again and again: what comes while others are sent goes out in its turn.
        const webhook = await catalogue.takeEvents(webhookId);
        if (webhook === null) return { sent, waitMs: null };
        const due = await catalogue.listDue(webhookId, PARALLEL);
        if (due.length === 0) break;
        const all = await Promise.allSettled(
          due.map(async (delivery) => {
            const tried = await post(webhook.url, headersOf(webhook, delivery, new Date()), bodyOf(delivery));
            await catalogue.recordTry(webhookId, delivery.eventId, delivery.sent, tried);
          }),
        );
        // The others are waited for: another attempt must not meet them.
        const fault = all.find((each) => each.status === 'rejected');
        if (fault) throw fault.reason;
        sent += due.length;
      }
      return { sent, waitMs: await catalogue.restWebhook(webhookId) };
    });

/** The same over all tries of one event. */
export function bodyOf(delivery: DueDelivery): string {
  const { event, type, createdAt, webhookId } = delivery;
  const data = event === null ? { webhook_id: webhookId } : eventJson(event);
  return JSON.stringify({ type, timestamp: event?.createdAt ?? createdAt, data });
}

/** Standard Webhooks 1.0.0: signed with the secret, and with the former one for as long as that holds. */
export function headersOf(
  webhook: Webhook,
  delivery: Pick<DueDelivery, 'eventId'> & Parameters<typeof bodyOf>[0],
  now: Date,
): Record<string, string> {
  const { secret, formerSecret, formerSecretUntil } = webhook;
  const both = formerSecret !== null && formerSecretUntil !== null && Date.parse(formerSecretUntil) > now.getTime();
  const body = bodyOf(delivery);
  const signatures = [secret, ...(both ? [formerSecret] : [])].map((each) => new Signer(each).sign(delivery.eventId, now, body));
  return {
    'content-type': 'application/json',
    'user-agent': 'Reelmill-Webhooks/1',
    'webhook-id': delivery.eventId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
