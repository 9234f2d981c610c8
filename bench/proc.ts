import { readdirSync, readFileSync } from 'node:fs';

/** One line of /proc/pid/stat, as far as it is used here. */
export interface ProcStat {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** User and system time of the process itself, ms. */
  readonly ownCpuMs: number;
  /** The same of all its children that have ended and that it has waited for, and of theirs. */
  readonly waitedCpuMs: number;
}

/** Ticks are 1/100 s for Linux user space, whatever the kernel was built with. */
const TICK_MS = 10;

/** The name may hold spaces and brackets, so fields are counted from the last bracket. @throws RangeError for a line that is none */
export function parseStat(line: string): ProcStat {
  const [open, close] = [line.indexOf('('), line.lastIndexOf(')')];
  const fields = line.slice(close + 2).split(' ');
  const [parent, user, system, waitedUser, waitedSystem] = [fields[1], ...fields.slice(11, 15)].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [ownCpuMs, waitedCpuMs] = [(user + system) * TICK_MS, (waitedUser + waitedSystem) * TICK_MS];
  if (open < 0 || !Number.isInteger(parent) || !Number.isInteger(ownCpuMs + waitedCpuMs)) throw new RangeError('not a line of /proc/pid/stat');
  return { pid: Number.parseInt(line, 10), parent, name: line.slice(open + 1, close), ownCpuMs, waitedCpuMs };
}

/**
 * All processes below `root`, itself included. CPU time of one that ended is in whoever waited for it, so the sum over
 * the tree only rises and its difference is what the tree has used, however many processes came and went.
 */
export function treeOf(root: number, processes: readonly ProcStat[] = allProcesses()): ProcStat[] {
  const found = processes.filter((process) => process.pid === root);
  // The list grows while it is walked: children of children come to stand behind their parents.
  for (const parent of found) found.push(...processes.filter((process) => process.parent === parent.pid && process.pid !== parent.pid));
  return found;
}

export const cpuMsOf = (processes: readonly ProcStat[]): number =>
  processes.reduce((sum, process) => sum + process.ownCpuMs + process.waitedCpuMs, 0);

export function allProcesses(): ProcStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const line = readProc(`/proc/${pid}/stat`);
      return line === null ? [] : [parseStat(line)];
    });
}

/** What the machine's processors did since it was started, in ticks of all of them together. */
export interface ProcessorTicks {
  readonly all: number;
  /** They were wanted here, and the host of the virtual machine gave them to others. */
  readonly stolen: number;
}

/** Of `/proc/stat`: user, nice, system, idle, waiting for disks, two kinds of interrupts, stolen; what follows is contained in these. */
export function parseProcessorTicks(text: string): ProcessorTicks {
  const ticks = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(' ').map(Number).slice(0, 8) ?? [];
  if (ticks.length < 8) throw new RangeError('not a /proc/stat');
  return { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0 };
}

export const processorTicks = (): ProcessorTicks => parseProcessorTicks(readFileSync('/proc/stat', 'latin1'));

/** From 0 to 1, of all processors. */
export const stolenShare = (from: ProcessorTicks, to: ProcessorTicks): number => (to.stolen - from.stolen) / Math.max(1, to.all - from.all);

/** Highest resident size so far, in MiB; null for a process that has ended. */
export function peakRssMib(pid: number): number | null {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? '');
  return found ? Number(found[1]) / 1024 : null;
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Processes end while the folder is read.
    return null;
  }
}

/** Resident size now, in MiB; null for a process that has ended. */
export function rssMib(pid: number): number | null {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? '');
  return found ? Number(found[1]) / 1024 : null;
}
