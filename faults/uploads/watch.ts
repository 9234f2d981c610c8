import type { HttpFault } from './http-fault.js';
import type { Operation } from './operations.js';
import type { Statement } from './postgres-wire.js';

/** The lines of a stack that lead through a proxy. */
export type Line = 'client → API' | 'client → S3' | 'API → S3' | 'control → S3' | 'API → PostgreSQL' | 'control → PostgreSQL';

/** One request on a line. */
export interface Exchange {
  readonly line: Line;
  readonly operation: Operation;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/**
 * How a request ended.
 * - `told`: the sender got the whole answer. `cut`: the proxy closed the connection, as its fault says.
 * - `left`: the sender went away. `unreachable`: the server did not answer, or went away.
 */
export interface ExchangeEnd extends Exchange {
  readonly how: 'told' | 'cut' | 'left' | 'unreachable';
  /** Of the answer that was told. */
  readonly status: number | null;
  readonly fault: HttpFault | null;
  /** Body bytes that came from the sender. */
  readonly receivedBytes: number;
  /** The signature was too old when the request was passed on. */
  readonly expired: boolean;
}

/** Who looks at the lines of a stack. What takes time holds the traffic in question, and nothing else. */
export interface Watch {
  /** A request has come (its body not yet), and is not passed on before this resolves: with what it is met. */
  meet(exchange: Exchange): Promise<HttpFault | null> | HttpFault | null;
  /** The server has done it; the sender hears of it when this resolves. */
  answered(exchange: Exchange): Promise<void> | undefined;
  ended(end: ExchangeEnd): void;
  /** A statement has come and is not passed on before this resolves. `before`: those of the same transaction. */
  statement(line: Line, statement: Statement, before: readonly Statement[]): Promise<void> | undefined;
  /** The transaction of these statements is committed; its client hears of it when this resolves. */
  committed(line: Line, statements: readonly Statement[]): Promise<void> | undefined;
}

/** Looks on, and does nothing. */
export const NO_WATCH: Watch = {
  meet: () => null,
  answered: () => undefined,
  ended: () => undefined,
  statement: () => undefined,
  committed: () => undefined,
};
