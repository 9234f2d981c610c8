import { type Kysely, sql } from 'kysely';
import { attempt } from './attempts.js';
import type { Tables } from './tables.js';
import type { Claimed, RequestClaim, Tenancy } from './tenancy.js';

type Requests = Pick<Tenancy, 'claimRequest' | 'finishRequest' | 'releaseRequest' | 'forgetRequests'>;

/** What is remembered of requests with an Idempotency-Key. Leases and lives end by the database's own clock. */
export const createRequests = (db: Kysely<Tables>): Requests => ({
  async claimRequest(claim) {
    return await attempt(() => claimRequest(db, claim));
  },

  async finishRequest({ tenantId, keyHash, owner }, answer, lifeMs) {
    await attempt(() =>
      db
        .updateTable('requests')
        .set({ answer, expiresAt: sql<Date>`clock_timestamp() + ${lifeMs} * interval '1 millisecond'` })
        .where('tenantId', '=', tenantId)
        .where('keyHash', '=', keyHash)
        .where('owner', '=', owner)
        .where('answer', 'is', null)
        .execute(),
    );
  },

  async releaseRequest({ tenantId, keyHash, owner }) {
    await attempt(() =>
      db
        .deleteFrom('requests')
        .where('tenantId', '=', tenantId)
        .where('keyHash', '=', keyHash)
        .where('owner', '=', owner)
        .where('answer', 'is', null)
        .execute(),
    );
  },

  async forgetRequests(limit) {
    const { numAffectedRows } = await attempt(() =>
      sql`delete from requests where (tenant_id, key_hash) in
        (select tenant_id, key_hash from requests where expires_at < clock_timestamp() order by expires_at limit ${limit} for update skip locked)`.execute(
        db,
      ),
    );
    return Number(numAffectedRows ?? 0n);
  },
});

/**
 * One statement takes what is free: nobody's yet, expired, or left by an owner whose lease is over. What it does not take is
 * looked at behind it; gone meanwhile, the whole is tried again.
 */
async function claimRequest(db: Kysely<Tables>, claim: RequestClaim): Promise<Claimed> {
  const { tenantId, keyHash, requestHash, owner, leaseMs, lifeMs } = claim;
  for (;;) {
    const { rows } = await sql<{ owner: string }>`
      insert into requests as r (tenant_id, key_hash, request_hash, owner, leased_until, expires_at) values
        (${tenantId}, ${keyHash}, ${requestHash}, ${owner}, clock_timestamp() + ${leaseMs} * interval '1 millisecond', clock_timestamp() + ${lifeMs} * interval '1 millisecond')
      on conflict (tenant_id, key_hash) do update set
        request_hash = excluded.request_hash, owner = excluded.owner, leased_until = excluded.leased_until, expires_at = excluded.expires_at,
        answer = null, target_id = case when r.expires_at < clock_timestamp() then null else r.target_id end
      where r.expires_at < clock_timestamp() or r.owner = excluded.owner
        or (r.answer is null and r.request_hash = excluded.request_hash and r.leased_until < clock_timestamp())
      returning owner`.execute(db);
    if (rows.length > 0) return { state: 'mine' };
    const row = await db
      .selectFrom('requests')
      .select(['requestHash', 'answer'])
      .where('tenantId', '=', tenantId)
      .where('keyHash', '=', keyHash)
      .executeTakeFirst();
    if (row === undefined) continue;
    if (row.requestHash !== requestHash) return { state: 'other' };
    return row.answer === null ? { state: 'running' } : { state: 'answered', answer: row.answer };
  }
}
