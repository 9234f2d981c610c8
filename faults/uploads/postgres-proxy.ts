import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createFrontendReader, type Statement, saysCommitted } from './postgres-wire.js';
import type { Line, Watch } from './watch.js';

export interface PostgresProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Between a process and PostgreSQL: passes everything on, statement by statement, and lets the watch hold each of them. */
export async function startPostgresProxy(line: Line, target: () => number, watch: () => Watch): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = keep(connect({ host: '127.0.0.1', port: target(), noDelay: true }));
    join(keep(client), upstream, { line, watch });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function join(client: Socket, upstream: Socket, { line, watch }: { readonly line: Line; readonly watch: () => Watch }): void {
  const reader = createFrontendReader();
  let transaction: Statement[] = [];
  let committing: readonly Statement[] | null = null;

  const onward = async (statement: Statement): Promise<void> => {
    await watch().statement(line, statement, transaction);
    // It may have been killed while we held its statement: what it has not sent never comes to the server.
    if (client.destroyed) return;
    if (isCommit(statement)) committing = transaction;
    transaction = /^(begin|start transaction|commit|rollback)\b/i.test(statement.text) ? [] : [...transaction, statement].slice(-MOST_KEPT);
    upstream.write(statement.raw);
  };
  const back = async (chunk: Buffer): Promise<void> => {
    if (committing !== null && saysCommitted(chunk)) {
      const statements = committing;
      committing = null;
      await watch().committed(line, statements);
    }
    if (!client.destroyed) client.write(chunk);
  };
  inTurn(client, upstream, (chunk) => inSequence(reader.take(chunk), onward));
  inTurn(upstream, client, back);
}

/** Statements remembered of one transaction, and of what comes outside of any. */
const MOST_KEPT = 50;
const isCommit = (statement: Statement): boolean => /^commit\b/i.test(statement.text);

/**
 * Handles what comes from a socket piece by piece; when either side has gone, the other one goes too. The socket is never
 * paused: the end of a process that we hold would not be noticed.
 */
function inTurn(from: Socket, to: Socket, handle: (chunk: Buffer) => Promise<void>): void {
  let turn = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    turn = turn
      .then(() => handle(chunk))
      .catch(() => {
        from.destroy();
      });
  });
  // 'close' follows, and says all that matters here.
  from.on('error', () => undefined);
  from.on('end', () => from.destroy());
  from.on('close', () => to.destroy());
}

async function inSequence<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}
