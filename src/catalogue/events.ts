import type { Kysely, Transaction } from 'kysely';
import type { OutboxEvent } from '../domain/event.js';
import { attempt } from './attempts.js';
import { newEventId } from './drafts.js';
import type { EventDraft } from './standing.js';
import type { Tables } from './tables.js';

/** Into the outbox, in the caller's transaction. Their positions are given as it commits. */
export async function appendEvents(trx: Transaction<Tables>, drafts: readonly EventDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const rows = drafts.map((draft) => ({ ...draft, id: newEventId(), data: JSON.stringify(draft.data) }));
  await trx.insertInto('events').values(rows).execute();
}

export function listEvents(db: Kysely<Tables>, after: number, limit: number): Promise<OutboxEvent[]> {
  return attempt(async () => {
    const rows = await db.selectFrom('events').selectAll().where('position', '>', after).orderBy('position').limit(limit).execute();
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  });
}
