import { Kysely, Migrator, PostgresDialect } from 'kysely';
import { MIGRATIONS } from './migrations/index.js';
import { createPool } from './pool.js';

/** A table may be large and the lock may be another process's for a while; still, nothing waits for ever. */
const MIGRATION_STATEMENT_MS = 120_000;

/**
 * Brings the schema up to date, on a connection of its own. All pending migrations are one transaction under kysely's
 * session lock: many processes may start at once, one migrates, the rest wait for it and find nothing to do. A process
 * that dies in mid-migration leaves nothing behind; the server drops lock and transaction with its connection.
 */
export async function migrateToLatest(options: { databaseUrl: string; applicationName: string }): Promise<void> {
  const pool = createPool({
    ...options,
    applicationName: `${options.applicationName} migrate`,
    maxConnections: 1,
    statementTimeoutMs: MIGRATION_STATEMENT_MS,
  });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } }).migrateToLatest();
    if (error !== undefined) throw error;
  } finally {
    await db.destroy();
  }
}
