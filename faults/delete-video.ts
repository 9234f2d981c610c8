import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../client/api-client.js';
import { ClientFault } from '../client/client-fault.js';
import { readVideos } from '../client/video-json.js';
import { isAlive, signalProcess } from '../stack/processes.js';
import type { PlannedDeletion } from './delete-schedule.js';
import { familyOf } from './family.js';
import { partOf, type RunningStack } from './launcher.js';
import { reachMoment } from './reach-moment.js';
import { encoderName } from './schedule.js';

export interface GivenDeletion {
  readonly videoId: string;
  /** From the first request to its acknowledgement. */
  readonly tookMs: number;
  /** What the API still knew of it when it had acknowledged the deletion. */
  readonly visible: readonly string[];
}

const LIMIT_MS = 180_000;

/** One video, brought to its moment and deleted; whatever races with that has ended when this resolves. */
export async function deleteAt(stack: RunningStack, source: string, deletion: PlannedDeletion): Promise<GivenDeletion> {
  const api = stack.api();
  const { videoId, alongside, late } = await reachMoment(api, source, deletion);
  const wake = deletion.moment === 'zombie' ? freeze(stack, encoderName(1)) : null;
  try {
    const startedMs = performance.now();
    const racing = Promise.all([alongside(), kill(stack, deletion)]);
    await remove(api, videoId);
    const tookMs = performance.now() - startedMs;
    const visible = await seen(api, videoId);
    await racing;
    await late();
    await remove(api, videoId);
    if (wake !== null) await sleep(deletion.wakeMs);
    return { videoId, tookMs, visible: [...visible, ...(await seen(api, videoId))] };
  } finally {
    wake?.();
  }
}

/** Asks until it is acknowledged: a refusal is a broken promise, an API that is being started again is none. */
async function remove(api: ApiClient, videoId: string): Promise<void> {
  await api.request({ method: 'DELETE', path: `/v1/videos/${videoId}`, signal: AbortSignal.timeout(LIMIT_MS) });
}

async function seen(api: ApiClient, videoId: string): Promise<string[]> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const found = await api.request({ method: 'GET', path: `/v1/videos/${videoId}`, signal }).then(
    () => [`${videoId} could still be read`],
    (error: unknown) => (error instanceof ClientFault && error.status === 404 ? [] : [`${videoId}: ${String(error)}`]),
  );
  const page = await api.request({ method: 'GET', path: '/v1/videos?limit=100', signal });
  return readVideos(page?.body).some(({ id }) => id === videoId) ? [...found, `${videoId} was still listed`] : found;
}

/** Stops a worker and all below it; the returned function lets them go on. */
function freeze(stack: RunningStack, part: string): () => void {
  const worker = partOf(stack, part);
  if (worker === null) return () => undefined;
  // The worker first: else it would see its ffmpeg stand still.
  signalProcess(worker.pid, 'SIGSTOP');
  const family = [worker, ...familyOf(worker.pid)];
  for (const { pid } of family) signalProcess(pid, 'SIGSTOP');
  return () => {
    for (const mark of family) if (isAlive(mark)) signalProcess(mark.pid, 'SIGCONT');
  };
}

async function kill(stack: RunningStack, { kill: wish }: PlannedDeletion): Promise<void> {
  if (wish === null) return;
  await sleep(wish.afterMs);
  const mark = partOf(stack, wish.part);
  if (mark !== null) signalProcess(mark.pid, 'SIGKILL');
}
