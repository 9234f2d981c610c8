import { pino } from 'pino';
import { forgetOnce } from '../../src/api/forget-old-rows.js';
import { prepare } from '../../src/api/prepare.js';
import { type Api, startApi } from './harness.js';

describe('health', () => {
  let api: Api;
  let pending: string[];
  beforeEach(async () => {
    pending = [];
    api = await startApi({ pending: () => pending });
  });
  afterEach(() => api.close());

  test('alive needs nothing, ready needs all, and neither needs a key', async () => {
    expect((await api.call('GET', '/healthz', { as: null })).body).toEqual({ status: 'ok' });
    const ready = await api.call('GET', '/readyz', { as: null });
    expect([ready.status, ready.body]).toEqual([200, { status: 'ready', checks: { catalogue: 'ok', store: 'ok', workflows: 'ok' }, missing: [] }]);
    expect((await api.call('GET', '/version', { as: null })).body).toEqual({ name: 'reelmill', version: '9.9.9', node: process.version });
  });

  test('what is away is named, while the process stays alive', async () => {
    api.pipeline.setDown(true);
    const refused = await api.call('GET', '/readyz', { as: null });
    expect([refused.status, refused.body.missing]).toEqual([503, ['workflows']]);
    expect(refused.body.checks).toEqual({ catalogue: 'ok', store: 'ok', workflows: 'missing' });
    expect((await api.call('GET', '/healthz', { as: null })).status).toBe(200);
  });

  test('a service that hangs counts as away, and many who ask share one question', async () => {
    let asked = 0;
    api.store.ping = () => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const replies = await Promise.all(Array.from({ length: 20 }, () => api.call('GET', '/readyz', { as: null })));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([503]));
    expect(asked).toBe(1);
  });

  test('steps of the start that are not done, and a stop, are not ready', async () => {
    pending = ['catalogue'];
    expect((await api.call('GET', '/readyz', { as: null })).body.missing).toEqual(['catalogue']);
    api.closing.abort();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await api.call('GET', '/readyz', { as: null })).body.missing).toEqual(['catalogue', 'stopping']);
  });
});

describe('the start', () => {
  const logger = pino({ level: 'silent' });

  test('tries each step until it succeeds, and names what is left', async () => {
    let left = 3;
    const never = new AbortController();
    const steps = [
      { name: 'quick', run: async () => undefined },
      {
        name: 'slow',
        run: async () => {
          left -= 1;
          if (left > 0) throw new Error('not yet');
        },
      },
    ];
    const prepared = prepare(steps, { logger, signal: never.signal, firstPauseMs: 20 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(prepared.pending()).toEqual(['slow']);
    await prepared.done;
    expect([prepared.pending(), left]).toEqual([[], 0]);
  });

  test('ends when told to stop, in the middle of a pause', async () => {
    const stop = new AbortController();
    const prepared = prepare([{ name: 'dead', run: () => Promise.reject(new Error('away')) }], { logger, signal: stop.signal, firstPauseMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    await prepared.done;
    expect(prepared.pending()).toEqual(['dead']);
  });
});

describe('old rows', () => {
  const logger = pino({ level: 'silent' });
  const keep = { logger, auditDays: 2, deliveriesDays: 3 };

  test('are cleared away in pieces, each kind for itself, as long as a round may last', async () => {
    const asked: string[] = [];
    let left = 12_000;
    const answer = async (name: string, olderThanMs: number, limit: number): Promise<number> => {
      asked.push(`${name} ${olderThanMs / 86_400_000}`);
      const gone = Math.min(limit, left);
      left -= gone;
      return gone;
    };
    const catalogue = {
      forgetRequests: () => Promise.reject(new Error('away')),
      forgetAudit: (olderThanMs: number, limit: number) => answer('audit', olderThanMs, limit),
      forgetDeliveries: (olderThanMs: number) => answer('deliveries', olderThanMs, 0),
    };
    expect(await forgetOnce({ ...keep, catalogue })).toEqual({ requests: 0, audit: 12_000, deliveries: 0 });
    expect(asked).toEqual(['audit 2', 'audit 2', 'audit 2', 'deliveries 3']);
    left = 1e9;
    expect((await forgetOnce({ ...keep, catalogue })).audit).toBe(100_000);
  });
});
