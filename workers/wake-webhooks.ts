import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Catalogue } from '../src/catalogue/catalogue.js';
import type { Logger } from '../src/runtime/logger.js';
import { pause } from '../src/runtime/pause.js';
import { WEBHOOK_WAKE, WORKFLOWS, workflowId } from '../src/workflows/contract.js';
import { QUEUES } from '../src/workflows/task-queues.js';

/** Looked for work this often, whether woken or not: what a notification that got lost costs. */
const LOOK_MS = 1_000;
/** Between two looks, however many events there are. */
const LEAST_PAUSE_MS = 50;
const PAGE = 5_000;
/** A call to Temporal. */
const CALL_MS = 10_000;
/** One that is told and is listed again is told again after this time, and each time twice as long: it may wait for a free slot. */
const FIRST_AGAIN_MS = 1_000;
const PARALLEL = 16;
const LONGEST_AGAIN_MS = 30_000;

/**
 * Starts, or wakes, the workflow of each webhook that has something to do, until the returned function is called. The
 * catalogue says which: events in the outbox that were not taken for it yet, or a time that has come. Dies at any moment:
 * the next one to look, here or in another worker, finds the same. Several may look at once; a webhook has one workflow.
 */
export function wakeWebhooks(deps: { readonly client: Client; readonly catalogue: Catalogue; readonly logger: Logger }): () => Promise<void> {
  const { client, catalogue, logger } = deps;
  const over = new AbortController();
  const limit = pLimit(PARALLEL);
  let called = (): void => undefined;
  const unwatch = catalogue.watchEvents(() => called());

  /** Those that were told and have not left the list since. */
  let told = new Map<string, { readonly pauseMs: number; readonly againMs: number }>();

  const look = async (): Promise<void> => {
    const ids = await catalogue.listWebhooksToWake(PAGE);
    const listed = new Set(ids);
    const nowMs = performance.now();
    const before = told;
    told = new Map([...before].filter(([id]) => listed.has(id)));
    const wake = async (id: string): Promise<void> => {
      const last = before.get(id);
      if (last && last.againMs > nowMs) return;
      await client.withDeadline(Date.now() + CALL_MS, () => client.workflow.signalWithStart(WORKFLOWS.deliverWebhook, startOf(id)));
      const pauseMs = last ? Math.min(last.pauseMs * 2, LONGEST_AGAIN_MS) : FIRST_AGAIN_MS;
      told.set(id, { pauseMs, againMs: nowMs + pauseMs });
    };
    const started = await Promise.allSettled(ids.map((id) => limit(() => wake(id))));
    const failed = started.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  };
  const run = async (): Promise<void> => {
    let away = false;
    while (!over.signal.aborted) {
      const wake = new Promise<void>((resolve) => {
        called = resolve;
      });
      try {
        await look();
        away = false;
      } catch (err) {
        if (!away && !over.signal.aborted) logger.warn({ err }, 'webhooks could not be looked after');
        away = true;
      }
      await pause(LEAST_PAUSE_MS, over.signal);
      await Promise.race([wake, pause(LOOK_MS, over.signal)]);
    }
  };
  const running = run();
  return async () => {
    over.abort();
    unwatch();
    called();
    await running;
  };
}

const startOf = (webhookId: string) => ({
  workflowId: workflowId.deliverWebhook(webhookId),
  taskQueue: QUEUES.webhooks,
  args: [webhookId],
  signal: WEBHOOK_WAKE,
  signalArgs: [],
  // Ended: there was nothing left to do. Now there is.
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  staticSummary: `Delivers to ${webhookId}`,
});
