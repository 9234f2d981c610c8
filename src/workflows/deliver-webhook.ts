import { condition, continueAsNew, defineSignal, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { courier } from './activity-proxies.js';
import { WEBHOOK_WAKE } from './contract.js';

/**
 * Delivers to one webhook, one run at a time, for as long as anything is due or waits for its next try; then it ends, and
 * whoever finds new events starts it again. All that it knows stands in the catalogue: lost, ended or started twice over,
 * it goes on where the rows say.
 */
export async function deliverWebhook(webhookId: string): Promise<{ readonly sent: number }> {
  let woken = false;
  let total = 0;
  setHandler(defineSignal(WEBHOOK_WAKE), () => {
    woken = true;
  });
  for (;;) {
    woken = false;
    const { sent, waitMs } = await courier.deliverDue(webhookId);
    total += sent;
    setCurrentDetails(`${total} sent. ${waitMs === null ? 'Nothing is pending.' : `The next try is in ${Math.ceil(waitMs / 1000)} s.`}`);
    // A wake during the activity may be about what came behind its look.
    if (waitMs === null && !woken) return { sent: total };
    if (!woken && waitMs !== null && waitMs > 0) await condition(() => woken, waitMs);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliverWebhook>(webhookId);
  }
}
