import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a process ended, as node tells it. */
type Ended = Pick<ChildProcess, 'signalCode' | 'exitCode'>;

/**
 * Call at the start; what comes back tells, at the end, why a process was killed by a signal that we did not send (128 + n
 * is how a shell says signal n):
 *
 * - RESOURCE_LIMIT: a limit of CPU time or file size was reached, or somebody sent SIGKILL while the kernel killed for
 *   want of memory, or where nobody can say whether it did. It may lie in the content: larger machines, then a person.
 * - ENCODE_KILLED: SIGKILL, and the kernel has killed nobody for want of memory meanwhile. The world's fault.
 * - null: it was not killed.
 */
export function whyKilled(countOomKills: () => number | null = oomKills): (ended: Ended | undefined) => 'RESOURCE_LIMIT' | 'ENCODE_KILLED' | null {
  const before = countOomKills();
  return (ended) => {
    const is = (signal: NodeJS.Signals, code: number): boolean => ended?.signalCode === signal || ended?.exitCode === code;
    if (is('SIGXCPU', 152) || is('SIGXFSZ', 153)) return 'RESOURCE_LIMIT';
    if (!is('SIGKILL', 137)) return null;
    return before !== null && countOomKills() === before ? 'ENCODE_KILLED' : 'RESOURCE_LIMIT';
  };
}

/** It did what no program does on purpose: a hole in memory, an illegal instruction, a failed assertion. */
export function hasCrashed(ended: Ended | undefined): boolean {
  const { signalCode, exitCode } = ended ?? {};
  return CRASHES.some(([signal, number]) => signalCode === signal || exitCode === 128 + number);
}

const CRASHES: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGILL', 4],
  ['SIGTRAP', 5],
  ['SIGABRT', 6],
  ['SIGBUS', 7],
  ['SIGFPE', 8],
  ['SIGSEGV', 11],
  ['SIGSYS', 31],
];

/** Processes that the kernel has killed for want of memory since it started, in all containers; null where it does not say. */
function oomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    // Not Linux: nobody can say, and the caller is told so.
    return null;
  }
}
