import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether a process wants a core now, in any of its threads, and what it has used of one; null where /proc does not tell.
 * The kernel's own count of time spent waiting (schedstat) will not do: it is brought up to date when the wait is over.
 */
export function coreUse(pid: number): { ready: boolean; cpuMs: number } | null {
  const cpuMs = processCpuMs(pid);
  if (cpuMs === undefined) return null;
  try {
    const stats = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1'));
    return { ready: stats.some((stat) => stat.charAt(stat.lastIndexOf(')') + 2) === 'R'), cpuMs };
  } catch {
    // It, or one of its threads, has just ended.
    return null;
  }
}

/** Fields 14 and 15 of /proc/pid/stat, counted behind the name, in ticks of 1/100 s (fixed for Linux user space). */
export function processCpuMs(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    // The process has just ended; the sample before stands.
    return undefined;
  }
}
