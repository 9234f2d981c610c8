import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { grownBy, type Holding, quotaExceeded, type Usage } from '../domain/quota.js';
import { attempt } from './attempts.js';
import type { Catalogue } from './catalogue.js';
import type { Tables } from './tables.js';

export const createUsage = (db: Kysely<Tables>): Pick<Catalogue, 'setQuota' | 'findUsage'> => ({
  async setQuota(tenantId, quotaBytes) {
    const { numUpdatedRows } = await attempt(() => db.updateTable('tenants').set({ quotaBytes }).where('id', '=', tenantId).executeTakeFirst());
    if (numUpdatedRows === 0n) throw new PipelineError('INTERNAL', { note: 'There is no such tenant.', details: { tenantId } });
  },
  findUsage: (tenantId) => attempt(() => readUsage(db, tenantId)),
});

/**
 * Takes room for a new upload, in the caller's transaction. The row is locked and looked at as it then stands, so creates
 * of one tenant stand in line here and no byte is promised twice; the lock is held until the caller's commit.
 * @throws PipelineError QUOTA_EXCEEDED where there is no room; the caller's transaction goes with it
 */
export async function reserve(trx: Transaction<Tables>, tenantId: string, sizeBytes: number): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('tenants')
    .set((row) => ({ reservedBytes: row('reservedBytes', '+', sizeBytes) }))
    .where('id', '=', tenantId)
    .where(roomFor(sizeBytes))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw await noRoom(trx, tenantId, sizeBytes);
}

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
  if (more.reservedBytes === 0 && more.storedBytes === 0) return;
  const grownBytes = grownBy(more);
  const { numUpdatedRows } = await trx
    .updateTable('tenants')
    .set((row) => ({ reservedBytes: row('reservedBytes', '+', more.reservedBytes), storedBytes: row('storedBytes', '+', more.storedBytes) }))
    .where('id', '=', tenantId)
    .$if(grownBytes > 0, (query) => query.where(roomFor(grownBytes)))
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw await noRoom(trx, tenantId, grownBytes);
}

async function readUsage(db: Kysely<Tables>, tenantId: string): Promise<Usage | null> {
  const row = await db.selectFrom('tenants').select(['quotaBytes', 'reservedBytes', 'storedBytes']).where('id', '=', tenantId).executeTakeFirst();
  return row ?? null;
}
