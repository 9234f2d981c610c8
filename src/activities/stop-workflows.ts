import { setTimeout as sleep } from 'node:timers/promises';
import type { Runs } from './runs.js';
import { withHeartbeat } from './with-heartbeat.js';

/** For what a cancelled workflow takes back: seconds, unless the store or the catalogue is away. */
const GRACE_MS = 60_000;
const LOOK_MS = 250;

export interface Stopped {
  readonly cancelled: number;
  readonly terminated: number;
}

/**
 * Ends workflows, and waits until they have ended: one group after the other, so that what the first might still start is
 * met in the next. They are asked first; what has not ended within the grace is terminated. Twice is once.
 */
export const stopWorkflows =
  (deps: { runs: Runs; stopGraceMs?: number }) =>
  (groups: readonly (readonly string[])[]): Promise<Stopped> =>
    withHeartbeat(async (_beat, signal) => {
      let stopped: Stopped = { cancelled: 0, terminated: 0 };
      for (const ids of groups) {
        const running = await stillRunning(deps.runs, ids);
        for (const id of running) await deps.runs.cancel(id);
        const left = await waitForEnd(deps.runs, running, deps.stopGraceMs ?? GRACE_MS, signal);
        for (const id of left) await deps.runs.terminate(id, 'Its video was deleted, and it did not end by itself.');
        stopped = { cancelled: stopped.cancelled + running.length - left.length, terminated: stopped.terminated + left.length };
      }
      return stopped;
    });

/** Those that still run when the grace is over. */
async function waitForEnd(runs: Runs, ids: readonly string[], graceMs: number, signal: AbortSignal): Promise<readonly string[]> {
  const endMs = Date.now() + graceMs;
  let left = ids;
  while (left.length > 0 && Date.now() < endMs) {
    await sleep(Math.min(LOOK_MS, graceMs), undefined, { signal });
    left = await stillRunning(runs, left);
  }
  return left;
}

async function stillRunning(runs: Runs, ids: readonly string[]): Promise<string[]> {
  const running: string[] = [];
  for (const id of ids) if (await runs.isRunning(id)) running.push(id);
  return running;
}
