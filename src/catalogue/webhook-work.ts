import { type Kysely, sql, type Transaction } from 'kysely';
import { applyTry } from '../domain/webhook.js';
import { attempt } from './attempts.js';
import { storable } from './storable.js';
import type { EventsTable, Tables } from './tables.js';
import { AT_WORK_MS, type WebhookCatalogue } from './webhook-catalogue.js';
import { fromDelivery, fromWebhook, toDelivery } from './webhook-rows.js';
import { clock, lockWebhook, wanted } from './webhooks.js';

type Work = 'listWebhooksToWake' | 'takeEvents' | 'listDue' | 'recordTry' | 'restWebhook' | 'oldestUndeliveredAt' | 'forgetDeliveries';

/** Taken over in one transaction; more of them are taken by more transactions. */
const PAGE = 1_000;

/** What those who deliver do. Each write locks the webhook's row first. */
export const createWebhookWork = (db: Kysely<Tables>): Pick<WebhookCatalogue, Work> => ({
  async listWebhooksToWake(limit) {
    const rows = await attempt(() =>
      db
        .selectFrom('webhooks')
        .select('id')
        .where('state', '=', 'enabled')
        .where(
          sql<boolean>`(wake_at <= clock_timestamp() or exists (
            select from events where events.tenant_id = webhooks.tenant_id and events.position > webhooks.position))`,
        )
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map(({ id }) => id);
  },

  async takeEvents(webhookId) {
    for (;;) {
      const taken = await attempt(() => db.transaction().execute((trx) => takePage(trx, webhookId)));
      if (taken === null) return null;
      if (taken.rows < PAGE) return taken.webhook;
    }
  },

  listDue: (webhookId, limit) =>
    attempt(async () => {
      const rows = await db
        .selectFrom((from) =>
          from
            .selectFrom('deliveries')
            .selectAll()
            .distinctOn('line')
            .where('webhookId', '=', webhookId)
            .where('state', '=', 'pending')
            .orderBy('line')
            .orderBy('position')
            .as('heads'),
        )
        .selectAll()
        .where('nextAt', '<=', sql<Date>`clock_timestamp()`)
        .where(({ exists, selectFrom }) => exists(selectFrom('webhooks').select('id').where('id', '=', webhookId).where('state', '=', 'enabled')))
        .orderBy('position')
        .limit(limit)
        .execute();
      const ids = rows.map(({ eventId }) => eventId);
      const events = ids.length === 0 ? [] : await db.selectFrom('events').selectAll().where('id', 'in', ids).execute();
      const byId = new Map(events.map((event) => [event.id, { ...event, createdAt: event.createdAt.toISOString() }]));
      return rows.map((row) => ({ ...toDelivery(row), event: byId.get(row.eventId) ?? null }));
    }),

  async recordTry(webhookId, eventId, sent, tried) {
    await attempt(() =>
      db.transaction().execute(async (trx) => {
        const webhook = await lockWebhook(trx, null, webhookId);
        const row = await trx
          .selectFrom('deliveries')
          .selectAll()
          .where('webhookId', '=', webhookId)
          .where('eventId', '=', eventId)
          .executeTakeFirst();
        if (webhook === null || row === undefined) return;
        const now = await clock(trx);
        const result = applyTry(webhook, toDelivery(row), { sent, tried: storable({ ...tried, at: now }), now, chance: Math.random() });
        if (result === null) return;
        await trx.updateTable('webhooks').set(fromWebhook(result.webhook)).where('id', '=', webhookId).execute();
        await trx
          .updateTable('deliveries')
          .set(fromDelivery(result.delivery))
          .where('webhookId', '=', webhookId)
          .where('eventId', '=', eventId)
          .execute();
        if (!result.flush) return;
        await trx
          .updateTable('deliveries')
          .set({ nextAt: now, tries: sql<number>`greatest(tries - 1, 0)` })
          .where('webhookId', '=', webhookId)
          .where('state', '=', 'pending')
          .execute();
      }),
    );
  },

  restWebhook: (webhookId) =>
    attempt(() =>
      db.transaction().execute(async (trx) => {
        const webhook = await lockWebhook(trx, null, webhookId);
        if (webhook === null) return null;
        const { rows } = await sql<{ next: Date | null }>`
          select min(next_at) as next from (
            select distinct on (line) next_at from deliveries where webhook_id = ${webhookId} and state = 'pending' order by line, position
          ) as heads`.execute(trx);
        const wakeAt = webhook.state === 'enabled' ? (rows[0]?.next?.toISOString() ?? null) : null;
        await trx.updateTable('webhooks').set({ wakeAt }).where('id', '=', webhookId).execute();
        return wakeAt === null ? null : Math.max(0, Date.parse(wakeAt) - Date.parse(await clock(trx)));
      }),
    ),

  async oldestUndeliveredAt() {
    // Two looks into an index for each webhook, however much waits.
    const statement = sql<{ oldest: Date | null }>`
      select min(least(untaken.at, pending.at)) as oldest from webhooks
      left join lateral (select created_at as at from events
        where events.tenant_id = webhooks.tenant_id and events.position > webhooks.position order by events.position limit 1) as untaken on true
      left join lateral (select coalesce(events.created_at, deliveries.created_at) as at from deliveries
        left join events on events.id = deliveries.event_id
        where deliveries.webhook_id = webhooks.id and deliveries.state = 'pending'
        order by deliveries.created_at, deliveries.position limit 1) as pending on true
      where webhooks.state = 'enabled'`;
    return (await attempt(() => statement.execute(db))).rows[0]?.oldest?.toISOString() ?? null;
  },

  async forgetDeliveries(olderThanMs, limit) {
    const statement = sql`delete from deliveries where (webhook_id, event_id) in
      (select webhook_id, event_id from deliveries
        where state <> 'pending' and settled_at < clock_timestamp() - ${olderThanMs} * interval '1 millisecond'
        order by settled_at limit ${limit} for update skip locked)`;
    return Number((await attempt(() => statement.execute(db))).numAffectedRows ?? 0n);
  },
});

async function takePage(trx: Transaction<Tables>, webhookId: string) {
  const webhook = await lockWebhook(trx, null, webhookId);
  if (webhook?.state !== 'enabled') return null;
  const now = await clock(trx);
  const fresh = await trx
    .selectFrom('events')
    .select(['position'] satisfies (keyof EventsTable)[])
    .where('tenantId', '=', webhook.tenantId)
    .where('position', '>', webhook.position)
    .orderBy('position')
    .limit(PAGE)
    .execute();
  const position = fresh.at(-1)?.position ?? webhook.position;
  if (fresh.length > 0) {
    await sql`
      insert into deliveries (webhook_id, event_id, line, type, position, state, tries, sent, next_at, created_at)
      select ${webhookId}, id, video_id, type, position, 'pending', 0, 0, ${now}::timestamptz, ${now}::timestamptz
      from events
      where tenant_id = ${webhook.tenantId} and position > ${webhook.position} and position <= ${position} and ${wanted(webhook)}
      on conflict (webhook_id, event_id) do nothing`.execute(trx);
  }
  const wakeAt = new Date(Date.parse(now) + AT_WORK_MS).toISOString();
  await trx.updateTable('webhooks').set({ position, wakeAt }).where('id', '=', webhookId).execute();
  return { webhook: { ...webhook, position }, rows: fresh.length };
}
