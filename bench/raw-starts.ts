import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { workflowId } from '../src/workflows/contract.js';
import { uploadStart } from '../src/workflows/start-upload.js';

const LOOK_MS = 50;
const LONGEST_MS = 60_000;
/** Started; its first task scheduled, started and completed. */
const TAKEN_UP_EVENTS = 4;

/**
 * Waits until the control worker has done the first task of each of these uploads' workflows. Starts that only pile up are no rate
 * that a server sustains. The queue's own count is no help: it stands still for up to five seconds.
 * @param uploadIds the last ones: first tasks are given out in the order of the starts
 * @returns seconds
 */
export async function untilTakenUp(address: string, uploadIds: readonly string[]): Promise<number> {
  const connection = await Connection.connect({ address });
  const fromMs = performance.now();
  try {
    const { workflow } = new TemporalClient({ connection });
    for (const id of uploadIds) {
      while ((await workflow.getHandle(workflowId.upload(id)).describe()).historyLength < TAKEN_UP_EVENTS) {
        if (performance.now() - fromMs > LONGEST_MS)
          throw new Error(`after ${LONGEST_MS / 1000} s the control worker has not taken up what was started`);
        await sleep(LOOK_MS);
      }
    }
    return (performance.now() - fromMs) / 1000;
  } finally {
    await connection.close();
  }
}

/**
 * What Temporal's server alone gives: workflows like the API's, started by so many callers at a time, for so long, and
 * taken up by the same control worker. Resolves with the uploads that they are for, in the order of their starts.
 */
export async function rawStarts(address: string, { callers, seconds }: { readonly callers: number; readonly seconds: number }): Promise<string[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new TemporalClient({ connection });
    const untilMs = performance.now() + seconds * 1000;
    const started: string[] = [];
    await Promise.all(Array.from({ length: callers }, () => startUntil(client, untilMs, started)));
    return started;
  } finally {
    await connection.close();
  }
}

async function startUntil(client: Client, untilMs: number, started: string[]): Promise<void> {
  while (performance.now() < untilMs) {
    const id = randomUUID().replaceAll('-', '');
    await client.workflow.start(
      'upload',
      uploadStart({
        ...{ uploadId: `upl_${id}`, videoId: `vid_${id}`, tenantId: 'dev', fileName: 'bench.mp4' },
        ...{ sizeBytes: 1_000_000, expiresAtMs: Date.now() + 3_600_000 },
      }),
    );
    started.push(`upl_${id}`);
  }
}
