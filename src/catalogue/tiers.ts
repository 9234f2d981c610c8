import { type Kysely, sql } from 'kysely';
import type { Spent, Tier } from '../domain/tier.js';
import { attempt } from './attempts.js';
import type { Tables } from './tables.js';
import type { Tenancy } from './tenancy.js';
import { leaveTrace } from './trace.js';

export const createTiers = (db: Kysely<Tables>): Pick<Tenancy, 'listTiers' | 'saveTier' | 'findAllowance'> => ({
  async listTiers() {
    const rows = await attempt(() => db.selectFrom('tiers').selectAll().orderBy('name').execute());
    return rows.map(tierOf);
  },

  async saveTier({ name, limits }, trace) {
    const { requests, ...rest } = limits;
    const columns = { ...rest, requestsPerS: requests?.perS ?? null, requestsBurst: requests?.burst ?? null };
    await attempt(() =>
      db.transaction().execute(async (trx) => {
        await trx
          .insertInto('tiers')
          .values({ name, ...columns })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(columns))
          .execute();
        await leaveTrace(trx, trace, name);
      }),
    );
  },

  async findAllowance(tenantId) {
    const row = await attempt(() => allowances(db).where('tenants.id', '=', tenantId).executeTakeFirst());
    return row ? { tier: tierOf(row), today: spentOf(row) } : null;
  },
});

/** What a tier allows, its open uploads by a name of their own: a tenant's and a tier's may stand in one row. */
export const TIER_COLUMNS = [
  'tiers.name',
  'tiers.requestsPerS',
  'tiers.requestsBurst',
  'tiers.bytesPerDay',
  'tiers.encodeMinutesPerDay',
  'tiers.openUploads as openUploadsAllowed',
] as const;

/** Tenants with their tiers and what they have used today. */
function allowances(db: Kysely<Tables>) {
  const today = sql<string>`to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD')`;
  return db
    .selectFrom('tenants')
    .innerJoin('tiers', 'tiers.name', 'tenants.tier')
    .leftJoin('spending', (join) => join.onRef('spending.tenantId', '=', 'tenants.id').on('spending.day', '=', today))
    .select([...TIER_COLUMNS, 'tenants.openUploads', 'spending.bytes', 'spending.encodeMs']);
}

type LimitColumns = Omit<Tables['tiers'], 'openUploads'>;

export function tierOf(row: LimitColumns & ({ readonly openUploadsAllowed: number | null } | { readonly openUploads: number | null })): Tier {
  const { name, requestsPerS: perS, requestsBurst: burst, bytesPerDay, encodeMinutesPerDay } = row;
  const openUploads = 'openUploadsAllowed' in row ? row.openUploadsAllowed : row.openUploads;
  return { name, limits: { requests: perS === null || burst === null ? null : { perS, burst }, openUploads, bytesPerDay, encodeMinutesPerDay } };
}

export const spentOf = (row: { readonly bytes: number | null; readonly encodeMs: number | null }): Spent => ({
  bytes: row.bytes ?? 0,
  encodeMs: row.encodeMs ?? 0,
});
