import type { Logger } from '../runtime/logger.js';
import { pause } from '../runtime/pause.js';

/** One thing that must have happened before requests can be served. Safe to repeat. */
export interface Step {
  readonly name: string;
  run(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Runs all steps at once, each again and again until it succeeds: the API starts before the services that it needs, and
 * /readyz says what it waits for. `pending` names the steps that are not done; `done` resolves with the last of them, or
 * when `signal` ends the waiting.
 */
export function prepare(steps: readonly Step[], options: { logger: Logger; signal: AbortSignal; firstPauseMs?: number }) {
  const pending = new Set(steps.map((step) => step.name));
  const untilDone = async (step: Step): Promise<void> => {
    for (let pauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS; !options.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await step.run();
        pending.delete(step.name);
        return;
      } catch (err) {
        options.logger.warn({ err, step: step.name, retry_ms: pauseMs }, 'a step of the start is tried again');
        await pause(pauseMs, options.signal, { ref: false });
      }
    }
  };
  return { pending: (): string[] => [...pending], done: Promise.all(steps.map(untilDone)).then(() => undefined) };
}
