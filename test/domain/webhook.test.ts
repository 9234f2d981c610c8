import { applyTry, type Delivery, flushed, PAUSES_MS, type Try, urlFault, type Webhook } from '../../src/domain/webhook.js';

const AT = Date.parse('2026-01-01T00:00:00.000Z');
const iso = (ms: number): string => new Date(AT + ms).toISOString();
const webhook: Webhook = {
  id: 'whk_1',
  tenantId: 't',
  url: 'https://a.example/',
  description: '',
  eventTypes: [],
  state: 'enabled',
  disabledReason: null,
  secret: 'whsec_x',
  formerSecret: null,
  formerSecretUntil: null,
  position: 0,
  failingSince: null,
  createdAt: iso(0),
  updatedAt: iso(0),
};
const delivery: Delivery = {
  webhookId: 'whk_1',
  eventId: 'evt_1',
  line: 'vid_1',
  type: 'video.ready',
  position: 1,
  state: 'pending',
  tries: 0,
  sent: 0,
  log: [],
  nextAt: iso(0),
  createdAt: iso(0),
  settledAt: null,
};
const tried = (ms: number, error: string | null = 'It answered 500.', status = error === null ? 200 : 500): Try => ({
  at: iso(ms),
  status,
  error,
  ms: 1,
});
const once = (hook: Webhook, row: Delivery, what: Try) => applyTry(hook, row, { sent: row.sent, tried: what, now: what.at, chance: 0 });

/** Tries again and again until there is no next time; null: it went on for ever. */
function through(hook: Webhook, row: Delivery, between: (hook: Webhook) => Webhook = (same) => same) {
  let state = { webhook: hook, delivery: row };
  const atMs: number[] = [];
  for (let n = 0; n < 50; n += 1) {
    const { nextAt } = state.delivery;
    if (nextAt === null || state.webhook.state === 'disabled') return { ...state, atMs };
    const ms = Date.parse(nextAt) - AT;
    atMs.push(ms);
    const result = once(between(state.webhook), state.delivery, tried(ms));
    if (result === null) throw new Error('a try was not written down');
    state = result;
  }
  throw new Error('it never ends');
}

test('a receiver that takes nothing is tried ten times in 75 hours and 35 minutes, then disabled; the event waits', () => {
  const end = through(webhook, delivery);
  expect(end.atMs).toHaveLength(10);
  expect(end.atMs.at(-1)).toBe(((75 * 60 + 35) * 60 + 5) * 1000);
  expect(end.webhook).toMatchObject({ state: 'disabled', disabledReason: 'failing' });
  expect(end.delivery).toMatchObject({ state: 'pending', tries: 10, sent: 10 });
});

test('an event that alone is not taken, while others are, fails, and the webhook goes on', () => {
  const end = through(webhook, delivery, (hook) => ({ ...hook, failingSince: null }));
  expect(end.delivery).toMatchObject({ state: 'failed', tries: 10, nextAt: null });
  expect(end.webhook.state).toBe('enabled');
});

test('410 disables at once, and keeps the event', () => {
  const result = once(webhook, delivery, tried(0, 'gone', 410));
  expect(result?.webhook).toMatchObject({ state: 'disabled', disabledReason: 'gone' });
  expect(result?.delivery).toMatchObject({ state: 'pending', tries: 1 });
});

test('a try is written down once', () => {
  const result = once(webhook, delivery, tried(0));
  expect(result && applyTry(webhook, result.delivery, { sent: 0, tried: tried(1), now: iso(1), chance: 0 })).toBeNull();
  const done = once(webhook, delivery, tried(0, null));
  expect(done && once(webhook, done.delivery, tried(1))).toBeNull();
});

test('a success after an outage makes all that waits due, and after a hiccup does not', () => {
  const failing = (sinceMs: number): Webhook => ({ ...webhook, failingSince: iso(sinceMs) });
  expect(once(failing(0), delivery, tried(60_000, null))).toMatchObject({ flush: true, webhook: { failingSince: null } });
  expect(once(failing(0), delivery, tried(59_000, null))?.flush).toBe(false);
  expect(once(webhook, delivery, tried(60_000, null))?.flush).toBe(false);
  expect(flushed({ ...delivery, tries: 3, sent: 3, nextAt: iso(999_999) }, iso(5))).toMatchObject({ tries: 2, sent: 3, nextAt: iso(5) });
});

test('chance lengthens a pause by a tenth at the most', () => {
  const nextAt = (chance: number): number =>
    Date.parse(applyTry(webhook, { ...delivery, tries: 3 }, { sent: 0, tried: tried(0), now: iso(0), chance })?.delivery.nextAt ?? '') - AT;
  expect([nextAt(0), nextAt(1)]).toEqual([PAUSES_MS[3], Math.round((PAUSES_MS[3] ?? 0) * 1.1)]);
});

test('the log keeps the last twenty tries', () => {
  const result = once(webhook, { ...delivery, sent: 30, log: Array.from({ length: 20 }, (_item, n) => tried(n)) }, tried(99));
  expect(result?.delivery.log).toHaveLength(20);
  expect(result?.delivery.log.at(-1)?.at).toBe(iso(99));
});

test.each([
  ['https://example.com/hook?x=1', true, true],
  ['http://example.com/hook', false, true],
  ['ftp://example.com/', false, false],
  ['https://user:pw@example.com/', false, false],
  ['https://example.com/#top', false, false],
  ['example.com', false, false],
  ['', false, false],
])('the address %s: public %s, any %s', (url, asPublic, asAny) => {
  expect([urlFault(url, 'public') === null, urlFault(url, 'any') === null]).toEqual([asPublic, asAny]);
});
