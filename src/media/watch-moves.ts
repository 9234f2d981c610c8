/** Watches a process by the wall clock and by whether anything of it moves. */
export interface MoveWatch {
  /** Why it was stopped, in words; null while it may go on. */
  readonly over: string | null;
  end(): void;
}

/**
 * @param moved anything that changes while the process gets on: bytes that it wrote, time that it used
 * @param stop called once, when either time is over
 */
export function watchMoves(moved: () => string, limits: { readonly wallMs: number; readonly stallMs: number }, stop: () => void): MoveWatch {
  const startedAt = performance.now();
  let seen = moved();
  let seenAt = startedAt;
  let over: string | null = null;
  const tell = (why: string): void => {
    over = why;
    clearInterval(timer);
    stop();
  };
  const look = (): void => {
    const now = performance.now();
    const latest = moved();
    if (latest !== seen) {
      seen = latest;
      seenAt = now;
    }
    if (now - startedAt >= limits.wallMs) tell('It took too long.');
    else if (now - seenAt >= limits.stallMs) tell('Nothing of it moved.');
  };
  const timer = setInterval(look, Math.max(10, Math.min(1000, limits.wallMs / 4, limits.stallMs / 4)));
  return {
    get over() {
      return over;
    },
    end: () => clearInterval(timer),
  };
}
