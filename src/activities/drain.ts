/**
 * A worker's wish to stop. From `begin` on it takes no new work; a running job that is expected to end within the
 * time left may finish, every other is let go at once, so that another machine gets the most of the notice.
 */
export interface Drain {
  readonly draining: boolean;
  begin(noticeMs: number): void;
  /** Calls back once, at the beginning of the drain (at once where it has begun), with the milliseconds left. Returns the way to take it back. */
  onBegin(listener: (leftMs: number) => void): () => void;
}

export function createDrain(now: () => number = Date.now): Drain {
  let deadlineMs: number | null = null;
  const listeners = new Set<(leftMs: number) => void>();
  return {
    get draining() {
      return deadlineMs !== null;
    },
    begin(noticeMs) {
      if (deadlineMs !== null) return;
      deadlineMs = now() + noticeMs;
      for (const listener of [...listeners]) listener(noticeMs);
      listeners.clear();
    },
    onBegin(listener) {
      if (deadlineMs !== null) listener(deadlineMs - now());
      else listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Part of the time left that a finish may be predicted to take; the rest is for uploading and for being wrong. */
const SAFE_SHARE = 0.6;

/** Whether a job that is `fraction` (0–1) done after `elapsedMs` should be finished rather than let go. */
export function worthFinishing(job: { fraction: number; elapsedMs: number }, leftMs: number): boolean {
  if (job.fraction <= 0) return false;
  const remainingMs = (job.elapsedMs * (1 - job.fraction)) / job.fraction;
  return remainingMs <= leftMs * SAFE_SHARE;
}
