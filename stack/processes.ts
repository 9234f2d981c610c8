import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf } from '#stack/lock.mjs';

/** A process that cannot be mistaken for a later one under the same pid. */
export interface ProcessMark {
  readonly pid: number;
  readonly identity: string;
}

/** null where it has ended already. */
export function markOf(pid: number): ProcessMark | null {
  const identity = identityOf(pid);
  return identity === null ? null : { pid, identity };
}

export function isAlive(mark: ProcessMark): boolean {
  return identityOf(mark.pid) === mark.identity;
}

/**
 * Ends a process that leads its own group, its group, and whatever it started that went into another group:
 * `signal`, then after `graceMs` SIGKILL. Resolves when none of them lives.
 */
export async function endProcess(leader: ProcessMark, options: { readonly signal: NodeJS.Signals; readonly graceMs: number }): Promise<void> {
  if (!isAlive(leader)) return;
  // Taken now: once the leader is gone its children belong to init and cannot be told from strangers.
  const family = descendantsOf(leader.pid);
  signalGroup(leader.pid, options.signal);
  if (!(await gone([leader], options.graceMs))) {
    family.push(...descendantsOf(leader.pid));
    signalGroup(leader.pid, 'SIGKILL');
  }
  for (const mark of family) if (isAlive(mark)) signalProcess(mark.pid, 'SIGKILL');
  await gone([leader, ...family], 5_000);
}

/** True when all are gone within `limitMs`. */
async function gone(marks: readonly ProcessMark[], limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (marks.some(isAlive)) {
    if (Date.now() >= end) return false;
    await sleep(25);
  }
  return true;
}

/** Every process below `pid`, at this instant. */
export function descendantsOf(pid: number): ProcessMark[] {
  const parents = parentTable();
  const found: number[] = [pid];
  for (let index = 0; index < found.length; index += 1) for (const [child, parent] of parents) if (parent === found[index]) found.push(child);
  return found
    .slice(1)
    .map(markOf)
    .filter((mark) => mark !== null);
}

/** Processes whose environment holds `NAME=value`. Linux only; elsewhere none. */
export function processesWithVariable(name: string, value: string): ProcessMark[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${name}=${value}`;
  return pids()
    .filter((pid) => pid !== process.pid && readProc(pid, 'environ')?.split('\0').includes(wanted))
    .map(markOf)
    .filter((mark) => mark !== null);
}

/** Command line of a process, as one string; null where there is none or it may not be read. */
export function commandOf(pid: number): string | null {
  if (process.platform === 'linux') return readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim() ?? null;
  return quiet(() => execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim());
}

export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  signalProcess(-leader, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  // ESRCH: it ended in between, which is what was wanted.
  quiet(() => process.kill(pid, signal));
}

function parentTable(): Map<number, number> {
  if (process.platform !== 'linux') {
    const lines = quiet(() => execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) ?? [];
    return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
  }
  const table = new Map<number, number>();
  for (const pid of pids()) {
    const stat = readProc(pid, 'stat');
    if (stat) table.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  return table;
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

const readProc = (pid: number, file: string): string | null => quiet(() => readFileSync(`/proc/${pid}/${file}`, 'utf8'));

/** A process may end between two looks at it: then there is nothing to read or signal, and null says so. */
function quiet<T>(look: () => T): T | null {
  try {
    return look();
  } catch {
    return null;
  }
}
