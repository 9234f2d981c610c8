import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Logger } from '../src/runtime/logger.js';
import { RECONCILE_SCHEDULE, WORKFLOWS } from '../src/workflows/contract.js';
import { QUEUES } from '../src/workflows/task-queues.js';

/** A Temporal that lost its data has lost the schedule too: it is looked after this often. */
const LOOK_MS = 60_000;

/**
 * Makes the schedule of reconciling, or brings it to what is wanted, and makes it anew where it has gone, until the returned
 * function is called. Many workers may do so at once: they all want the same. A server that is away is asked again.
 */
export function keepReconcileSchedule(client: Client, options: { readonly everyS: number; readonly logger: Logger }): () => void {
  let brought = false;
  const look = async (): Promise<void> => {
    try {
      await ensureReconcileSchedule(client, options.everyS, brought ? 'leave' : 'bring');
      brought = true;
    } catch (err) {
      options.logger.warn({ err }, 'the schedule of reconciling could not be looked after');
    }
  };
  void look();
  const timer = setInterval(look, LOOK_MS);
  return () => clearInterval(timer);
}

/** `there`: what to do with a schedule that exists. */
export async function ensureReconcileSchedule(client: Client, everyS: number, there: 'bring' | 'leave'): Promise<void> {
  const wanted = scheduleOf(everyS);
  try {
    await client.schedule.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // A pause that an operator made stays.
    if (there === 'bring') await client.schedule.getHandle(RECONCILE_SCHEDULE).update(({ state }) => ({ ...wanted, state }));
  }
}

const scheduleOf = (everyS: number) =>
  ({
    scheduleId: RECONCILE_SCHEDULE,
    spec: { intervals: [{ every: everyS * 1000 }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOWS.reconcile,
      workflowId: RECONCILE_SCHEDULE,
      taskQueue: QUEUES.control,
      args: [],
    },
    // One at a time, and a server that was away makes up for nothing: the next run sees everything.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 10_000 },
  }) satisfies ScheduleOptions;
