import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { wakeWebhooks } from '../../workers/wake-webhooks.js';

/** A Temporal that only counts who is woken, and when. */
function counting(): { readonly client: Client; readonly told: string[]; setDown(down: boolean): void } {
  const told: string[] = [];
  let isDown = false;
  const workflow = {
    async signalWithStart(_name: string, { workflowId }: { workflowId: string }) {
      if (isDown) throw new Error('away');
      told.push(workflowId);
    },
  };
  const withDeadline = <T>(_at: number, call: () => Promise<T>): Promise<T> => call();
  return {
    client: { workflow, withDeadline } as unknown as Client,
    told,
    setDown(down) {
      isDown = down;
    },
  };
}

test('a webhook that nobody has taken in hand yet is told again, more and more seldom, and at once when it is listed anew', async () => {
  const catalogue: Catalogue = createMemoryCatalogue();
  await catalogue.ensureTenant('t', 'T');
  let listed = ['whk_a'];
  let wake = (): void => undefined;
  const stub: Catalogue = {
    ...catalogue,
    listWebhooksToWake: async () => listed,
    watchEvents(call) {
      wake = call;
      return () => undefined;
    },
  };
  const { client, told, setDown } = counting();
  const stop = wakeWebhooks({ client, catalogue: stub, logger: pino({ level: 'silent' }) });
  const often = setInterval(() => wake(), 20);
  try {
    await sleep(4_500);
    // At 0, 1 and 3 s; woken 200 times meanwhile.
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.length).toBeLessThanOrEqual(4);
    listed = [];
    await sleep(1_500);
    told.length = 0;
    setDown(true);
    listed = ['whk_a'];
    await sleep(300);
    expect(told).toEqual([]);
    setDown(false);
    await sleep(1_500);
    expect(told[0]).toBe('webhook/whk_a');
  } finally {
    clearInterval(often);
    await stop();
  }
}, 30_000);
