import { endProcess, isAlive, processesWithVariable, signalProcess } from './processes.js';
import { STACK_VARIABLE } from './spawn-part.js';
import type { StateFile } from './state.js';

/**
 * Ends what an earlier launcher of this data folder left: recorded processes that still live (by pid and start time), and
 * on Linux anything else that carries this stack's mark. Call only while holding the launcher's lock.
 */
export async function endOrphans(state: StateFile, say: (line: string) => void): Promise<void> {
  const left = Object.entries(state.current.parts).filter(([, record]) => isAlive(record));
  if (left.length > 0) say(`Ending what an earlier run left: ${left.map(([name, { pid }]) => `${name} (${pid})`).join(', ')}`);
  await Promise.all(left.map(([, record]) => endProcess(record, { signal: record.stopSignal, graceMs: 5_000 })));
  for (const mark of processesWithVariable(STACK_VARIABLE, state.current.stackId)) signalProcess(mark.pid, 'SIGKILL');
  state.change((before) => ({ ...before, parts: {} }));
}
