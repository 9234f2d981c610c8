import { type Kysely, type Selectable, sql } from 'kysely';
import { PipelineError } from '../domain/errors.js';
import { SCOPES, type Scope } from '../domain/scopes.js';
import { attempt } from './attempts.js';
import type { ApiKey, Catalogue } from './catalogue.js';
import { storable } from './storable.js';
import type { Tables } from './tables.js';
import { type KeyRecord, MAX_LIVE_KEYS } from './tenancy.js';
import { leaveTrace } from './trace.js';

type Keys = Pick<Catalogue, 'addApiKey' | 'findApiKey' | 'findApiKeys' | 'createApiKey' | 'listApiKeys' | 'revokeApiKey' | 'noteKeyUse'>;

export const createApiKeys = (db: Kysely<Tables>): Keys => ({
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

  async findApiKey(keyId) {
    const row = await attempt(() => opening(db).where('id', '=', keyId).executeTakeFirst());
    return row ? toApiKey(row) : null;
  },

  async findApiKeys(keyIds) {
    const rows = await attempt(() =>
      opening(db)
        .where(sql<boolean>`id = any(${[...keyIds]}::text[])`)
        .execute(),
    );
    return rows.map(toApiKey);
  },

  async createApiKey(wish, trace, answer = () => null) {
    const draft = storable(wish);
    return await attempt(() =>
      db.transaction().execute(async (trx) => {
        // The tenant's row first: of many at once each sees the keys of those before it.
        const tenant = await trx.selectFrom('tenants').select('id').where('id', '=', draft.tenantId).forNoKeyUpdate().executeTakeFirst();
        if (tenant === undefined) throw new PipelineError('NOT_FOUND');
        const stored = await trx.selectFrom('apiKeys').selectAll().where('id', '=', draft.id).executeTakeFirst();
        if (stored !== undefined) return toRecord(stored);
        const others = await live(trx).select('id').where('tenantId', '=', draft.tenantId).where('name', '=', draft.name).execute();
        if (others.length >= MAX_LIVE_KEYS)
          throw tooManyKeys(
            draft.name,
            others.map(({ id }) => id),
          );
        const row = await trx
          .insertInto('apiKeys')
          .values({ ...draft, scopes: [...draft.scopes] })
          .returningAll()
          .executeTakeFirstOrThrow();
        const record = toRecord(row);
        await leaveTrace(trx, trace, record.id, answer(record));
        return record;
      }),
    );
  },

  async listApiKeys(tenantId) {
    const rows = await attempt(() =>
      db.selectFrom('apiKeys').selectAll().where('tenantId', '=', tenantId).orderBy('createdAt', 'desc').orderBy('id', 'desc').execute(),
    );
    return rows.map(toRecord);
  },

  async revokeApiKey(keyId, trace) {
    return await attempt(() =>
      db.transaction().execute(async (trx) => {
        const revoked = await trx
          .updateTable('apiKeys')
          .set({ revokedAt: sql<string>`clock_timestamp()` })
          .where('id', '=', keyId)
          .where('revokedAt', 'is', null)
          .executeTakeFirst();
        if (revoked.numUpdatedRows === 1n) await leaveTrace(trx, trace, keyId);
        const row = await trx.selectFrom('apiKeys').selectAll().where('id', '=', keyId).executeTakeFirst();
        return row === undefined ? null : toRecord(row);
      }),
    );
  },

  async noteKeyUse(keyId) {
    const aMinuteAgo = sql<Date>`clock_timestamp() - interval '1 minute'`;
    await attempt(() =>
      db
        .updateTable('apiKeys')
        .set({ lastUsedAt: sql<string>`clock_timestamp()` })
        .where('id', '=', keyId)
        .where((row) => row.or([row('lastUsedAt', 'is', null), row('lastUsedAt', '<', aMinuteAgo)]))
        .execute(),
    );
  },
});

export const tooManyKeys = (name: string, ids: readonly string[]): PipelineError =>
  new PipelineError('CONFLICT', { note: `Two keys named "${name}" are live: ${ids.join(', ')}. Revoke one first.` });

const live = (db: Kysely<Tables>) =>
  db
    .selectFrom('apiKeys')
    .where('revokedAt', 'is', null)
    .where((row) => row.or([row('expiresAt', 'is', null), row('expiresAt', '>', sql<Date>`clock_timestamp()`)]));

const opening = (db: Kysely<Tables>) => live(db).select(['id', 'tenantId', 'secretHash', 'name', 'scopes', 'expiresAt']);

function toApiKey({
  scopes,
  expiresAt,
  ...row
}: Pick<Selectable<Tables['apiKeys']>, 'id' | 'tenantId' | 'secretHash' | 'name' | 'scopes' | 'expiresAt'>): ApiKey {
  return { ...row, scopes: scopes.filter(isScope), expiresAt: expiresAt?.toISOString() ?? null };
}

function toRecord(row: Selectable<Tables['apiKeys']>): KeyRecord {
  const { id, tenantId, name, mode } = row;
  const at = (time: Date | null): string | null => time?.toISOString() ?? null;
  const times = {
    createdAt: row.createdAt.toISOString(),
    expiresAt: at(row.expiresAt),
    revokedAt: at(row.revokedAt),
    lastUsedAt: at(row.lastUsedAt),
  };
  return { id, tenantId, name, mode, scopes: row.scopes.filter(isScope), ...times };
}

/** A scope that a newer release gave and this one does not know opens nothing here. */
const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);
