import { setTimeout as sleep } from 'node:timers/promises';
import { Context, log } from '@temporalio/activity';
import type { AttemptCost } from '../domain/cost.js';
import type { GenerationRef } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { openMeter, withMeter } from './meter.js';
import { spentBefore } from './with-heartbeat.js';

/** Nobody hears a heartbeat meanwhile, and the work is done: a store that is away must not make it be done again. */
const LONGEST_WRITE_MS = 10_000;

/** What an attempt works at. */
export interface Step {
  readonly at: GenerationRef;
  readonly name: string;
  /** See removeIfOver; absent: the plan. */
  readonly anchor?: string;
}

/** Writes down what an attempt has used, once for its name. */
export type WriteCost = (step: Step, cost: AttemptCost) => Promise<void>;

/**
 * The same activity, whose every attempt writes down at its end what it has used, however it ends; one that is killed cannot,
 * and is told of by the attempt after it. That this fails never fails the activity.
 *
 * Dies before it is written: as above. Repeated: Temporal hands out each number of an attempt once, and the name is made of it.
 */
export const metered =
  <D extends { readonly store: ObjectStore }, A extends readonly unknown[], R>(
    stepOf: (...args: A) => Step | undefined,
    activity: (deps: D) => (...args: A) => Promise<R>,
    writeCost: WriteCost,
  ) =>
  (deps: D) =>
  async (...args: A): Promise<R> => {
    const step = stepOf(...args);
    if (step === undefined) return activity(deps)(...args);
    const { meter, store } = openMeter(deps.store);
    const startedMs = performance.now();
    let ended = false;
    try {
      const result = await withMeter(meter, () => activity({ ...deps, store })(...args));
      ended = true;
      return result;
    } finally {
      const { won, ...used } = meter.read();
      const outcome = !ended || won === false ? 'wasted' : won ? 'committed' : 'done';
      const wallMs = Math.round(performance.now() - startedMs);
      await write(writeCost, step, { ...nameOf(step), ...used, wallMs, outcome, before: spentBefore() });
    }
  };

function nameOf({ name }: Step): Pick<AttemptCost, 'step' | 'activity' | 'attempt'> {
  const { workflowExecution, activityId, attempt } = Context.current().info;
  return { step: name, activity: `${workflowExecution?.runId ?? 'none'}-${activityId}`, attempt };
}

async function write(writeCost: WriteCost, step: Step, cost: AttemptCost): Promise<void> {
  const settled = new AbortController();
  const late = sleep(LONGEST_WRITE_MS, undefined, { signal: settled.signal }).then(
    () => Promise.reject(new Error('it took too long')),
    () => undefined,
  );
  try {
    await Promise.race([writeCost(step, cost), late]);
  } catch (error) {
    log.warn('what an attempt has used could not be written down', { step: step.name, reason: String(error) });
  } finally {
    settled.abort();
  }
}
