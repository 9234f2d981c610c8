const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Milliseconds to wait after failed try `attempt` (from 1): doubled each time up to a limit, and anywhere between half of
 * that and all of it, so that many clients that failed together do not come back together. `chance` is in [0, 1).
 */
export function pauseAfter(attempt: number, chance: number = Math.random()): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 20), LONGEST_PAUSE_MS);
  return Math.round(full * (0.5 + chance / 2));
}
