export interface Interrupt {
  /** Aborts at the first Ctrl-C, SIGTERM or closed terminal, or at `abort`. */
  readonly signal: AbortSignal;
  /** Whether a signal did it, and not `abort`. */
  readonly byUser: boolean;
  /** Rejects when `signal` aborts. */
  readonly happened: Promise<never>;
  abort(): void;
  /** What a second Ctrl-C does. */
  onSecond(act: () => void): void;
  /** Gives the signals back to Node. */
  close(): void;
}

/** At Ctrl-C the terminal tells us and npm, and npm tells us too: that is one wish. Milliseconds. */
const ECHO_MS = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes the signals that end the launcher, so that it can end what it started first. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  let second: () => void = () => undefined;
  const take = (): void => {
    if (firstAtMs !== null) {
      if (Date.now() - firstAtMs > ECHO_MS) second();
      return;
    }
    firstAtMs = Date.now();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, take);
  const happened = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  // It is raced against work; once the work has won, nobody listens.
  happened.catch(() => undefined);
  return {
    signal: controller.signal,
    happened,
    get byUser() {
      return firstAtMs !== null;
    },
    abort: () => controller.abort(),
    onSecond(act) {
      second = act;
    },
    close() {
      for (const signal of SIGNALS) process.off(signal, take);
    },
  };
}
