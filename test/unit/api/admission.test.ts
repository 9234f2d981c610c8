import { setTimeout as sleep } from 'node:timers/promises';
import { type Admission, createAdmission } from '../../../src/api/admission.js';
import type { ApiContext } from '../../../src/api/context.js';
import { createLoopLoad } from '../../../src/api/loop-load.js';
import { createLogger } from '../../../src/runtime/logger.js';

let admission: Admission;
beforeEach(() => {
  admission = createAdmission([], { logger: createLogger({ name: 'test', level: 'silent' }) });
});

const fillTheLoop = (): void => {
  const untilMs = performance.now() + 250;
  while (performance.now() < untilMs);
};
const come = (method: string, work: () => Promise<void>): Promise<void> => {
  const ctx = { method, path: '/v1/uploads', state: { caller: {} }, set: () => undefined };
  return admission.toAPlace(ctx as unknown as ApiContext, work);
};
/** How many of eight that come at once are at work at a time, after 30 that were short. */
const atWorkAtOnce = async (method: string): Promise<number> => {
  for (let n = 0; n < 30; n += 1) await come(method, () => Promise.resolve());
  let [atWork, most] = [0, 0];
  const eight = Array.from({ length: 8 }, () =>
    come(method, async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      await sleep(2);
      atWork -= 1;
    }),
  );
  await Promise.all(eight);
  return most;
};

test('writes give way while the loop is full, however short they are', async () => {
  expect(await atWorkAtOnce('POST')).toBe(8);
  fillTheLoop();
  expect(await atWorkAtOnce('POST')).toBe(1);
});

/** Work that takes until `end` is called. */
const untilEnded = (): { readonly work: () => Promise<void>; readonly end: () => void } => {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end };
};

/** More writes than come in within half a second. @returns what ends those that are at work */
const overload = async (): Promise<() => Promise<void>> => {
  const { work, end } = untilEnded();
  const many = Promise.allSettled(Array.from({ length: 20 }, () => come('POST', work)));
  await sleep(600);
  return async () => {
    end();
    expect((await many).filter(({ status }) => status === 'rejected')).toHaveLength(4);
  };
};

test('reads give way while the loop is full if writes are turned away as well, and else to nobody', async () => {
  fillTheLoop();
  expect(await atWorkAtOnce('GET')).toBe(8);
  const end = await overload();
  expect(await atWorkAtOnce('GET')).toBe(8);
  fillTheLoop();
  expect(await atWorkAtOnce('GET')).toBe(3);
  await end();
});

test('where writes are turned away, reads wait a moment only, though none of theirs was turned away before', async () => {
  const end = await overload();
  const reads = untilEnded();
  const many = Array.from({ length: 20 }, () => come('GET', reads.work));
  let code: unknown;
  const late = come('GET', () => Promise.resolve()).catch((error: unknown) => {
    code = (error as { code?: unknown }).code;
  });
  await sleep(80);
  expect(code).toBe('OVERLOADED');
  reads.end();
  await Promise.all([...many, late, end()]);
});

test('who is turned away at the door counts: the overload lasts', async () => {
  await (await overload())();
  for (let n = 0; n < 100; n += 1) await come('POST', () => Promise.resolve());
  for (let n = 0; n < 100; n += 1) admission.turnAway('POST');
  await sleep(2_000);
  await come('POST', () => Promise.resolve());
  fillTheLoop();
  expect(await atWorkAtOnce('GET')).toBe(3);
});

test('a loop is full while it works without a pause, and empty while it waits', async () => {
  const load = createLoopLoad();
  fillTheLoop();
  const full = load();
  expect(load()).toBe(full);
  await sleep(400);
  expect(full).toBeGreaterThan(0.9);
  expect(load()).toBeLessThan(0.5);
});
