import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { SIZE_CLASSES } from '../src/domain/size-class.js';
import { UPLOAD_COMPLETE, type UploadInput, type UploadOutcome, WORKFLOWS, workflowId } from '../src/workflows/contract.js';
import { encodeQueue, QUEUES } from '../src/workflows/task-queues.js';
import { ensureSearchAttributes } from '../stack/services/search-attributes.js';
import type { BenchContext } from './context.js';
import { fakeActivities } from './fake-activities.js';
import { type Row, sum } from './figures.js';
import { withStack } from './stack.js';
import { readHistory } from './temporal-history.js';

const LENGTHS_S = [600, 3 * 3600] as const;
/** temporal.md's budget for ten minutes: one mid-size PostgreSQL then takes 10 000 such videos a day. */
const MOST_EVENTS_AT_10_MIN = 480;
/** Budget of the longest run, `encodeChunks` of a 3 h video: far from the 4 096 at which the server suggests to continue as new. */
const MOST_EVENTS_OF_ONE_RUN = 1140;

/** Events and bytes that a video leaves in Temporal: the real workflows, with activities that only pretend. */
export async function benchHistory(context: BenchContext): Promise<Row[]> {
  // Once a process, before the first worker: its workers' lines would stand between ours.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  return withStack({ ...context, encoders: 1 }, async (stack) => {
    const address = stack.temporalAddress();
    const namespace = `bench-${randomBytes(4).toString('hex')}`;
    const connection = await Connection.connect({ address });
    const native = await NativeConnection.connect({ address });
    try {
      await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } as never });
      await patiently(() => ensureSearchAttributes({ address, namespace }));
      const client = new Client({ connection, namespace });
      const rows: Row[] = [];
      for (const seconds of LENGTHS_S)
        rows.push(...(await withWorkers(context.root, native, namespace, seconds, () => oneVideo(context, client, seconds))));
      return rows;
    } finally {
      await native.close();
      await connection.close();
    }
  });
}

async function withWorkers<T>(root: string, connection: NativeConnection, namespace: string, seconds: number, work: () => Promise<T>): Promise<T> {
  const activities = fakeActivities(seconds);
  const common = { connection, namespace, activities };
  const codePath = join(root, 'dist', 'workflow-bundle.js');
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: QUEUES.control, workflowBundle: { codePath } }),
    Worker.create({ ...common, taskQueue: QUEUES.inspect }),
    // As many as a plan for two encoders expects: how chunks end in bunches decides how many workflow tasks there are.
    ...SIZE_CLASSES.map((size) => Worker.create({ ...common, taskQueue: encodeQueue(size), maxConcurrentActivityTaskExecutions: 2 })),
  ]);
  const runs = workers.map((worker) => worker.run());
  try {
    return await work();
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.all(runs);
  }
}

async function oneVideo(context: BenchContext, client: Client, seconds: number): Promise<Row[]> {
  const id = `${seconds}s`;
  const upload: UploadInput = {
    uploadId: id,
    videoId: id,
    tenantId: 'bench',
    fileName: 'bench.mp4',
    sizeBytes: 1e9,
    expiresAtMs: Date.now() + 3_600_000,
  };
  const handle = await client.workflow.start(WORKFLOWS.upload, { taskQueue: QUEUES.control, workflowId: workflowId.upload(id), args: [upload] });
  await handle.executeUpdate<UploadOutcome, []>(UPLOAD_COMPLETE);
  await handle.result();
  await client.workflow.getHandle(workflowId.processVideo(id, 1)).result();
  const ids = [workflowId.upload(id), workflowId.processVideo(id, 1), workflowId.encodeChunks(id, 1)];
  const histories = await Promise.all(ids.map((each) => readHistory(client, each)));
  const counts = histories.map(({ events }) => events.length);
  const note = ids.map((each, n) => `${each.replace(id, '…')} ${counts[n]}`).join(', ');
  context.say(`  ${seconds} s: ${note}`);
  const part = 'history';
  const of = `${seconds / 60} min`;
  return [
    {
      part,
      name: `${of}: events`,
      value: sum(counts),
      unit: 'events',
      digits: 0,
      goal: seconds === LENGTHS_S[0] ? { atMost: MOST_EVENTS_AT_10_MIN } : null,
      note,
    },
    { part, name: `${of}: bytes`, value: sum(histories.map((each) => each.sizeBytes)) / 1024, unit: 'KiB', digits: 0, goal: null, note: '' },
    {
      part,
      name: `${of}: events of the longest run`,
      value: Math.max(...counts),
      unit: 'events',
      digits: 0,
      goal: { atMost: MOST_EVENTS_OF_ONE_RUN },
      note: '',
    },
  ];
}

/** A new namespace takes a moment until every part of the server knows it. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (const endMs = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
  }
}
