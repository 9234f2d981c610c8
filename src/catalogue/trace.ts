import type { Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import type { Tables } from './tables.js';
import type { Trace } from './tenancy.js';

/**
 * Beside a write, in its transaction: who asked for it, and that its Idempotency-Key stands for it.
 * @throws PipelineError IDEMPOTENCY_KEY_IN_USE where the request has lost its claim meanwhile: whoever has it now does the
 *   write, and this one must not, so the transaction goes with it
 */
export async function leaveTrace(trx: Transaction<Tables>, { audit, request }: Trace, targetId: string, answer: string | null = null): Promise<void> {
  const { tenantId, keyId, route, requestId } = audit;
  await trx.insertInto('audit').values({ tenantId, keyId, route, requestId, targetId }).execute();
  if (request === undefined) return;
  const { numUpdatedRows } = await trx
    .updateTable('requests')
    .set({ targetId, ...(answer === null ? {} : { answer }) })
    .where('tenantId', '=', request.tenantId)
    .where('keyHash', '=', request.keyHash)
    .where('owner', '=', request.owner)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new PipelineError('IDEMPOTENCY_KEY_IN_USE');
}
