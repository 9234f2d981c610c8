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

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes the signals that end the launcher, so that it can end what it started first. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let signals = 0;
  let second: () => void = () => undefined;
  const take = (): void => {
    signals += 1;
    if (signals === 1) controller.abort();
    else second();
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
      return signals > 0;
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
