import { type ExpressionBuilder, type Kysely, type OnConflictBuilder, sql, type Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { grownBy, type Holding, quotaExceeded, type Usage } from '../domain/quota.js';
import type { DaySpent } from '../domain/spending.js';
import { overLimit, type Spent } from '../domain/tier.js';
import { attempt } from './attempts.js';
import { builtOnce } from './built-once.js';
import type { Catalogue } from './catalogue.js';
import type { Tables } from './tables.js';
import { spentOf, TIER_COLUMNS, tierOf } from './tiers.js';

export const createUsage = (db: Kysely<Tables>): Pick<Catalogue, 'setQuota' | 'findUsage'> => ({
  async setQuota(tenantId, quotaBytes) {
    const { numUpdatedRows } = await attempt(() => db.updateTable('tenants').set({ quotaBytes }).where('id', '=', tenantId).executeTakeFirst());
    if (numUpdatedRows === 0n) throw new PipelineError('INTERNAL', { note: 'There is no such tenant.', details: { tenantId } });
  },
  findUsage: (tenantId) => attempt(() => readUsage(db, tenantId)),
});

/**
 * Takes room for a new upload, in the caller's transaction. The tenant's row is locked and looked at as it then stands, so creates
 * of one tenant stand in line here and nothing is promised twice; the lock is held until the caller's commit.
 * @throws PipelineError QUOTA_EXCEEDED, UPLOADS_LIMIT or DAILY_LIMIT where there is no room; the caller's transaction goes with it
 */
export async function admit(trx: Transaction<Tables>, tenantId: string, held: Holding, begun: DaySpent): Promise<void> {
  const sizeBytes = held.reservedBytes;
  // One statement, since creates of one tenant stand in line behind it. The day's row comes behind the tenant's, as everywhere, and
  // both are told as they stand now, this upload counted in.
  const [row] = await takeRoom(trx, { tenantId, sizeBytes, openUploads: held.openUploads, ...begun });
  if (row === undefined) throw await noRoom(trx, tenantId, sizeBytes);
  const refusal = overLimit(tierOf(row).limits, { openUploads: row.openUploads, spent: spentOf(row) }, sizeBytes);
  if (refusal !== null) throw refusal;
}

const takeRoom = builtOnce(
  (db, { tenantId, sizeBytes, openUploads, day, bytes, encodeMs }: DaySpent & { tenantId: string; sizeBytes: number; openUploads: number }) =>
    db
      .with('room', (make) =>
        make
          .updateTable('tenants')
          .set((to) => ({ reservedBytes: to('reservedBytes', '+', sizeBytes), openUploads: to('openUploads', '+', openUploads) }))
          .where('id', '=', tenantId)
          .where(roomFor(sizeBytes))
          .returning(['id', 'tier', 'openUploads']),
      )
      .with('spent', (make) =>
        make
          .insertInto('spending')
          .columns(['tenantId', 'day', 'bytes', 'encodeMs'])
          .expression((from) =>
            from
              .selectFrom('room')
              .select(['room.id', sql<string>`${day}::text`.as('day'), asBigint(bytes).as('bytes'), asBigint(encodeMs).as('encodeMs')]),
          )
          .onConflict(addTo({ bytes, encodeMs }))
          .returning(['bytes', 'encodeMs']),
      )
      .selectFrom('room')
      .innerJoin('tiers', 'tiers.name', 'room.tier')
      .innerJoin('spent', (join) => join.onTrue())
      .select([...TIER_COLUMNS, 'room.openUploads', 'spent.bytes', 'spent.encodeMs']),
);

const roomFor = (sizeBytes: number) => (row: ExpressionBuilder<Tables, 'tenants'>) =>
  row.or([row('quotaBytes', 'is', null), row(row('quotaBytes', '-', row.ref('reservedBytes')), '>=', row('storedBytes', '+', sizeBytes))]);

async function noRoom(trx: Transaction<Tables>, tenantId: string, sizeBytes: number): Promise<PipelineError> {
  const usage = await readUsage(trx, tenantId);
  if (usage === null) return new PipelineError('INTERNAL', { note: 'There is no such tenant.', details: { tenantId } });
  return quotaExceeded(usage, sizeBytes);
}

/**
 * Adds what a change of rows gives or takes, in that change's transaction. What makes the account larger needs room: the
 * completion of a file whose size nobody declared, and nothing else.
 * @throws PipelineError QUOTA_EXCEEDED where there is none; the caller's transaction goes with it
 */
export async function moveHolding(trx: Transaction<Tables>, tenantId: string, more: Holding): Promise<void> {
  const { reservedBytes, storedBytes, openUploads } = more;
  if (reservedBytes === 0 && storedBytes === 0 && openUploads === 0) return;
  const grownBytes = grownBy(more);
  const { numUpdatedRows } = await trx
    .updateTable('tenants')
    .set((row) => ({
      reservedBytes: row('reservedBytes', '+', reservedBytes),
      storedBytes: row('storedBytes', '+', storedBytes),
      openUploads: row('openUploads', '+', openUploads),
    }))
    .where('id', '=', tenantId)
    .$if(grownBytes > 0, (query) => query.where(roomFor(grownBytes)))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw await noRoom(trx, tenantId, grownBytes);
}

/** The same for what counts for a day. Behind the tenant's row, where both move: one order, no deadlock. */
export async function moveSpent(trx: Transaction<Tables>, tenantId: string, more: readonly DaySpent[]): Promise<void> {
  for (const { day, bytes, encodeMs } of more) {
    await trx.insertInto('spending').values({ tenantId, day, bytes, encodeMs }).onConflict(addTo({ bytes, encodeMs })).execute();
  }
}

const addTo =
  ({ bytes, encodeMs }: Spent) =>
  (conflict: OnConflictBuilder<Tables, 'spending'>) =>
    conflict.columns(['tenantId', 'day']).doUpdateSet((row) => ({
      bytes: row('spending.bytes', '+', bytes),
      encodeMs: row('spending.encodeMs', '+', encodeMs),
    }));

const asBigint = (value: number) => sql<number>`${value}::bigint`;

async function readUsage(db: Kysely<Tables>, tenantId: string): Promise<Usage | null> {
  const row = await db
    .selectFrom('tenants')
    .select(['quotaBytes', 'reservedBytes', 'storedBytes', 'openUploads'])
    .where('id', '=', tenantId)
    .executeTakeFirst();
  return row ?? null;
}
