import type { Selectable } from 'kysely';
import type { Delivery, Webhook } from '../domain/webhook.js';
import type { DeliveriesTable, WebhooksTable } from './tables.js';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function toWebhook(row: Selectable<WebhooksTable>): Webhook {
  const { wakeAt: _wakeAt, ...same } = row;
  return {
    ...same,
    formerSecretUntil: iso(row.formerSecretUntil),
    failingSince: iso(row.failingSince),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export const fromWebhook = (webhook: Webhook) => ({ ...webhook, eventTypes: [...webhook.eventTypes] });

export const toDelivery = (row: Selectable<DeliveriesTable>): Delivery => ({
  ...row,
  nextAt: iso(row.nextAt),
  createdAt: row.createdAt.toISOString(),
  settledAt: iso(row.settledAt),
});

export const fromDelivery = (delivery: Delivery) => ({ ...delivery, log: JSON.stringify(delivery.log) });
