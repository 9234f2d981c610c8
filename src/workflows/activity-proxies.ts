/**
 * Every activity as workflows see it: queue, time-outs and retries, with the reason for each number.
 *
 * Two retry budgets. Faults of the world (preemption, lost heartbeat, S3 5xx, full disk) retry without a count until
 * `scheduleToCloseTimeout`. Faults that may lie in the content are counted by the activity side
 * (activities/failure-interceptor.ts) and turn non-retryable there. So no row here has `maximumAttempts`.
 */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ControlActivities, EncoderActivities, WebhookActivities } from '../activities/index.js';
import type { SizeClass } from '../domain/size-class.js';
import { encodeQueue, QUEUES } from './task-queues.js';

const quick = { initialInterval: '1s', maximumInterval: '30s' } as const;

/** Catalogue and S3 control calls: seconds of work; ten minutes of outage are ridden out before a person is asked. */
export const control = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  retry: quick,
});

/** The last look at an upload whose time is up: a day of outage is waited for, then it is cleared away. */
export const lastLook = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '30s',
  retry: quick,
});

/** Looks for a file of whose end nobody tells: each try is one look, and the session's end is the end of them all. */
export const lookout = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '30s' },
});

/**
 * Ends of a story (reject, publish, close): must happen some day, whatever the outage. Whoever dies with one is missed in 30 s,
 * and not after the minutes that a slow end may take: a deletion waits a minute for what it cancelled.
 */
export const settle = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '5m',
  heartbeatTimeout: '30s',
  retry: quick,
});

/** A short write beside the main path (progress, growing playlists): a marker in history instead of three events. */
export const note = proxyLocalActivities<ControlActivities>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '1m',
  retry: { initialInterval: '500ms', maximumInterval: '5s' },
});

/**
 * Reads every stored byte of a generation or of an uploaded file, or writes all its playlists: minutes for a long video. A
 * file of 10 GB is read in two hours at 1.4 MB/s.
 */
export const heavy = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '2h',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout: '30s',
  retry: quick,
});

/** One bounded step of reconciling; what is not done in time the next run does. */
export const walk = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '60s',
  retry: quick,
});

/** Clearing away a deleted video: must happen some day, whatever the outage. Ten thousand objects are a minute of work. */
export const purge = proxyActivities<ControlActivities>({
  taskQueue: QUEUES.control,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry: quick,
});

/** Calls a receiver for 20 s at a time, each call 15 s at the most. What it could not write down it does again, whatever the outage. */
export const courier = proxyActivities<WebhookActivities>({
  taskQueue: QUEUES.webhooks,
  startToCloseTimeout: '2m',
  heartbeatTimeout: '10s',
  retry: quick,
});

/** ffprobe; counting packets reads the whole file where the container has no index. */
export const inspect = proxyActivities<Pick<EncoderActivities, 'inspectSource'>>({
  taskQueue: QUEUES.inspect,
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  retry: quick,
});

/**
 * Temporal's scale is 1 to 5, the lowest first. Players want a video from its beginning, so chunk 0 of any video goes
 * before 1 and 2 of all others, those before 3 to 6, and the rest comes last. 1 is left to a person in a hurry.
 */
const priorityOf = (chunksBefore: number): number => Math.min(5, 2 + Math.floor(Math.log2(chunksBefore + 1)));

type EncodeActivities = Pick<EncoderActivities, 'remuxSource' | 'mendSource' | 'encodeChunk' | 'encodeAudio' | 'extractSubtitles'>;

/**
 * ffmpeg on machines that may vanish: a lost heartbeat is noticed in 30 s, a day of waiting for capacity is allowed.
 * Where a queue is backed up, the beginnings of videos come first, and tenants take turns (where the server has fairness
 * switched on; both hold within one partition of a queue).
 */
export const encode = (
  summary: string,
  to: { readonly sizeClass: SizeClass; readonly tenantId: string; readonly chunksBefore: number },
): EncodeActivities =>
  proxyActivities<EncodeActivities>({
    taskQueue: encodeQueue(to.sizeClass),
    startToCloseTimeout: '4h',
    scheduleToCloseTimeout: '24h',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '2s', maximumInterval: '1m' },
    summary,
    priority: { priorityKey: priorityOf(to.chunksBefore), fairnessKey: to.tenantId.slice(0, 64) },
  });
