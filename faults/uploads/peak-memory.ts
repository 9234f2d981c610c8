import { readFileSync } from 'node:fs';

/** The largest resident set that a process ever had, bytes; null where it has ended, or the system does not tell. */
export function peakBytesOf(pid: number): number | null {
  try {
    return peakBytesIn(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // It ended between two looks, or there is no /proc.
    return null;
  }
}

/** VmHWM of a /proc/PID/status. */
export function peakBytesIn(status: string): number | null {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

const LOOK_MS = 200;

/** Looks at processes again and again, and keeps the largest that each kind of them ever was. */
export function createMemoryWatch(pids: () => readonly (readonly [kind: string, pid: number])[]) {
  const peaks = new Map<string, number>();
  const look = (): void => {
    for (const [kind, pid] of pids()) peaks.set(kind, Math.max(peaks.get(kind) ?? 0, peakBytesOf(pid) ?? 0));
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    /** 0 where none of that kind was ever seen. */
    peakBytes: (kind: string): number => peaks.get(kind) ?? 0,
    close: (): void => clearInterval(timer),
  };
}
