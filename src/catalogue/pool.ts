import { isNativeError } from 'node:util/types';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { PipelineError } from '../domain/errors.js';
import { isFatal } from './faults.js';
import { createStatementNames, type StatementNames } from './statement-names.js';

export interface PoolOptions {
  readonly databaseUrl: string;
  readonly maxConnections: number;
  readonly applicationName: string;
  /** The server ends a statement, and a transaction that stands idle, after this long. */
  readonly statementTimeoutMs: number;
}

/** To connect, or to wait for a free connection. */
const CONNECT_MS = 5_000;
/** Added to the server's own time-out: only a server or a network that has gone silent lets this one pass. */
const SILENCE_MS = 2_000;

/**
 * Connections to PostgreSQL that cannot hang and cannot take the process down: every wait is bounded, on the server and
 * here, and a connection that broke or went silent is thrown away rather than handed to the next caller.
 */
export function createPool(options: PoolOptions): PostgresPool {
  const names = createStatementNames();
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    max: options.maxConnections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + SILENCE_MS,
    types: { getTypeParser: parserFor },
  });
  // A connection that dies emits 'error', idle or in use, and without a listener that ends the process. Nothing is lost by
  // not acting on it: a running query rejects with the same fault, and an idle connection the pool has dropped already.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    connect: async () => new Lease(await pool.connect(), names),
    end: () => pool.end(),
  };
}

/** A connection in use. After its first fatal fault it answers every query with that fault, and is not given back. */
class Lease implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;
  #fault: Error | undefined;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(sql: string | PostgresCursor<R>, parameters: readonly unknown[] = []): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new PipelineError('INTERNAL', { note: 'Cursors are not used here.' });
    return this.#run(sql, parameters) as Promise<PostgresQueryResult<R>>;
  }

  release(): void {
    this.#client.release(this.#fault);
  }

  async #run(text: string, parameters: readonly unknown[]): Promise<pg.QueryResult> {
    if (this.#fault) throw this.#fault;
    // What has no parameters (begin, commit) goes the server's shorter way.
    const name = parameters.length > 0 ? this.#names.nameOf(text) : undefined;
    try {
      return await this.#client.query({ text, values: parameters as unknown[], ...(name === undefined ? {} : { name }) });
    } catch (error) {
      if (name !== undefined) this.#names.heard(error, name);
      if (isNativeError(error) && isFatal(error)) this.#fault = error;
      throw error;
    }
  }
}

/** bigint as a number: sizes, counts and positions stay far below 2^53. All else as pg does it. */
const parserFor: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser;
