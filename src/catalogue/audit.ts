import { type Kysely, sql } from 'kysely';
import { attempt } from './attempts.js';
import type { Tables } from './tables.js';
import type { Tenancy } from './tenancy.js';

export const createAudit = (db: Kysely<Tables>): Pick<Tenancy, 'writeAudit' | 'listAudit' | 'forgetAudit'> => ({
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

  async forgetAudit(olderThanMs, limit) {
    const statement = sql`delete from audit where position in
      (select position from audit where at < clock_timestamp() - ${olderThanMs} * interval '1 millisecond' order by at limit ${limit} for update skip locked)`;
    return Number((await attempt(() => statement.execute(db))).numAffectedRows ?? 0n);
  },
});
