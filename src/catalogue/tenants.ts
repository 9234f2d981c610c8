import type { Kysely, Selectable, Transaction } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { attempt } from './attempts.js';
import type { Catalogue } from './catalogue.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import type { NewTenant, Tenant } from './tenancy.js';
import { leaveTrace } from './trace.js';

type Tenants = Pick<
  Catalogue,
  'ensureTenant' | 'hasTenant' | 'setTruncatedPolicy' | 'truncatedPolicy' | 'createTenant' | 'findTenant' | 'listTenants' | 'changeTenant'
>;

export const createTenants = (db: Kysely<Tables>): Tenants => ({
  async ensureTenant(tenantId, name) {
    await attempt(() =>
      db
        .insertInto('tenants')
        .values(storable({ id: tenantId, name }))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    );
  },

  async hasTenant(tenantId) {
    const row = await attempt(() => db.selectFrom('tenants').select('id').where('id', '=', tenantId).executeTakeFirst());
    return row !== undefined;
  },

  async setTruncatedPolicy(tenantId, truncatedSources) {
    const { numUpdatedRows } = await attempt(() => db.updateTable('tenants').set({ truncatedSources }).where('id', '=', tenantId).executeTakeFirst());
    if (numUpdatedRows === 0n) throw new PipelineError('INTERNAL', { note: 'There is no such tenant.', details: { tenantId } });
  },

  async truncatedPolicy(tenantId) {
    const row = await attempt(() => db.selectFrom('tenants').select('truncatedSources').where('id', '=', tenantId).executeTakeFirst());
    return row?.truncatedSources ?? null;
  },

  async createTenant(wish, trace) {
    const tenant = storable(wish);
    return await attempt(() =>
      db.transaction().execute(async (trx) => {
        await mustBeTier(trx, tenant.tier);
        const made = await trx
          .insertInto('tenants')
          .values(tenant)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returningAll()
          .executeTakeFirst();
        if (made) await leaveTrace(trx, trace, made.id);
        const row = made ?? (await trx.selectFrom('tenants').selectAll().where('id', '=', tenant.id).executeTakeFirstOrThrow());
        return unlessOther(toTenant(row), tenant);
      }),
    );
  },

  async findTenant(tenantId) {
    const row = await attempt(() => db.selectFrom('tenants').selectAll().where('id', '=', tenantId).executeTakeFirst());
    return row ? toTenant(row) : null;
  },

  async listTenants(after, limit) {
    const rows = await attempt(() =>
      db
        .selectFrom('tenants')
        .selectAll()
        .$if(after !== null, (query) => query.where('id', '>', after ?? ''))
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map(toTenant);
  },

  async changeTenant(tenantId, wish, trace) {
    const change = storable(wish);
    return await attempt(() =>
      db.transaction().execute(async (trx) => {
        if (change.tier !== undefined) await mustBeTier(trx, change.tier);
        const before = await trx.selectFrom('tenants').selectAll().where('id', '=', tenantId).forNoKeyUpdate().executeTakeFirst();
        if (before === undefined) return null;
        if (Object.keys(change).length === 0) return toTenant(before);
        const after = await trx.updateTable('tenants').set(change).where('id', '=', tenantId).returningAll().executeTakeFirstOrThrow();
        await leaveTrace(trx, trace, tenantId);
        return toTenant(after);
      }),
    );
  },
});

async function mustBeTier(trx: Transaction<Tables>, name: string): Promise<void> {
  const tiers = await trx.selectFrom('tiers').select('name').orderBy('name').execute();
  if (!tiers.some((tier) => tier.name === name))
    throw noSuchTier(
      name,
      tiers.map((tier) => tier.name),
    );
}

export const noSuchTier = (name: string, known: readonly string[]): PipelineError =>
  new PipelineError('CONFLICT', { note: `There is no tier "${name}". There are: ${known.join(', ')}.` });

/** A repeat finds what it made; anything else under the same id is somebody else's. */
export function unlessOther(stored: Tenant, wish: NewTenant): Tenant {
  const same = stored.name === wish.name && stored.tier === wish.tier && stored.quotaBytes === wish.quotaBytes;
  if (!same) throw new PipelineError('CONFLICT', { note: `There is a tenant "${wish.id}" already.` });
  return stored;
}

function toTenant(row: Selectable<Tables['tenants']>): Tenant {
  const { id, name, tier, quotaBytes, truncatedSources } = row;
  return { id, name, tier, quotaBytes, truncatedSources, createdAt: row.createdAt.toISOString() };
}
