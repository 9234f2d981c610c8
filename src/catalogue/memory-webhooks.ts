import { PipelineError } from '../domain/errors.js';
import type { OutboxEvent } from '../domain/event.js';
import { applyTry, type Delivery, flushed, renewed, type Webhook, wantsType } from '../domain/webhook.js';
import { storable } from './storable.js';
import type { Trace } from './tenancy.js';
import { AT_WORK_MS, type DueDelivery, type WebhookCatalogue } from './webhook-catalogue.js';
import { changedWebhook, newDelivery, newWebhook, testDelivery } from './webhook-changes.js';

/** The webhooks of the memory adapter. */
export function createMemoryWebhooks(rows: {
  readonly events: readonly OutboxEvent[];
  readonly now: () => string;
  readonly leaveTrace: (trace: Trace, targetId: string, answer?: string | null) => void;
}): WebhookCatalogue {
  const { events, now, leaveTrace } = rows;
  const webhooks = new Map<string, { webhook: Webhook; wakeAt: string | null }>();
  const deliveries = new Map<string, Delivery>();
  const keyOf = (webhookId: string, eventId: string): string => `${webhookId}/${eventId}`;
  const owned = (tenantId: string, webhookId: string): { webhook: Webhook; wakeAt: string | null } | null => {
    const row = webhooks.get(webhookId);
    return row?.webhook.tenantId === tenantId ? row : null;
  };
  const of = (webhookId: string): Delivery[] => [...deliveries.values()].filter((row) => row.webhookId === webhookId);
  const put = (delivery: Delivery): void => void deliveries.set(keyOf(delivery.webhookId, delivery.eventId), delivery);
  const heads = (webhookId: string): Delivery[] => {
    const first = new Map<string, Delivery>();
    for (const row of of(webhookId).sort((a, b) => a.position - b.position)) {
      if (row.state === 'pending' && !first.has(row.line)) first.set(row.line, row);
    }
    return [...first.values()];
  };

  return {
    async createWebhook(wish, trace, answer = () => null) {
      const draft = storable(wish);
      const known = webhooks.get(draft.id)?.webhook ?? newWebhook(draft, events.at(-1)?.position ?? 0, now());
      if (known.tenantId !== draft.tenantId) throw new PipelineError('CONFLICT', { note: 'The id of the new webhook is taken.' });
      if (!webhooks.has(draft.id)) {
        if (trace) leaveTrace(trace, draft.id, answer(known));
        webhooks.set(draft.id, { webhook: known, wakeAt: null });
      }
      return structuredClone(known);
    },
    findWebhook: async (tenantId, webhookId) => structuredClone(owned(tenantId, webhookId)?.webhook ?? null),
    async listWebhooks({ tenantId, limit, after }) {
      const all = [...webhooks.values()].map(({ webhook }) => webhook).filter((row) => row.tenantId === tenantId);
      return structuredClone(newestFirst(all, ({ id }) => id, after).slice(0, limit));
    },
    async changeWebhook(tenantId, webhookId, change, trace, answer = () => null) {
      const row = owned(tenantId, webhookId);
      const changed = row && changedWebhook(row.webhook, storable(change), now());
      if (!row || !changed) return structuredClone(row?.webhook ?? null);
      const { webhook, enables } = changed;
      if (trace) leaveTrace(trace, webhookId, answer(webhook));
      webhooks.set(webhookId, { webhook, wakeAt: enables ? now() : row.wakeAt });
      if (enables) for (const delivery of of(webhookId)) if (delivery.state === 'pending') put(renewed(delivery, now()));
      return structuredClone(webhook);
    },
    async deleteWebhook(tenantId, webhookId, trace) {
      if (!owned(tenantId, webhookId)) return false;
      if (trace) leaveTrace(trace, webhookId);
      webhooks.delete(webhookId);
      for (const { eventId } of of(webhookId)) deliveries.delete(keyOf(webhookId, eventId));
      return true;
    },
    async listDeliveries({ tenantId, webhookId, limit, after, states }) {
      if (!owned(tenantId, webhookId)) return null;
      const wanted = of(webhookId).filter(({ state }) => states === undefined || states.includes(state));
      return structuredClone(newestFirst(wanted, ({ eventId }) => eventId, after).slice(0, limit));
    },
    async testWebhook(tenantId, webhookId, eventId, trace) {
      const row = owned(tenantId, webhookId);
      if (row === null) return false;
      if (trace) leaveTrace(trace, webhookId);
      if (!deliveries.has(keyOf(webhookId, eventId))) put(testDelivery(webhookId, eventId, now()));
      webhooks.set(webhookId, { ...row, wakeAt: now() });
      return true;
    },
    async replayEvents(tenantId, webhookId, what, trace) {
      const row = owned(tenantId, webhookId);
      if (row === null) return null;
      if (trace) leaveTrace(trace, webhookId);
      const wanted = events.filter(
        (event) => event.tenantId === tenantId && event.position <= row.webhook.position && wantsType(row.webhook, event.type),
      );
      const named = wanted.filter((event) =>
        'eventId' in what ? event.id === what.eventId : event.createdAt >= what.since && event.createdAt < what.until,
      );
      const again = named.filter((event) => deliveries.get(keyOf(webhookId, event.id))?.state !== 'pending');
      for (const event of again) put(renewed(deliveries.get(keyOf(webhookId, event.id)) ?? newDelivery(webhookId, event, now()), now()));
      if (again.length > 0) webhooks.set(webhookId, { ...row, wakeAt: now() });
      return again.length;
    },

    async listWebhooksToWake(limit) {
      const behind = ({ tenantId, position }: Webhook): boolean => events.some((event) => event.tenantId === tenantId && event.position > position);
      const due = [...webhooks.values()].filter(
        ({ webhook, wakeAt }) => webhook.state === 'enabled' && (behind(webhook) || (wakeAt !== null && wakeAt <= now())),
      );
      return due.map(({ webhook }) => webhook.id).slice(0, limit);
    },
    async takeEvents(webhookId) {
      const row = webhooks.get(webhookId);
      if (row?.webhook.state !== 'enabled') return null;
      const fresh = events.filter((event) => event.tenantId === row.webhook.tenantId && event.position > row.webhook.position);
      for (const event of fresh) {
        if (wantsType(row.webhook, event.type) && !deliveries.has(keyOf(webhookId, event.id))) put(newDelivery(webhookId, event, now()));
      }
      const webhook = { ...row.webhook, position: fresh.at(-1)?.position ?? row.webhook.position };
      webhooks.set(webhookId, { webhook, wakeAt: new Date(Date.parse(now()) + AT_WORK_MS).toISOString() });
      return structuredClone(webhook);
    },
    async listDue(webhookId, limit) {
      if (webhooks.get(webhookId)?.webhook.state !== 'enabled') return [];
      const at = now();
      const due = heads(webhookId).filter(({ nextAt }) => nextAt !== null && nextAt <= at);
      const withEvent = (delivery: Delivery): DueDelivery => ({ ...delivery, event: events.find(({ id }) => id === delivery.eventId) ?? null });
      return structuredClone(due.slice(0, limit).map(withEvent));
    },
    async recordTry(webhookId, eventId, sent, tried) {
      const row = webhooks.get(webhookId);
      const delivery = deliveries.get(keyOf(webhookId, eventId));
      const at = now();
      const result = row && delivery && applyTry(row.webhook, delivery, { sent, tried: { ...tried, at }, now: at, chance: Math.random() });
      if (!row || !result) return;
      webhooks.set(webhookId, { ...row, webhook: result.webhook });
      put(result.delivery);
      if (result.flush) for (const each of of(webhookId)) if (each.state === 'pending') put(flushed(each, at));
    },
    async restWebhook(webhookId) {
      const row = webhooks.get(webhookId);
      if (row === undefined) return null;
      const [next] = heads(webhookId)
        .flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]))
        .sort();
      const wakeAt = row.webhook.state === 'enabled' ? (next ?? null) : null;
      webhooks.set(webhookId, { ...row, wakeAt });
      return wakeAt === null ? null : Math.max(0, Date.parse(wakeAt) - Date.parse(now()));
    },

    async oldestUndeliveredAt() {
      const waiting = [...webhooks.values()].flatMap(({ webhook: { id, tenantId, state, position } }) => {
        if (state !== 'enabled') return [];
        const untaken = events.filter((event) => event.tenantId === tenantId && event.position > position);
        const [first] = of(id)
          .filter((row) => row.state === 'pending')
          .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || a.position - b.position);
        return [...untaken, ...(first ? [events.find((event) => event.id === first.eventId) ?? first] : [])];
      });
      return waiting.map(({ createdAt }) => createdAt).sort()[0] ?? null;
    },
    async forgetDeliveries(olderThanMs, limit) {
      const until = Date.parse(now()) - olderThanMs;
      const old = [...deliveries].filter(([, { settledAt }]) => settledAt !== null && Date.parse(settledAt) < until).slice(0, limit);
      for (const [key] of old) deliveries.delete(key);
      return old.length;
    },
  };
}

function newestFirst<T extends { readonly createdAt: string }>(
  rows: readonly T[],
  idOf: (row: T) => string,
  after: { readonly createdAt: string; readonly id: string } | null,
): T[] {
  const keyOf = (row: T): string => `${row.createdAt} ${idOf(row)}`;
  const older = rows.filter((row) => after === null || keyOf(row) < `${after.createdAt} ${after.id}`);
  return older.sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
}
