import { type Kysely, sql, type Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import type { Webhook } from '../domain/webhook.js';
import { attempt } from './attempts.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import { leaveTrace } from './trace.js';
import type { WebhookCatalogue } from './webhook-catalogue.js';
import { changedWebhook, newWebhook, testDelivery } from './webhook-changes.js';
import { fromDelivery, fromWebhook, toDelivery, toWebhook } from './webhook-rows.js';

type Owned = 'createWebhook' | 'findWebhook' | 'listWebhooks' | 'changeWebhook' | 'deleteWebhook' | 'listDeliveries' | 'testWebhook' | 'replayEvents';

/** What a tenant does with its webhooks. Writes lock the webhook's row first, so that they stand in line with deliveries. */
export const createWebhooks = (db: Kysely<Tables>): Pick<WebhookCatalogue, Owned> => ({
  createWebhook: (wish, trace, answer = () => null) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const draft = storable(wish);
        const { last } = await trx
          .selectFrom('events')
          .select(({ fn }) => fn.max('position').as('last'))
          .executeTakeFirstOrThrow();
        const webhook = newWebhook(draft, last ?? 0, await clock(trx));
        const { numInsertedOrUpdatedRows: made } = await trx
          .insertInto('webhooks')
          .values(fromWebhook(webhook))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirstOrThrow();
        const stored = await lockWebhook(trx, draft.tenantId, draft.id);
        if (stored !== null && made === 1n && trace) await leaveTrace(trx, trace, draft.id, answer(stored));
        if (stored === null) throw new PipelineError('CONFLICT', { note: 'The id of the new webhook is taken.' });
        return stored;
      }),
    ),

  async findWebhook(tenantId, webhookId) {
    const row = await attempt(() =>
      db.selectFrom('webhooks').selectAll().where('id', '=', webhookId).where('tenantId', '=', tenantId).executeTakeFirst(),
    );
    return row ? toWebhook(row) : null;
  },

  async listWebhooks({ tenantId, limit, after }) {
    const rows = await attempt(() =>
      db
        .selectFrom('webhooks')
        .selectAll()
        .where('tenantId', '=', tenantId)
        .$if(after !== null, (query) => query.where(sql<boolean>`(created_at, id) < (${after?.createdAt}::timestamptz, ${after?.id})`))
        .orderBy('createdAt', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(toWebhook);
  },

  changeWebhook: (tenantId, webhookId, wish, trace, answer = () => null) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const before = await lockWebhook(trx, tenantId, webhookId);
        const now = await clock(trx);
        const changed = before && changedWebhook(before, storable(wish), now);
        if (!changed) return before;
        const { webhook, enables } = changed;
        await trx
          .updateTable('webhooks')
          .set({ ...fromWebhook(webhook), ...(enables ? { wakeAt: now } : {}) })
          .where('id', '=', webhookId)
          .execute();
        if (enables) await renewPending(trx, webhookId, now);
        if (trace) await leaveTrace(trx, trace, webhookId, answer(webhook));
        return webhook;
      }),
    ),

  deleteWebhook: (tenantId, webhookId, trace) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom('webhooks').where('id', '=', webhookId).where('tenantId', '=', tenantId).executeTakeFirst();
        if (numDeletedRows === 1n && trace) await leaveTrace(trx, trace, webhookId);
        return numDeletedRows === 1n;
      }),
    ),

  listDeliveries: ({ tenantId, webhookId, limit, after, states }) =>
    attempt(async () => {
      const owner = await db.selectFrom('webhooks').select('id').where('id', '=', webhookId).where('tenantId', '=', tenantId).executeTakeFirst();
      if (owner === undefined) return null;
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('webhookId', '=', webhookId)
        .$if(states !== undefined, (query) => query.where('state', 'in', states ?? []))
        .$if(after !== null, (query) => query.where(sql<boolean>`(created_at, event_id) < (${after?.createdAt}::timestamptz, ${after?.id})`))
        .orderBy('createdAt', 'desc')
        .orderBy('eventId', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toDelivery);
    }),

  testWebhook: (tenantId, webhookId, eventId, trace) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        if ((await lockWebhook(trx, tenantId, webhookId)) === null) return false;
        const now = await clock(trx);
        await trx
          .insertInto('deliveries')
          .values(fromDelivery(testDelivery(webhookId, eventId, now)))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await trx.updateTable('webhooks').set({ wakeAt: now }).where('id', '=', webhookId).execute();
        if (trace) await leaveTrace(trx, trace, webhookId);
        return true;
      }),
    ),

  replayEvents: (tenantId, webhookId, what, trace) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const webhook = await lockWebhook(trx, tenantId, webhookId);
        if (webhook === null) return null;
        const now = await clock(trx);
        const named =
          'eventId' in what ? sql`id = ${what.eventId}` : sql`created_at >= ${what.since}::timestamptz and created_at < ${what.until}::timestamptz`;
        const { numAffectedRows } = await sql`
          insert into deliveries (webhook_id, event_id, line, type, position, state, tries, sent, next_at, created_at)
          select ${webhookId}, id, video_id, type, position, 'pending', 0, 0, ${now}::timestamptz, ${now}::timestamptz
          from events
          where tenant_id = ${tenantId} and position <= ${webhook.position} and ${wanted(webhook)} and ${named}
          on conflict (webhook_id, event_id) do update set state = 'pending', tries = 0, next_at = excluded.next_at, settled_at = null
          where deliveries.state <> 'pending'`.execute(trx);
        if (numAffectedRows) await trx.updateTable('webhooks').set({ wakeAt: now }).where('id', '=', webhookId).execute();
        if (trace) await leaveTrace(trx, trace, webhookId);
        return Number(numAffectedRows ?? 0n);
      }),
    ),
});

/** null where the tenant has none of this id. */
export async function lockWebhook(trx: Transaction<Tables>, tenantId: string | null, webhookId: string): Promise<Webhook | null> {
  const row = await trx
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', webhookId)
    .$if(tenantId !== null, (query) => query.where('tenantId', '=', tenantId ?? ''))
    .forUpdate()
    .executeTakeFirst();
  return row ? toWebhook(row) : null;
}

/** The catalogue's own clock: behind a lock, later than its last holder's. */
export async function clock(trx: Transaction<Tables>): Promise<string> {
  const { now } = await trx.selectNoFrom(sql<Date>`clock_timestamp()`.as('now')).executeTakeFirstOrThrow();
  return now.toISOString();
}

/** Rows of `events` that the webhook's filter lets through. */
export const wanted = ({ eventTypes }: Webhook) => (eventTypes.length === 0 ? sql`true` : sql`type = any(${[...eventTypes]}::text[])`);

async function renewPending(trx: Transaction<Tables>, webhookId: string, now: string): Promise<void> {
  await trx.updateTable('deliveries').set({ tries: 0, nextAt: now }).where('webhookId', '=', webhookId).where('state', '=', 'pending').execute();
}
