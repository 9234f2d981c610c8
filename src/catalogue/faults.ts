import { isNativeError } from 'node:util/types';
import pg from 'pg';
import { type ErrorDetails, PipelineError } from '../domain/errors.js';

/**
 * What to do about a fault of the database.
 * - `again`: a race that another try settles (serialization, deadlock, a row that someone else inserted first)
 * - `lost`: the connection broke, and whether a commit went through is unknown; another connection may be fine
 * - `away`: the database does not answer, or not in time
 * - `other`: a wrong statement, a broken constraint, a wrong password: nothing that waiting cures
 */
export type FaultKind = 'again' | 'lost' | 'away' | 'other';

/** SQLSTATE, or its class: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const BY_STATE: Readonly<Record<string, FaultKind>> = {
  '40001': 'again', // serialization_failure
  '40P01': 'again', // deadlock_detected
  '23505': 'again', // unique_violation
  '0A000': 'again', // feature_not_supported: a named statement that a migration has made stale
  '26000': 'again', // invalid_sql_statement_name, and
  '42P05': 'again', // duplicate_prepared_statement: a pooler between us and the server (statement-names.ts)
  '57P01': 'lost', // admin_shutdown
  '57P02': 'lost', // crash_shutdown
  '25P03': 'lost', // idle_in_transaction_session_timeout: we were paused
  '57P03': 'away', // cannot_connect_now: starting up
  '57014': 'away', // query_canceled: the statement's time was up
  '55P03': 'away', // lock_not_available
  '25006': 'away', // read_only_sql_transaction: in the middle of a failover
  '08': 'lost', // connection exceptions
  '53': 'away', // too many connections, disk or memory full
  '58': 'away', // I/O error of the server
};

const BY_ERRNO: Readonly<Record<string, FaultKind>> = {
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  ECONNREFUSED: 'away',
  ETIMEDOUT: 'away',
  EHOSTUNREACH: 'away',
  ENETUNREACH: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  ENOENT: 'away', // the socket file of a server that is down
};

/** pg, pg-pool and kysely say these with a bare Error. */
const BY_MESSAGE: readonly (readonly [RegExp, FaultKind])[] = [
  [/^Connection terminated due to connection timeout/, 'away'],
  [/^Connection terminated/, 'lost'],
  [/not queryable$/, 'lost'],
  [/^timeout exceeded when trying to connect/, 'away'],
  [/^timeout expired/, 'away'],
  [/^Query read timeout/, 'away'],
  [/^Cannot use a pool after calling end/, 'away'],
  [/^driver has already been destroyed/, 'away'],
];

export function faultKind(error: unknown): FaultKind {
  if (error instanceof pg.DatabaseError) return BY_STATE[error.code ?? ''] ?? BY_STATE[error.code?.slice(0, 2) ?? ''] ?? 'other';
  if (!isNativeError(error)) return 'other';
  const errno = 'code' in error && typeof error.code === 'string' ? BY_ERRNO[error.code] : undefined;
  return errno ?? BY_MESSAGE.find(([text]) => text.test(error.message))?.[1] ?? 'other';
}

/** The connection itself cannot be used any more. The server says so with FATAL; all that pg says by itself is of that kind. */
export function isFatal(error: Error): boolean {
  return !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** The one translation into the closed table. Errors that are ours already pass as they are. */
export function toPipelineError(error: unknown): PipelineError {
  if (error instanceof PipelineError) return error;
  const kind = faultKind(error);
  const state: ErrorDetails = error instanceof pg.DatabaseError ? { sqlState: error.code ?? null, constraint: error.constraint ?? null } : {};
  const unavailable = kind !== 'other' && !(error instanceof pg.DatabaseError && error.code === '23505');
  return new PipelineError(unavailable ? 'CATALOGUE_UNAVAILABLE' : 'INTERNAL', { details: state, cause: error });
}
