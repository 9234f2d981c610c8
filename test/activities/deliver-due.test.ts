import { createHmac } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Webhook as Standard } from 'standardwebhooks';
import { bodyOf, type Delivered, deliverDue, headersOf } from '../../src/activities/deliver-due.js';
import type { PostWebhook } from '../../src/activities/post-webhook.js';
import type { Catalogue } from '../../src/catalogue/catalogue.js';
import { createMemoryCatalogue } from '../../src/catalogue/memory-catalogue.js';
import { draftFor } from '../contract/catalogue.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const FORMER = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const START = Date.parse('2026-01-01T00:00:00.000Z');

let nowMs: number;
let catalogue: Catalogue;
beforeEach(async () => {
  nowMs = START;
  catalogue = createMemoryCatalogue({ now: () => new Date(nowMs) });
  await catalogue.ensureTenant('t', 'T');
  await catalogue.createWebhook({ id: 'whk_1', tenantId: 't', url: 'https://r.example/', description: '', eventTypes: [], secret: SECRET });
});

interface Got {
  readonly id: string;
  readonly atMs: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the body says is what is looked at
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A receiver on the clock of the catalogue. */
function receiver(answer: (got: Got) => number) {
  const took: Got[] = [];
  const post: PostWebhook = async (_url, headers, text) => {
    const got: Got = { id: headers['webhook-id'] ?? '', atMs: nowMs, body: JSON.parse(text), headers, text };
    const status = answer(got);
    if (status < 300) took.push(got);
    return { status, error: status < 300 ? null : `It answered ${status}.`, ms: 1 };
  };
  return { took, post };
}

const run = (post: PostWebhook): Promise<Delivered> => new MockActivityEnvironment().run(deliverDue({ catalogue, post }), 'whk_1');

/** As the workflow does it, to the millisecond `untilMs` of the clock. */
async function deliverUntil(post: PostWebhook, untilMs: number): Promise<void> {
  for (;;) {
    const { waitMs } = await run(post);
    if (waitMs === null || nowMs + waitMs > untilMs) break;
    nowMs += Math.max(waitMs, 1);
  }
  nowMs = Math.max(nowMs, untilMs);
}

const inOrderPerVideo = (took: readonly Got[]): boolean => {
  const last = new Map<string, number>();
  return took.every(({ body: { data } }) => {
    const follows = data.sequence === (last.get(data.video_id) ?? 0) + 1;
    last.set(data.video_id, data.sequence);
    return follows;
  });
};

test('a receiver that is down for an hour gets every event afterwards, once, in order, under the same ids', async () => {
  const downUntilMs = START + 3_600_000;
  const tries = new Map<string, number>();
  const { took, post } = receiver(({ id, atMs }) => {
    tries.set(id, (tries.get(id) ?? 0) + 1);
    return atMs < downUntilMs ? 503 : 200;
  });
  const drafts = [];
  for (let minute = 0; minute < 60; minute += 1) {
    if (minute % 6 === 0) {
      const draft = draftFor('t');
      drafts.push(draft);
      await catalogue.createUpload(draft);
    }
    const draft = drafts.at(-1);
    if (draft && minute % 6 === 3) await catalogue.completeUpload(draft.id, { sizeBytes: 1, etag: 'e' });
    if (draft && minute % 6 === 4) await catalogue.park(draft.videoId, 1, { code: 'ENCODE_FAILED', message: 'm' });
    await deliverUntil(post, START + (minute + 1) * 60_000);
  }
  expect(took).toEqual([]);
  // Its first taker after the outage: an event of its own, or the next try of any.
  await catalogue.createUpload(draftFor('t'));
  await deliverUntil(post, START + 3_600_000 + 10_000);
  const wanted = await catalogue.listTenantEvents({ tenantId: 't', after: 0, limit: 1000 });
  expect(wanted.length).toBe(10 * 4 + 2);
  expect(took.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
  expect(inOrderPerVideo(took)).toBe(true);
  expect([...tries.values()].some((count) => count > 2)).toBe(true);
  expect(took.every(({ id, body }) => body.data.id === id)).toBe(true);
});

test('a video whose event is not taken holds its own events back, and those of no other', async () => {
  const [bad, good] = [draftFor('t'), draftFor('t')];
  await catalogue.createUpload(bad);
  const { took, post } = receiver(({ body }) => (body.data.video_id === bad.videoId ? 500 : 200));
  await catalogue.createUpload(good);
  expect((await run(post)).waitMs).toBeGreaterThan(0);
  expect(took.map(({ body }) => [body.data.video_id, body.data.sequence])).toEqual([
    [good.videoId, 1],
    [good.videoId, 2],
  ]);
  // After 76 hours the first is given up, and the second is tried.
  const { took: later, post: takes } = receiver(({ body }) => (body.data.sequence === 1 && body.data.video_id === bad.videoId ? 500 : 200));
  for (let day = 1; day <= 5; day += 1) {
    await deliverUntil(takes, START + day * 86_400_000);
    await catalogue.createUpload(draftFor('t'));
  }
  await run(takes);
  expect(later.filter(({ body }) => body.data.video_id === bad.videoId).map(({ body }) => body.data.sequence)).toEqual([2]);
  const failed = await catalogue.listDeliveries({ tenantId: 't', webhookId: 'whk_1', limit: 10, after: null, states: ['failed'] });
  expect(failed).toMatchObject([{ line: bad.videoId, type: 'video.created' }]);
});

test('410 ends it at once: nothing more is sent', async () => {
  for (let n = 0; n < 20; n += 1) await catalogue.createUpload(draftFor('t'));
  let calls = 0;
  const { post } = receiver(() => {
    calls += 1;
    return 410;
  });
  expect((await run(post)).waitMs).toBeNull();
  expect(calls).toBeLessThanOrEqual(8);
  expect((await run(post)).sent).toBe(0);
  expect(await catalogue.findWebhook('t', 'whk_1')).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
});

test('what was sent and could not be written down is sent once more, under the same id', async () => {
  await catalogue.createUpload(draftFor('t'));
  const { took, post } = receiver(() => 200);
  const { recordTry } = catalogue;
  catalogue.recordTry = () => Promise.reject(new Error('the process dies here'));
  await expect(run(post)).rejects.toThrow();
  catalogue.recordTry = recordTry;
  await run(post);
  expect(took.map(({ body }) => body.data.sequence)).toEqual([1, 1, 2]);
  expect(took[0]?.id).toBe(took[1]?.id);
  expect(took[0]?.text).toBe(took[1]?.text);
});

describe('a signature', () => {
  const signed = async (now: Date) => {
    await catalogue.createUpload(draftFor('t'));
    const webhook = await catalogue.takeEvents('whk_1');
    const [delivery] = await catalogue.listDue('whk_1', 1);
    if (!webhook || !delivery) throw new Error('there is something to deliver');
    return { headers: headersOf(webhook, delivery, now), body: bodyOf(delivery) };
  };
  const byHand = (secret: string, { headers, body }: Awaited<ReturnType<typeof signed>>): string =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64')}`;

  test('is what Standard Webhooks says, and its library takes it', async () => {
    const what = await signed(new Date());
    expect(what.headers['webhook-signature']).toBe(byHand(SECRET, what));
    expect(new Standard(SECRET).verify(what.body, what.headers)).toMatchObject({ type: 'video.created', data: { object: 'event', sequence: 1 } });
    expect(() => new Standard(FORMER).verify(what.body, what.headers)).toThrow();
  });

  test('is the example of the specification', () => {
    const sign = new Standard(SECRET).sign('msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), '{"test": 2432232314}');
    expect(sign).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is made with both secrets while a rotation lasts, then with the new one', async () => {
    await catalogue.changeWebhook('t', 'whk_1', { secret: { value: FORMER, formerForMs: 60_000 } });
    const during = await signed(new Date(START + 59_000));
    expect(during.headers['webhook-signature']).toBe(`${byHand(FORMER, during)} ${byHand(SECRET, during)}`);
    const after = await signed(new Date(START + 60_000));
    expect(after.headers['webhook-signature']).toBe(byHand(FORMER, after));
  });
});
