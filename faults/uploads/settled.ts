import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';
import { workflowId } from '../../src/workflows/contract.js';
import type { ProxiedStack } from './proxied-stack.js';
import { readUploadedVideos, type UploadedVideo } from './rows.js';

const PAUSE_MS = 500;
const SETTLED: ReadonlySet<string> = new Set(['ready', 'errored', 'cancelled', 'review', 'deleted']);

/** Waits until every video is at an end, and its workflows are too; the videos as they stand then, or at the limit. */
export async function untilSettled(stack: ProxiedStack, client: WorkflowClient, limitMs: number): Promise<readonly UploadedVideo[]> {
  const endMs = Date.now() + limitMs;
  while (Date.now() < endMs && !stack.hasEnded()) {
    const videos = await readUploadedVideos(stack.databaseUrl());
    // Temporal may have been killed just now: then it is asked again.
    const running = videos.every(({ state }) => SETTLED.has(state)) ? await stillRunning(client, videos).catch(() => null) : null;
    if (running?.length === 0) return videos;
    await sleep(PAUSE_MS);
  }
  return await readUploadedVideos(stack.databaseUrl());
}

/** Workflows of these videos that still run; those of videos in review wait for a person, and count too. */
export async function stillRunning(client: WorkflowClient, videos: readonly UploadedVideo[]): Promise<string[]> {
  const found: string[] = [];
  for (const { id } of videos) {
    for (const name of [workflowId.processVideo(id, 1), workflowId.encodeChunks(id, 1)]) {
      const described = await client.getHandle(name).describe().catch(absent);
      if (described?.status.name === 'RUNNING') found.push(name);
    }
  }
  return found;
}

function absent(error: unknown): null {
  if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
  throw error;
}

/** Open multiparts; a sweep of the product's may still have to come by. */
export async function openMultiparts(stack: ProxiedStack, limitMs: number): Promise<string[]> {
  const store = stack.store();
  try {
    for (const endMs = Date.now() + limitMs; ; await sleep(PAUSE_MS)) {
      const open = await store.listMultiparts('');
      if (open.length === 0 || Date.now() > endMs) return open.map(({ key, multipartId }) => `${key} (${multipartId})`);
    }
  } finally {
    store.close();
  }
}
