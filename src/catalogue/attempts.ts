import { setTimeout as sleep } from 'node:timers/promises';
import { faultKind, toPipelineError } from './faults.js';

/** Pauses before the second, third and fourth try, each shortened by up to half at random. */
const PAUSES_MS = [20, 100, 400] as const;

/**
 * Runs one read or one whole transaction, and again after a race or a broken connection. That is safe although a broken
 * connection leaves open whether its commit went through: every write of the catalogue changes nothing when repeated.
 * @throws PipelineError CATALOGUE_UNAVAILABLE where the database does not answer, INTERNAL with the cause for the rest
 */
export async function attempt<T>(work: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      const kind = faultKind(error);
      if (kind !== 'again' && kind !== 'lost') throw toPipelineError(error);
      await sleep(pauseMs * (0.5 + Math.random() / 2));
    }
  }
  return work().catch((error: unknown) => {
    throw toPipelineError(error);
  });
}
