import { randomUUID } from 'node:crypto';
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { uploadStart } from '../src/workflows/start-upload.js';

/**
 * What Temporal's server alone gives: workflows like the API's, started by so many callers at a time, for so long, and
 * taken up by the same control worker. Resolves with starts a second.
 */
export async function rawStarts(address: string, { callers, seconds }: { readonly callers: number; readonly seconds: number }): Promise<number> {
  const connection = await Connection.connect({ address });
  try {
    const client = new TemporalClient({ connection });
    const untilMs = performance.now() + seconds * 1000;
    const counts = await Promise.all(Array.from({ length: callers }, () => startUntil(client, untilMs)));
    return counts.reduce((total, count) => total + count, 0) / seconds;
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
