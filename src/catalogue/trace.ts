import type { Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import type { Tables } from './tables.js';
import type { Trace } from './tenancy.js';

/**
 * Beside a write, in its transaction: who asked for it, and that its Idempotency-Key stands for it.
 * @throws PipelineError IDEMPOTENCY_KEY_IN_USE where the request has lost its claim meanwhile: whoever has it now does the
 *   write, and this one must not, so the transaction goes with it
 */
export async function leaveTrace(trx: Transaction<Tables>, trace: Trace, targetId: string, answer: string | null = null): Promise<void> {
  await trx.insertInto('audit').values(fromTrace(trace, targetId)).execute();
  await keepClaim(trx, trace, targetId, answer);
}

/** Who asked for a write, as a row. */
export function fromTrace({ audit: { tenantId, keyId, route, requestId } }: Trace, targetId: string) {
  return { tenantId, keyId, route, requestId, targetId };
}

/** The other half of `leaveTrace`. */
export async function keepClaim(trx: Transaction<Tables>, { request }: Trace, targetId: string, answer: string | null = null): Promise<void> {
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
