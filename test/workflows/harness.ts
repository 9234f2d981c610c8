/** A namespace of its own on the real Temporal server, a control worker and encoder stand-ins with typed fake activities. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createFailureInterceptor } from '../../src/activities/failure-interceptor.js';
import type { ControlActivities, EncoderActivities, WebhookActivities } from '../../src/activities/index.js';
import { SIZE_CLASSES } from '../../src/domain/size-class.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.js';
import { encodeQueue, QUEUES } from '../../src/workflows/task-queues.js';

export type Fakes = ControlActivities & EncoderActivities & WebhookActivities;

export interface Harness {
  readonly client: Client;
  readonly namespace: string;
  /**
   * Starts workers with these activities; the returned function stops them. The one that delivers webhooks runs workflows of its
   * own, which takes as long to start as all others together: only where it is asked for.
   */
  work(fakes: Fakes, also?: 'webhooks'): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const testServer = process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233';
/** What a control worker runs: `npm test` builds it before anything else. */
export const workflowBundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };

export async function openHarness(address = testServer): Promise<Harness> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 } as never });
  await eventually(() => connection.workflowService.describeNamespace({ namespace }));
  const { INDEXED_VALUE_TYPE_BOOL, INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;
  const searchAttributes = Object.fromEntries(
    Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, type === 'Bool' ? INDEXED_VALUE_TYPE_BOOL : INDEXED_VALUE_TYPE_KEYWORD]),
  );
  await eventually(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  return {
    client,
    namespace,
    async work(fakes, also) {
      const common = {
        connection: native,
        namespace,
        activities: fakes,
        interceptors: { activity: [() => ({ inbound: createFailureInterceptor() })] },
      };
      const workers = await Promise.all([
        Worker.create({ ...common, taskQueue: QUEUES.control, workflowBundle }),
        Worker.create({ ...common, taskQueue: QUEUES.inspect }),
        ...(also === 'webhooks' ? [Worker.create({ ...common, taskQueue: QUEUES.webhooks, workflowBundle })] : []),
        ...SIZE_CLASSES.map((size) => Worker.create({ ...common, taskQueue: encodeQueue(size) })),
      ]);
      const runs = workers.map((worker) => worker.run());
      return async () => {
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
        await Promise.all(runs);
      };
    },
    async close() {
      await native.close();
      await connection.close();
    },
  };
}

/**
 * Writes a run's history beside the tests when RECORD_HISTORIES is set: the replay gate's material. Recorded once per
 * released shape of a workflow, then kept: an old history must replay for as long as such a run may be open.
 */
export async function record(name: string, handle: WorkflowHandle): Promise<void> {
  const file = new URL(`./histories/${name}.json`, import.meta.url);
  if (!process.env.RECORD_HISTORIES || existsSync(file)) return;
  const folder = fileURLToPath(new URL('../../', import.meta.url));
  const history = historyToJSON(await handle.fetchHistory())
    .replaceAll(/"identity": "[^"]*"/g, '"identity": "worker"')
    // Queues of a worker's own are named after its machine.
    .replaceAll(/"name": "\d+@[^"]*"/g, '"name": "worker"')
    .replaceAll(folder, '');
  await writeFile(file, `${history}\n`);
}

/** Tries for up to 20 s: a new namespace takes a moment until every part of the server knows it. */
export async function eventually<T>(act: () => Promise<T>, limitMs = 20_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
