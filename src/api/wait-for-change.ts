import { pause } from '../runtime/pause.js';

const POLL_MS = 250;

/**
 * Asks again until `changed`, the time is over, or `signal` says that nobody waits any more. Gives back the last value
 * read. One row by its primary key each time: cheap, and it needs no connection of its own.
 */
export async function waitForChange<T>(
  first: T,
  read: () => Promise<T>,
  until: { changed: (value: T) => boolean; waitMs: number; signal: AbortSignal; pollMs?: number },
): Promise<T> {
  const endMs = performance.now() + until.waitMs;
  let value = first;
  while (!until.changed(value) && performance.now() < endMs && !until.signal.aborted) {
    const pauseMs = Math.min(until.pollMs ?? POLL_MS, Math.max(1, endMs - performance.now()));
    await pause(pauseMs, until.signal);
    if (!until.signal.aborted) value = await read();
  }
  return value;
}
