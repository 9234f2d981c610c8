/** Composition root: runs workflows and the light activities. Holds the catalogue; belongs on machines that stay. */
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createFailureInterceptor } from '../src/activities/failure-interceptor.js';
import { createControlActivities, createWebhookActivities } from '../src/activities/index.js';
import { createPostWebhook } from '../src/activities/post-webhook.js';
import { createPostgresCatalogue } from '../src/catalogue/postgres-catalogue.js';
import { loadConfig } from '../src/runtime/config.js';
import { createLogger } from '../src/runtime/logger.js';
import { runProcess } from '../src/runtime/run-process.js';
import { storeOptions } from '../src/runtime/store-options.js';
import { createS3ObjectStore } from '../src/storage/s3-object-store.js';
import { QUEUES } from '../src/workflows/task-queues.js';
import { connectPatiently, installRuntime, onStopSignal } from './boot.js';
import { keepReconcileSchedule } from './reconcile-schedule.js';
import { createTemporalRuns } from './temporal-runs.js';
import { createWorkflowControl } from './temporal-workflow-control.js';
import { wakeWebhooks } from './wake-webhooks.js';

/** Where one ends, so do the others: a process that polls half of its queues looks well and is not. */
async function runAll(workers: readonly Worker[]): Promise<void> {
  const stopOthers = (): void => {
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  };
  await Promise.all(workers.map((worker) => worker.run().finally(stopOthers)));
}

await runProcess('control', async () => {
  const config = loadConfig('control');
  const logger = createLogger({ name: 'control', level: config.LOG_LEVEL });
  installRuntime(logger);
  const catalogue = createPostgresCatalogue({ databaseUrl: config.DATABASE_URL, applicationName: 'reelmill-control' });
  const store = createS3ObjectStore(storeOptions(config));
  const connection = await connectPatiently(config, logger);
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const workflowBundle = { codePath: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)) };
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: QUEUES.control,
    workflowBundle,
    activities: createControlActivities({
      store,
      catalogue,
      workflows: createWorkflowControl(client, connection),
      reconcile: {
        graceMs: config.RECONCILE_GRACE_S * 1000,
        startGraceMs: config.RECONCILE_START_GRACE_S * 1000,
        intakeSettleMs: config.INTAKE_SETTLE_S * 1000,
        uploadTtlMs: config.UPLOAD_TTL_S * 1000,
        keep: { count: config.KEEP_GENERATIONS, supersededMs: config.KEEP_SUPERSEDED_S * 1000 },
      },
      encoderSlots: config.ENCODER_SLOTS,
      preset: config.ENCODE_PRESET === 'speed' ? 'veryfast' : 'medium',
      runs: createTemporalRuns(connection, config.TEMPORAL_NAMESPACE),
      lateWritesMs: config.LATE_WRITES_S * 1000,
    }),
    interceptors: { activity: [() => ({ inbound: createFailureInterceptor() })] },
    maxCachedWorkflows: config.WORKFLOW_CACHE,
    // Half of ten polls instead of a fifth are for workflows that are new to this worker: a burst of uploads piled up on two.
    nonStickyToStickyPollRatio: 0.5,
    maxConcurrentActivityTaskExecutions: 20,
    maxHeartbeatThrottleInterval: '10s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  });
  const courier = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: QUEUES.webhooks,
    workflowBundle,
    activities: createWebhookActivities({ catalogue, post: createPostWebhook({ targets: config.WEBHOOK_TARGETS }) }),
    interceptors: { activity: [() => ({ inbound: createFailureInterceptor() })] },
    maxCachedWorkflows: config.WORKFLOW_CACHE,
    maxConcurrentActivityTaskExecutions: config.WEBHOOK_SLOTS,
    maxHeartbeatThrottleInterval: '3s',
    // A call that is under way is waited for and written down.
    shutdownGraceTime: '1s',
    shutdownForceTime: '20s',
  });
  const workers = [worker, courier];
  const letGo = keepReconcileSchedule(client, { everyS: config.RECONCILE_EVERY_S, logger });
  const stopWaking = wakeWebhooks({ client, catalogue, logger });
  onStopSignal((signal) => {
    logger.info({ signal }, 'control worker stops');
    // At once: a call to a Temporal that is away takes its time to end.
    void stopWaking();
    for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  });
  logger.info({ taskQueue: QUEUES.control }, 'control worker polls');
  try {
    await runAll(workers);
  } finally {
    letGo();
    await stopWaking();
  }
  await connection.close();
  await catalogue.close();
  store.close();
});
