import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { StackFault } from '../fault.js';

/** How PostgreSQL is started so that it does not see itself as root, which it refuses. */
export interface PostgresUser {
  /** Goes before the command; empty where nothing is needed. */
  readonly prefix: readonly string[];
  /** Owner that the data must have; null: whoever runs the launcher. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly how: string;
}

/**
 * Not root: as is. Root: inside a user namespace that shows root as user 1000 (no account, no change of ownership);
 * where namespaces are forbidden, as an account that is there already.
 * @throws StackFault where neither is possible
 */
export async function findPostgresUser(): Promise<PostgresUser> {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return { prefix: [], owner: null, how: 'as this user' };
  const namespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'];
  if (await works([...namespace, 'true'])) return { prefix: namespace, owner: null, how: 'as root, in a user namespace' };
  for (const name of ['postgres', 'nobody']) {
    const owner = accountOf(name);
    if (!owner) continue;
    const prefix = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--'];
    if (await works([...prefix, 'true'])) return { prefix, owner, how: `as the account ${name}` };
  }
  throw new StackFault(
    'PostgreSQL does not run as root, and neither a user namespace (unshare --user) nor another account (setpriv) can be used here. Start Reelmill as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

async function works([command = '', ...args]: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, args, { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
}

function accountOf(name: string): { uid: number; gid: number } | null {
  if (!existsSync('/etc/passwd')) return null;
  const row = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([account]) => account === name);
  return row ? { uid: Number(row[2]), gid: Number(row[3]) } : null;
}
