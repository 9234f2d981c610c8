/** Composition root: runs ffmpeg and ffprobe. No database; may vanish at any instant. */
import { Worker, type WorkerOptions } from '@temporalio/worker';
import { createCores } from '../src/activities/cores.js';
import { createDrain } from '../src/activities/drain.js';
import { createFailureInterceptor } from '../src/activities/failure-interceptor.js';
import { createEncoderActivities } from '../src/activities/index.js';
import { proveSandbox } from '../src/media/prove-sandbox.js';
import { openScratch } from '../src/media/scratch.js';
import { loadConfig } from '../src/runtime/config.js';
import { createLogger } from '../src/runtime/logger.js';
import { runProcess } from '../src/runtime/run-process.js';
import { SPOT_NOTICE_MS, watchSpotNotice } from '../src/runtime/spot-notice.js';
import { storeOptions } from '../src/runtime/store-options.js';
import { createS3ObjectStore } from '../src/storage/s3-object-store.js';
import { encodeQueue, QUEUES } from '../src/workflows/task-queues.js';
import { connectPatiently, installRuntime, onStopSignal } from './boot.js';

await runProcess('encoder', async () => {
  const proof = await proveSandbox();
  const config = loadConfig('encoder', undefined, proof.sandbox === null ? proof.why : null);
  const logger = createLogger({ name: 'encoder', level: config.LOG_LEVEL });
  if (proof.sandbox === null)
    logger.error({ alarm: true, why: proof.why }, 'ffmpeg runs WITHOUT A SANDBOX, as ALLOW_UNSANDBOXED=1 allows: for your own files only');
  installRuntime(logger);
  const scratch = await openScratch(config.SCRATCH_DIR);
  await scratch.sweep();
  const store = createS3ObjectStore(storeOptions(config));
  const drain = createDrain();
  const cores = createCores(config.ENCODER_SLOTS);
  const { FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath } = config;
  const activities = createEncoderActivities({ store, scratch, drain, cores, ffmpegPath, ffprobePath, sandbox: proof.sandbox });
  const connection = await connectPatiently(config, logger);
  // The drain lets go of what will not fit; this is the room for what will: the longest notice that this machine may get.
  const graceMs = Math.max(config.DRAIN_S * 1000, config.SPOT_NOTICE_URL ? SPOT_NOTICE_MS : 0);
  const common = {
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    activities,
    interceptors: { activity: [() => ({ inbound: createFailureInterceptor() })] },
    maxHeartbeatThrottleInterval: 10_000,
    shutdownGraceTime: graceMs,
    shutdownForceTime: graceMs + 10_000,
  } satisfies Partial<WorkerOptions>;
  const encodeQueues = config.ENCODER_SIZES.map(encodeQueue);
  const workers = await Promise.all([
    ...encodeQueues.map((taskQueue) => Worker.create({ ...common, taskQueue, maxConcurrentActivityTaskExecutions: config.ENCODER_SLOTS })),
    Worker.create({ ...common, taskQueue: QUEUES.inspect, maxConcurrentActivityTaskExecutions: 2 }),
  ]);
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const watching = new AbortController();
  const stop = (reason: string, noticeMs: number): void => {
    if (drain.draining) return;
    logger.info({ reason, noticeMs }, 'encoder drains');
    watching.abort();
    drain.begin(noticeMs);
    stopAll();
  };
  onStopSignal((signal) => stop(signal, config.DRAIN_S * 1000));
  const { SPOT_NOTICE_URL } = config;
  const watch = SPOT_NOTICE_URL
    ? watchSpotNotice({ url: SPOT_NOTICE_URL, signal: watching.signal, logger, onNotice: (leftMs) => stop('spot notice', leftMs) })
    : null;
  logger.info({ slots: config.ENCODER_SLOTS, taskQueues: [...encodeQueues, QUEUES.inspect] }, 'encoder polls');
  try {
    // If one of them fails, the others must not go on as if all were well: a process without pollers looks alive.
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    watching.abort();
    stopAll();
  }
  await watch;
  await connection.close();
  store.close();
});
