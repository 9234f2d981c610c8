/** Composition root: runs ffmpeg and ffprobe. No database; may vanish at any instant. */
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createDrain } from '../src/activities/drain.js';
import { createFailureInterceptor } from '../src/activities/failure-interceptor.js';
import { createEncoderActivities } from '../src/activities/index.js';
import { openScratch } from '../src/media/scratch.js';
import { loadConfig } from '../src/runtime/config.js';
import { createLogger } from '../src/runtime/logger.js';
import { runProcess } from '../src/runtime/run-process.js';
import { storeOptions } from '../src/runtime/store-options.js';
import { createS3ObjectStore } from '../src/storage/s3-object-store.js';
import { QUEUES } from '../src/workflows/task-queues.js';
import { connectPatiently, installRuntime, onStopSignal } from './boot.js';

await runProcess('encoder', async () => {
  const config = loadConfig('encoder');
  const logger = createLogger({ name: 'encoder', level: config.LOG_LEVEL });
  installRuntime(logger);
  const scratch = await openScratch(config.SCRATCH_DIR);
  await scratch.sweep();
  const store = createS3ObjectStore(storeOptions(config));
  const drain = createDrain();
  const activities = createEncoderActivities({ store, scratch, drain, ffmpegPath: config.FFMPEG_PATH, ffprobePath: config.FFPROBE_PATH });
  const connection = await connectPatiently(config, logger);
  const common = {
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    activities,
    interceptors: { activity: [() => ({ inbound: createFailureInterceptor() })] },
    maxHeartbeatThrottleInterval: 10_000,
    // The drain lets go of what will not fit; this is the room for what will.
    shutdownGraceTime: config.DRAIN_S * 1000,
    shutdownForceTime: config.DRAIN_S * 1000 + 10_000,
  } satisfies Partial<WorkerOptions>;
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: QUEUES.encode, maxConcurrentActivityTaskExecutions: config.ENCODER_SLOTS }),
    Worker.create({ ...common, taskQueue: QUEUES.inspect, maxConcurrentActivityTaskExecutions: 2 }),
  ]);
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  onStopSignal((signal) => {
    logger.info({ signal, noticeS: config.DRAIN_S }, 'encoder drains');
    drain.begin(config.DRAIN_S * 1000);
    stopAll();
  });
  logger.info({ slots: config.ENCODER_SLOTS, taskQueues: [QUEUES.encode, QUEUES.inspect] }, 'encoder polls');
  try {
    // If one of them fails, the others must not go on as if all were well: a process without pollers looks alive.
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    stopAll();
  }
  await connection.close();
  store.close();
});
