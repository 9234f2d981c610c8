import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StackFault, wordsOf } from '../fault.js';
import { commandOf, endProcess, markOf } from '../processes.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresUser } from './postgres-user.js';

interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly user: PostgresUser;
  /** The folder of the cluster. */
  readonly data: string;
  readonly account: string;
  readonly password: string;
  readonly say: (line: string) => void;
}

/** Makes the database cluster where there is none. It is made aside and renamed: a killed start leaves no half of one. */
export async function initialiseCluster(options: ClusterOptions): Promise<void> {
  if (existsSync(join(options.data, 'PG_VERSION'))) {
    await handOver(options.data, options.user);
    return;
  }
  options.say('Making a database (2 s, once) …');
  const fresh = `${options.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const secrets = mkdtempSync(join(tmpdir(), 'reelmill-initdb-'));
  const passwordFile = join(secrets, 'password');
  try {
    writeFileSync(passwordFile, options.password, { mode: 0o600 });
    const { owner } = options.user;
    if (owner) for (const path of [secrets, passwordFile]) chownSync(path, owner.uid, owner.gid);
    if (owner) await makeOwned(fresh, owner);
    const settings = ['--username', options.account, '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'];
    const [command = '', ...args] = [...options.user.prefix, options.binaries.initdb, '-D', fresh, ...settings];
    await promisify(execFile)(command, args, { env: { PATH: process.env.PATH, LC_ALL: 'C' }, cwd: tmpdir() });
    renameSync(fresh, options.data);
  } catch (error) {
    throw new StackFault(`The database could not be made ${options.user.how} in ${options.data}: ${initdbWords(error)}`);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

/**
 * After kill -9, postmaster.pid stays. PostgreSQL itself clears one whose process is gone, but gives up where another
 * program has got that pid since. A postmaster on our data that still lives is ended.
 * @param zombieMs how long a zombie may take to go
 */
export async function clearStalePidFile(data: string, say: (line: string) => void, zombieMs = 5_000): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const mark = Number.isInteger(pid) && pid > 0 ? markOf(pid) : null;
  if (mark === null) {
    // Dead, but init may not have collected it: PostgreSQL would take a zombie for a server that runs, and not start.
    for (const endMs = Date.now() + zombieMs; existsSync(`/proc/${pid}`) && Date.now() < endMs; ) await sleep(50);
    rmSync(file, { force: true });
    return;
  }
  const command = commandOf(pid) ?? '';
  if (!command.includes('postgres') || !command.includes(data)) {
    rmSync(file, { force: true });
    return;
  }
  say(`Ending a PostgreSQL (${pid}) that an earlier run left on this data.`);
  await endProcess(mark, { signal: 'SIGINT', graceMs: 10_000 });
}

/** A data folder that was made under another account (by root without its namespaces, say) goes to this one. Only root can and must. */
async function handOver(data: string, user: PostgresUser): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = user.owner ?? { uid: 0, gid: 0 };
  if (statSync(data).uid === uid) return;
  if (user.owner) chmodSync(dirname(data), 0o711);
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, data]);
}

/** The account must own the folder and be able to enter every folder above it. */
async function makeOwned(folder: string, owner: { readonly uid: number; readonly gid: number }): Promise<void> {
  await promisify(execFile)('mkdir', ['-p', '-m', '700', folder]);
  chownSync(folder, owner.uid, owner.gid);
  // Others may go through the data folder now, but not look into it.
  chmodSync(dirname(folder), 0o711);
  const enter = ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', '--', 'test', '-x', folder];
  const [command = '', ...args] = enter;
  await promisify(execFile)(command, args).catch(() => {
    throw new Error(
      `user ${owner.uid} may not enter ${dirname(folder)}: choose a --data folder outside of private home folders, such as /var/tmp/${basename(dirname(folder))}`,
    );
  });
}

function initdbWords(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? String(error.stderr).trim() : '';
  return stderr || wordsOf(error);
}
