import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { atTheDoor } from '../../../src/api/door.js';
import { createPlaces, type Places } from '../../../src/api/places.js';
import { problem } from '../../../src/api/schemas.js';

const OPTIONS = {
  atOnce: 2,
  least: 2,
  isStrain: (heldMs: number) => heldMs > 1_000,
  burstMs: 400,
  standingMs: 20,
  calmMs: 2_000,
  calmShare: 0,
  mostWaiting: 100,
};

let nowMs: number;
let places: Places;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['performance'] });
  nowMs = 0;
  places = createPlaces(OPTIONS, () => nowMs);
});
afterEach(() => jest.useRealTimers());

const pass = async (ms: number): Promise<void> => {
  for (let n = 0; n < ms; n += 1) {
    nowMs += 1;
    await jest.advanceTimersByTimeAsync(1);
  }
};
/** What became of each of so many that came at once. */
const come = (count: number): (boolean | null)[] => {
  const seen: (boolean | null)[] = Array(count).fill(null);
  for (let n = 0; n < count; n += 1) {
    const entered = places.enter();
    if (typeof entered === 'boolean') seen[n] = entered;
    else
      void entered.then((isIn) => {
        seen[n] = isIn;
      });
  }
  return seen;
};

test('as many as there are places come in at once, the others in their order as places fall free', async () => {
  const seen = come(4);
  expect(seen).toEqual([true, true, null, null]);
  places.leave(1);
  await pass(1);
  expect(seen).toEqual([true, true, true, null]);
  places.leave(1);
  await pass(1);
  expect(seen).toEqual([true, true, true, true]);
  places.leave(1);
  places.leave(1);
  expect([places.enter(), places.enter()]).toEqual([true, true]);
});

test('there are fewer places while they are held for long, and as many as before once they are not', () => {
  const [atOnce, least] = [16, 4];
  places = createPlaces({ ...OPTIONS, atOnce, least, isStrain: (heldMs) => heldMs > 150 }, () => nowMs);
  const round = (heldMs: number): number => {
    let count = 0;
    while (places.enter() === true) count += 1;
    for (let n = 0; n < count; n += 1) places.leave(heldMs);
    // The one that has waited came in when the first left.
    places.leave(heldMs);
    return count;
  };
  expect(round(149)).toBe(atOnce);
  expect(round(151)).toBe(atOnce);
  expect(round(151)).toBe(least);
  expect(round(151)).toBe(least);
  for (let n = 0; n < 40; n += 1) round(100);
  expect(round(100)).toBe(atOnce);
});

test('a burst waits; who has waited as long as a burst may last is sent away', async () => {
  const seen = come(4);
  await pass(395);
  expect(seen).toEqual([true, true, null, null]);
  places.leave(1);
  await pass(15);
  expect(seen).toEqual([true, true, true, false]);
});

test('once the queue stands, new ones wait a moment only, and so it stays until nobody was sent away for a while', async () => {
  come(3);
  await pass(420);
  const late = come(1);
  await pass(15);
  expect(late).toEqual([null]);
  await pass(15);
  expect(late).toEqual([false]);
  await pass(1_900);
  const still = come(1);
  await pass(30);
  expect(still).toEqual([false]);
  await pass(2_100);
  const calm = come(1);
  await pass(100);
  expect(calm).toEqual([null]);
  places.leave(1);
  await pass(1);
  expect(calm).toEqual([true]);
});

test('an overload begins with a quarter of the places: those at work end first, and are no longer in each other’s way', async () => {
  places = createPlaces({ ...OPTIONS, atOnce: 16, least: 1 }, () => nowMs);
  come(17);
  await pass(420);
  const late = come(1);
  // Places come back with each that is held for a moment only: 4 are 6 after ten.
  for (let n = 0; n < 10; n += 1) places.leave(1);
  await pass(1);
  expect(late).toEqual([null]);
  places.leave(1);
  await pass(1);
  expect(late).toEqual([true]);
});

test('an overload ends with all places that came back meanwhile', async () => {
  places = createPlaces({ ...OPTIONS, atOnce: 16, least: 1 }, () => nowMs);
  come(17);
  await pass(420);
  for (let n = 0; n < 16; n += 1) places.leave(1);
  for (let n = 0; n < 150; n += 1) {
    expect(places.enter()).toBe(true);
    places.leave(1);
  }
  await pass(4_100);
  expect(places.isOverload()).toBe(false);
  expect(come(16)).toEqual(Array(16).fill(true));
});

test('where it is known that no burst will pass, nobody waits as in one', async () => {
  let isPressed = false;
  places = createPlaces({ ...OPTIONS, isPressed: () => isPressed }, () => nowMs);
  const seen = come(3);
  await pass(100);
  expect(seen).toEqual([true, true, null]);
  isPressed = true;
  await pass(5);
  expect(seen).toEqual([true, true, false]);
});

