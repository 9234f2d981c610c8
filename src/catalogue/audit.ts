import type { Kysely } from 'kysely';
import { attempt } from './attempts.js';
import type { Tables } from './tables.js';
import type { Tenancy } from './tenancy.js';

export const createAudit = (db: Kysely<Tables>): Pick<Tenancy, 'writeAudit' | 'listAudit'> => ({
  async writeAudit({ tenantId, keyId, route, requestId }, targetId) {
    await attempt(() => db.insertInto('audit').values({ tenantId, keyId, route, requestId, targetId }).execute());
  },

  async listAudit({ tenantId, before, limit }) {
    const rows = await attempt(() =>
      db
        .selectFrom('audit')
        .selectAll()
        .$if(tenantId !== undefined, (query) => query.where('tenantId', '=', tenantId ?? ''))
        .$if(before !== null, (query) => query.where('position', '<', before ?? 0))
        .orderBy('position', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  },
});
