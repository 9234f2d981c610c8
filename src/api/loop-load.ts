import { performance } from 'node:perf_hooks';

/** Shorter looks say what one request did. */
const WINDOW_MS = 200;

/**
 * How full the event loop is: the share, 0 to 1, of the time from one look to the next in which it did not wait for events. Time in
 * which the process waits for a processor counts as well: to who wants an answer it is the same. Asked more often than every 200 ms
 * it says the last again.
 */
export function createLoopLoad(): () => number {
  let last = performance.eventLoopUtilization();
  let lastMs = performance.now();
  let load = 0;
  return () => {
    const atMs = performance.now();
    if (atMs - lastMs < WINDOW_MS) return load;
    const now = performance.eventLoopUtilization();
    load = performance.eventLoopUtilization(now, last).utilization;
    [last, lastMs] = [now, atMs];
    return load;
  };
}
