import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';

/** Shorter than the minute after which load balancers cut a silent connection. */
const PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_000;

/** When to stop trying. */
export interface Patience {
  readonly endsMs: number;
  /** Nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

export const patienceFor = (gone: AbortSignal, patienceMs = PATIENCE_MS): Patience => ({ endsMs: performance.now() + patienceMs, gone });

/** Tries again, with growing pauses, what fails for the world's fault. */
export async function patiently<T>(work: () => Promise<T>, { endsMs, gone }: Patience): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof PipelineError && error.kind === 'transient';
      if (!passes || gone.aborted || performance.now() + pauseMs > endsMs) throw error;
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
}

/**
 * The same ports, each call tried again until the patience of one request ends: for clients that give a whole upload up at
 * the first 503. Every call of the ports is safe to repeat.
 */
export function patient<D extends Pick<ApiDeps, 'catalogue' | 'store' | 'pipeline'>>(deps: D, patience: Patience): D {
  return { ...deps, catalogue: port(deps.catalogue, patience), store: port(deps.store, patience), pipeline: port(deps.pipeline, patience) };
}

function port<T extends object>(real: T, patience: Patience): T {
  return new Proxy(real, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function'
        ? (...args: unknown[]) => patiently(() => Reflect.apply(value, target, args) as Promise<unknown>, patience)
        : value;
    },
  });
}
