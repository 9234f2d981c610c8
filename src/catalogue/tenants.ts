import { type Kysely, sql } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { SCOPES, type Scope } from '../domain/scopes.js';
import { attempt } from './attempts.js';
import type { ApiKey, Catalogue } from './catalogue.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';

type TenantMethods = 'ensureTenant' | 'hasTenant' | 'setTruncatedPolicy' | 'truncatedPolicy' | 'addApiKey' | 'findApiKey';

export const createTenants = (db: Kysely<Tables>): Pick<Catalogue, TenantMethods> => ({
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

  async addApiKey(key) {
    const { id, tenantId, secretHash, name, scopes } = storable(key);
    await attempt(() =>
      db
        .insertInto('apiKeys')
        .values({ id, tenantId, secretHash, name, ...(scopes ? { scopes: [...scopes] } : {}) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    );
  },

  async findApiKey(keyId): Promise<ApiKey | null> {
    const row = await attempt(() =>
      db
        .selectFrom('apiKeys')
        .select(['id', 'tenantId', 'secretHash', 'name', 'scopes'])
        .where('id', '=', keyId)
        .where('revokedAt', 'is', null)
        .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', sql<Date>`now()`)]))
        .executeTakeFirst(),
    );
    return row ? { ...row, scopes: row.scopes.filter(isScope) } : null;
  },
});

/** A scope that a newer release gave and this one does not know opens nothing here. */
const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
