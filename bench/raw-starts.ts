import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { uploadStart } from '../src/workflows/start-upload.js';
import { QUEUES } from '../src/workflows/task-queues.js';

/** TASK_QUEUE_TYPE_WORKFLOW of temporal.api.enums.v1. */
const WORKFLOW_TASKS = 1;

const LOOK_MS = 50;
const LONGEST_MS = 60_000;

/**
 * Waits until the control worker has taken up every workflow that was started. Starts that only pile up are no rate that a
 * server sustains. Resolves with seconds.
 */
export async function untilTakenUp(address: string): Promise<number> {
  const connection = await Connection.connect({ address });
  const fromMs = performance.now();
  try {
    for (;;) {
      const { stats } = await connection.workflowService.describeTaskQueue({
        ...{ namespace: 'default', taskQueue: { name: QUEUES.control }, reportStats: true },
        taskQueueType: WORKFLOW_TASKS,
      });
      const waitedMs = performance.now() - fromMs;
      if (Number(stats?.approximateBacklogCount ?? Number.NaN) === 0) return waitedMs / 1000;
      if (waitedMs > LONGEST_MS) throw new Error(`after ${LONGEST_MS / 1000} s the control worker has not taken up what was started`);
      await sleep(LOOK_MS);
    }
  } finally {
    await connection.close();
  }
}

/**
 * What Temporal's server alone gives: workflows like the API's, started by so many callers at a time, for so long, and
 * taken up by the same control worker. Resolves with how many.
 */
export async function rawStarts(address: string, { callers, seconds }: { readonly callers: number; readonly seconds: number }): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new TemporalClient({ connection });
    const untilMs = performance.now() + seconds * 1000;
    const counts = await Promise.all(Array.from({ length: callers }, () => startUntil(client, untilMs)));
    return counts.reduce((total, count) => total + count, 0);
  } finally {
    await connection.close();
  }
}

async function startUntil(client: Client, untilMs: number): Promise<number> {
  let count = 0;
  for (; performance.now() < untilMs; count += 1) {
    const id = randomUUID().replaceAll('-', '');
    await client.workflow.start(
      'upload',
      uploadStart({
        ...{ uploadId: `upl_${id}`, videoId: `vid_${id}`, tenantId: 'dev', fileName: 'bench.mp4' },
        ...{ sizeBytes: 1_000_000, expiresAtMs: Date.now() + 3_600_000 },
      }),
    );
  }
  return count;
}
