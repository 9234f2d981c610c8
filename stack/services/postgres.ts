import { join } from 'node:path';
import pg from 'pg';
import { claimPort } from '../ports.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { clearStalePidFile, initialiseCluster } from './postgres-cluster.js';
import { findPostgresUser } from './postgres-user.js';
import type { Service, ServiceContext } from './service.js';
import { systemEnvironment } from './system-environment.js';
import { waitUntil } from './wait-until.js';

const USER = 'reelmill';
const DATABASE = 'reelmill';

/** PostgreSQL of the npm package, durable (fsync on), on loopback with a password of its own. */
export function createPostgres(context: ServiceContext): Service {
  let port = 0;
  let ready = false;
  const password = context.state.current.secrets.postgresPassword;
  const url = (database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  return {
    clientEnv: () => ({ DATABASE_URL: url(DATABASE) }),
    part: {
      name: 'PostgreSQL',
      tier: 'service',
      // SIGINT is "fast": it ends sessions. SIGTERM would wait for every client to leave.
      stopSignal: 'SIGINT',
      graceMs: 10_000,
      // After kill -9 it replays its log first.
      readyMs: 60_000,
      async prepare() {
        const binaries = await findPostgresBinaries(context.root);
        const user = await findPostgresUser();
        const data = join(context.data, `postgres-${binaries.major}`);
        await initialiseCluster({ binaries, user, data, account: USER, password, say: context.say });
        await clearStalePidFile(data, context.say);
        // Clients hold the address: once others use it, a restart keeps it.
        if (!ready) port = await claimPort(context.state, 'postgres');
        const settings = [
          `listen_addresses=127.0.0.1`,
          `port=${port}`,
          // No socket at all: everyone comes over loopback with a password, and long data paths break socket names.
          'unix_socket_directories=',
          'max_connections=200',
          'shared_buffers=64MB',
        ];
        const [command = '', ...args] = [...user.prefix, binaries.postgres, '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
        return { command, args, env: { ...systemEnvironment(context.env), LC_ALL: 'C' } };
      },
      async ready(signal) {
        await waitUntil(() => query(url('postgres'), 'SELECT 1'), signal);
        const found = await query(url('postgres'), `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
        if (found === 0) await query(url('postgres'), `CREATE DATABASE ${DATABASE}`);
        ready = true;
      },
    },
  };
}

/** Runs one statement on a connection of its own; the number of rows. */
export async function query(connectionString: string, sql: string): Promise<number> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 3_000 });
  // A server that ends while we are connected reports it here too; the query rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}
