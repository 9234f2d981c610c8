import { type Kysely, sql } from 'kysely';
import { attempt } from './attempts.js';
import type { ApiKey, Catalogue } from './catalogue.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';

export const createTenants = (db: Kysely<Tables>): Pick<Catalogue, 'ensureTenant' | 'addApiKey' | 'findApiKey'> => ({
  async ensureTenant(tenantId, name) {
    await attempt(() =>
      db
        .insertInto('tenants')
        .values(storable({ id: tenantId, name }))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    );
  },

  async addApiKey(key) {
    const { id, tenantId, secretHash, name } = storable(key);
    await attempt(() =>
      db
        .insertInto('apiKeys')
        .values({ id, tenantId, secretHash, name })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    );
  },

  async findApiKey(keyId): Promise<ApiKey | null> {
    const row = await attempt(() =>
      db
        .selectFrom('apiKeys')
        .select(['id', 'tenantId', 'secretHash', 'name'])
        .where('id', '=', keyId)
        .where('revokedAt', 'is', null)
        .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', sql<Date>`now()`)]))
        .executeTakeFirst(),
    );
    return row ?? null;
  },
});
