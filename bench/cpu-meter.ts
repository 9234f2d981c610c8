import { allProcesses, cpuMsOf, treeOf } from './proc.js';
import type { BenchStack } from './stack.js';

/** Processor time so far, ms, by who used it: only differences mean something. */
export type CpuMeter = () => Readonly<Record<string, number>>;

/** The API, its database, this process (which asks), and all else of the stack. */
export function stackCpu(stack: BenchStack): CpuMeter {
  return () => {
    const { parts } = stack.state();
    const processes = allProcesses();
    const below = (name: string): number => cpuMsOf(treeOf(parts[name]?.pid ?? 0, processes));
    const [api, postgres] = [below('API'), below('PostgreSQL')];
    const { user, system } = process.cpuUsage();
    return { api, postgres, asking: (user + system) / 1000, others: cpuMsOf(treeOf(stack.pid, processes)) - api - postgres };
  };
}
