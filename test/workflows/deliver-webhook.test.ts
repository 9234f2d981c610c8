import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createWebhookActivities } from '../../src/activities/index.js';
import { createPostWebhook } from '../../src/activities/post-webhook.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createPostgresCatalogue } from '../../src/catalogue/postgres-catalogue.js';
import { WEBHOOK_WAKE, WORKFLOWS, workflowId } from '../../src/workflows/contract.js';
import { QUEUES } from '../../src/workflows/task-queues.js';
import { wakeWebhooks } from '../../workers/wake-webhooks.js';
import { draftFor } from '../contract/catalogue.js';
import { createTestDatabase, type TestDatabase } from '../contract/postgres-database.js';
import { recordedFakes } from './fakes.js';
import { eventually, type Fakes, type Harness, openHarness, record } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
}, 120_000);
afterAll(() => harness?.close());

const begin = (id: string) =>
  harness.client.workflow.signalWithStart(WORKFLOWS.deliverWebhook, {
    workflowId: workflowId.deliverWebhook(id),
    taskQueue: QUEUES.webhooks,
    args: [id],
    signal: WEBHOOK_WAKE,
    signalArgs: [],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });

describe('the deliverWebhook workflow', () => {
  const delivering = async (deliverDue: Fakes['deliverDue'], act: () => Promise<void>): Promise<void> => {
    const stop = await harness.work(recordedFakes([], { deliverDue }), 'webhooks');
    try {
      await act();
    } finally {
      await stop();
    }
  };

  test('goes on as long as something is pending, at the time that the catalogue says, and then ends', async () => {
    const answers = [
      { sent: 2, waitMs: 300 },
      { sent: 0, waitMs: 0 },
      { sent: 1, waitMs: null },
    ];
    await delivering(
      async () => answers.shift() ?? { sent: 99, waitMs: null },
      async () => {
        const handle = await begin('whk_a');
        expect(await handle.result()).toEqual({ sent: 3 });
        await record('webhook-delivered', handle);
      },
    );
  }, 60_000);

  test('looks at once when it is woken while it waits for hours, and when it was woken during its look', async () => {
    let looks = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await delivering(
      async () => {
        looks += 1;
        if (looks === 1) return { sent: 0, waitMs: 3_600_000 };
        if (looks === 2) await held;
        return { sent: 1, waitMs: null };
      },
      async () => {
        const handle = await begin('whk_b');
        const until = (count: number) => eventually(async () => expect(looks).toBe(count));
        await until(1);
        await sleep(300);
        await begin('whk_b');
        await until(2);
        await begin('whk_b');
        await sleep(300);
        release();
        expect(await handle.result()).toEqual({ sent: 2 });
        expect(looks).toBe(3);
        await record('webhook-woken', handle);
      },
    );
  }, 60_000);
});

describe('from a state change to a receiver', () => {
  let database: TestDatabase;
  let catalogue: Catalogue;
  let server: Server;
  const took: { id: string; sequence: number; videoId: string; atMs: number }[] = [];
  let answer = 204;
  let stops: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    catalogue = createPostgresCatalogue({ databaseUrl: database.url });
    await catalogue.migrate();
    await catalogue.ensureTenant('t', 'T');
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const { data } = JSON.parse(text);
        if (answer < 300) took.push({ id: String(request.headers['webhook-id']), sequence: data.sequence, videoId: data.video_id, atMs: Date.now() });
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const post = createPostWebhook({ targets: 'any' });
    stops = [
      wakeWebhooks({ client: harness.client, catalogue, logger: pino({ level: 'silent' }) }),
      await harness.work(recordedFakes([], createWebhookActivities({ catalogue, post })), 'webhooks'),
    ];
  }, 60_000);
  afterAll(async () => {
    for (const stop of stops) await stop();
    server?.close();
    await catalogue?.close();
    await database?.drop();
  }, 60_000);

  const hook = () => ({
    id: `whk_${randomBytes(16).toString('hex')}`,
    tenantId: 't',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    description: '',
    eventTypes: [],
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });

  test('events of many videos arrive once and in order, moments after their commits; a receiver that is back gets the rest', async () => {
    const webhook = await catalogue.createWebhook(hook());
    const begun = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const draft = draftFor('t');
        await catalogue.createUpload(draft);
        await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
      }
    };
    await begun(10);
    await eventually(async () => expect(took).toHaveLength(30));
    answer = 503;
    await begun(3);
    await eventually(async () => {
      expect((await catalogue.findWebhook('t', webhook.id))?.failingSince).toEqual(expect.any(String));
    });
    answer = 204;
    await eventually(async () => expect(took).toHaveLength(39));
    const wanted = (await catalogue.listTenantEvents({ tenantId: 't', after: 0, limit: 1000 })).map(({ id }) => id);
    expect(took.map(({ id }) => id).sort()).toEqual(wanted.sort());
    const last = new Map<string, number>();
    for (const { videoId, sequence } of took) {
      expect(sequence).toBe((last.get(videoId) ?? 0) + 1);
      last.set(videoId, sequence);
    }
    // Nothing is left: the workflow ends by itself.
    const id = workflowId.deliverWebhook(webhook.id);
    await eventually(async () => expect((await harness.client.workflow.getHandle(id).describe()).status.name).toBe('COMPLETED'));
  }, 90_000);
});
