import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';
import { WORKFLOWS } from '../src/workflows/contract.js';
import type { RunningStack } from './launcher.js';
import { isSettled, type VideoRow } from './videos.js';

/** Zombies that woke late, and workers that were killed last, clear away what is theirs within this time. */
const QUIET_MS = 8_000;
const PAUSE_MS = 1_000;

/**
 * Waits until every video is at an end and no workflow runs any more, then a little longer. Resolves with the
 * workflows that still ran when the time was up, those of videos in review aside.
 */
export async function settle(run: {
  readonly stack: RunningStack;
  readonly client: WorkflowClient;
  readonly videos: () => Promise<readonly VideoRow[]>;
  readonly limitMs: number;
}): Promise<string[]> {
  const endMs = Date.now() + run.limitMs;
  let moving: string[] = ['the state of the stack could not be read'];
  while (Date.now() < endMs && !run.stack.hasEnded()) {
    const rows = await run.videos();
    // Videos in review wait for a person, for ever: they are counted as lost, and nothing more will happen to them.
    const inReview = new Set(rows.filter(({ state }) => state === 'review').map(({ id }) => id));
    moving = (await runningWorkflows(run.client)).filter((id) => !inReview.has(id.split('/')[1] ?? ''));
    if (rows.every(isSettled) && moving.length === 0) break;
    await sleep(PAUSE_MS);
  }
  await sleep(QUIET_MS);
  return moving;
}

/** Those that work on uploads and videos; reconciling comes and goes. */
export async function runningWorkflows(client: WorkflowClient): Promise<string[]> {
  const ids: string[] = [];
  for await (const run of client.list({ query: `ExecutionStatus = 'Running' AND WorkflowType != '${WORKFLOWS.reconcile}'` }))
    ids.push(run.workflowId);
  return ids;
}