test('a load of twice what is done leaves those who come in with a short wait', async () => {
  const waits: number[] = [];
  let away = 0;
  // Each takes 20 ms, so two places do 100 a second; 200 come.
  for (let n = 0; n < 600; n += 1) {
    const fromMs = nowMs;
    void Promise.resolve(places.enter()).then((isIn) => {
      if (!isIn) {
        away += 1;
        return;
      }
      waits.push(nowMs - fromMs);
      setTimeout(() => places.leave(20), 20);
    });
    await pass(5);
  }
  await pass(1_000);
  expect(waits.length + away).toBe(600);
  // Nothing is idle while somebody is sent away: 100 a second for three seconds, and those of the end.
  expect(waits.length).toBeGreaterThan(280);
  expect(Math.max(...waits.slice(100))).toBeLessThanOrEqual(30);
});

test('more than may wait are sent away at once', () => {
  expect(come(103).filter((isIn) => isIn === false)).toHaveLength(1);
});

test('it is hopeless to come where more is asked than can be answered and others wait already, and no longer when it is calm', async () => {
  come(4);
  expect(places.isHopeless()).toBe(false);
  await pass(410);
  come(2);
  expect(places.isHopeless()).toBe(true);
  await pass(30);
  // Those have been sent away: who comes now may be lucky.
  expect(places.isHopeless()).toBe(false);
  await pass(4_100);
  come(2);
  expect(places.isHopeless()).toBe(false);
});

test('where places are held for long, one who waits is enough for the next to be turned away at the door; where shortly, many', async () => {
  come(3);
  await pass(410);
  const held = (ms: number): void => {
    for (let n = 0; n < 100; n += 1) {
      places.leave(ms);
      expect(places.enter()).toBe(true);
    }
  };
  // Two places of 100 ms each give one in 50 ms; who waits may wait 20.
  held(100);
  expect(places.isHopeless()).toBe(false);
  come(1);
  expect(places.isHopeless()).toBe(true);
  await pass(30);
  held(4);
  come(8);
  expect(places.isHopeless()).toBe(false);
  come(1);
  expect(places.isHopeless()).toBe(true);
});

test('an overload lasts for as long as more than a share of those who come are sent away, if only at the door', async () => {
  places = createPlaces({ ...OPTIONS, calmShare: 0.5 }, () => nowMs);
  come(3);
  await pass(410);
  expect(places.isOverload()).toBe(true);
  const twoSeconds = async (letIn: number, sentAway: number): Promise<boolean> => {
    for (let n = 0; n < letIn; n += 1) {
      places.leave(1);
      void places.enter();
    }
    for (let n = 0; n < sentAway; n += 1) places.sentAway();
    await pass(2_000);
    return places.isOverload();
  };
  expect(await twoSeconds(10, 11)).toBe(true);
  expect(await twoSeconds(10, 11)).toBe(true);
  expect(await twoSeconds(10, 10)).toBe(false);
});

test('a queue in which nobody waits for long is no overload, however long there is one', async () => {
  // Two places of 10 ms each give 200 a second, and as many come: two wait always.
  come(4);
  for (let n = 0; n < 200; n += 1) {
    await pass(5);
    places.leave(10);
    expect(come(1)).toEqual([null]);
  }
  expect(places.isOverload()).toBe(false);
});

test('at the door who would wait in vain gets the whole answer, and a browser hears it from where its origin is known', async () => {
  jest.useRealTimers();
  let turnedAway = 0;
  const seen: string[] = [];
  const gate = {
    isHopeless: (method: string, path: string) => seen.push(`${method} ${path}`) > 0 && path.startsWith('/v1/full'),
    turnAway: () => ++turnedAway,
  };
  const server = createServer(atTheDoor(gate, (_request, response) => response.writeHead(200).end('inside'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const refused = await fetch(`${url}/v1/full?key=1`, { method: 'POST', body: 'x'.repeat(1_000_000) });
    const body = problem.parse(await refused.json());
    expect(body).toMatchObject({ status: 503, code: 'OVERLOADED', instance: '/v1/full' });
    expect([refused.status, refused.statusText, refused.headers.get('content-type')]).toEqual([503, 'Overloaded', 'application/problem+json']);
    expect([refused.headers.get('retry-after'), refused.headers.get('x-request-id')]).toEqual(['1', body.request_id]);
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await fetch(`${url}/v1/full`, { method: 'HEAD' })).status).toBe(503);
    expect(await (await fetch(`${url}/v1/full`, { headers: { origin: 'https://a.example' } })).text()).toBe('inside');
    expect(await (await fetch(`${url}/v1/other`)).text()).toBe('inside');
    expect([turnedAway, seen]).toEqual([2, ['POST /v1/full', 'HEAD /v1/full', 'GET /v1/other']]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
