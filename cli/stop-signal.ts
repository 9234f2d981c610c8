import { setMaxListeners } from 'node:events';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** npm passes the terminal's Ctrl-C on, so one wish may come twice. Milliseconds. */
const ECHO_MS = 1_000;

export interface StopSignal {
  /** Aborts at the first Ctrl-C, SIGTERM or closed terminal. */
  readonly signal: AbortSignal;
  /** What a shell expects then; null while nobody asked. */
  readonly exitCode: number | null;
  close(): void;
}

/** The first signal ends the work in order, a second one at once: nothing is lost by either. */
export function onStop(): StopSignal {
  const controller = new AbortController();
  // Every request and every pause listens to it, as many as there are parts at a time.
  setMaxListeners(0, controller.signal);
  let exitCode: number | null = null;
  let firstAtMs = 0;
  const take = (name: NodeJS.Signals): void => {
    const code = EXIT_CODES[name as keyof typeof EXIT_CODES];
    if (exitCode !== null) {
      if (Date.now() - firstAtMs > ECHO_MS) process.exit(code);
      return;
    }
    [exitCode, firstAtMs] = [code, Date.now()];
    controller.abort();
  };
  const names = Object.keys(EXIT_CODES) as (keyof typeof EXIT_CODES)[];
  for (const name of names) process.on(name, take);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    close() {
      for (const name of names) process.off(name, take);
    },
  };
}
