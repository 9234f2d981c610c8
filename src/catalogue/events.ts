import type { Kysely, Transaction } from 'kysely';
import type { OutboxEvent } from '../domain/event.js';
import { attempt } from './attempts.js';
import type { Catalogue, EventQuery } from './catalogue.js';
import { newEventId } from './drafts.js';
import type { EventDraft } from './standing.js';
import type { Tables } from './tables.js';

/** Into the outbox, in the caller's transaction. Their positions are given as it commits. */
export async function appendEvents(trx: Transaction<Tables>, drafts: readonly EventDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await trx.insertInto('events').values(fromEvents(drafts)).execute();
}

export const fromEvents = (drafts: readonly EventDraft[]) =>
  drafts.map((draft) => ({ ...draft, id: newEventId(), data: JSON.stringify(draft.data) }));

export const createEvents = (db: Kysely<Tables>): Pick<Catalogue, 'listEvents' | 'listTenantEvents' | 'findEventPosition' | 'lastEventPosition'> => ({
  listEvents: (after, limit) =>
    attempt(async () => {
      const rows = await db.selectFrom('events').selectAll().where('position', '>', after).orderBy('position').limit(limit).execute();
      return rows.map(toEvent);
    }),

  listTenantEvents: (query) => attempt(() => tenantEvents(db, query)),

  async findEventPosition(tenantId, eventId) {
    const row = await attempt(() =>
      db.selectFrom('events').select('position').where('id', '=', eventId).where('tenantId', '=', tenantId).executeTakeFirst(),
    );
    return row?.position ?? null;
  },

  async lastEventPosition() {
    const row = await attempt(() =>
      db
        .selectFrom('events')
        .select(({ fn }) => fn.max('position').as('last'))
        .executeTakeFirst(),
    );
    return row?.last ?? 0;
  },
});

async function tenantEvents(db: Kysely<Tables>, { tenantId, videoId, after, limit }: EventQuery): Promise<OutboxEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('tenantId', '=', tenantId)
    .$if(videoId !== undefined, (query) => query.where('videoId', '=', videoId ?? ''))
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(toEvent);
}

const toEvent = <T extends { readonly createdAt: Date }>(row: T): Omit<T, 'createdAt'> & { readonly createdAt: string } => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
});
