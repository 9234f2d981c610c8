import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessMark, signalProcess } from '../../stack/processes.js';

/** SIGKILL to a recorded process; resolves when it is gone. */
export async function killAndSee(mark: ProcessMark): Promise<void> {
  signalProcess(mark.pid, 'SIGKILL');
  while (isAlive(mark)) await sleep(2);
}

/** A part that is being started again is back within this time, or is not coming. */
const VICTIM_MS = 60_000;

/** Kills whoever runs under a name, once it runs; false where nobody comes in time. */
export async function killNext(find: () => ProcessMark | null, signal: AbortSignal): Promise<boolean> {
  for (const endMs = Date.now() + VICTIM_MS; Date.now() < endMs && !signal.aborted; await sleep(20)) {
    const mark = find();
    if (mark === null) continue;
    await killAndSee(mark);
    return true;
  }
  return false;
}
