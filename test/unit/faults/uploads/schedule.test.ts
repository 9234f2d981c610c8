import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDealer } from '../../../../faults/uploads/dealer.js';
import { isFailing, wordsOfFault } from '../../../../faults/uploads/http-fault.js';
import type { Operation } from '../../../../faults/uploads/operations.js';
import { drawStorm, type StormWish, wordsOfPlan } from '../../../../faults/uploads/schedule.js';
import type { Exchange, Line } from '../../../../faults/uploads/watch.js';

const RUNS = { numRuns: 60 };
const usual: StormWish = {
  ...{ seed: 1, files: 4, parts: 24, disconnects: 8, expired: 1, others: 16, apiRestarts: 2, restarts: 2, clientKills: 1 },
  checksums: true,
};
const wishes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  files: fc.integer({ min: 1, max: 6 }),
  parts: fc.integer({ min: 24, max: 60 }),
  disconnects: fc.integer({ min: 0, max: 20 }),
  expired: fc.integer({ min: 0, max: 2 }),
  others: fc.integer({ min: 0, max: 16 }),
  apiRestarts: fc.integer({ min: 0, max: 3 }),
  restarts: fc.integer({ min: 0, max: 3 }),
  clientKills: fc.integer({ min: 0, max: 2 }),
  checksums: fc.boolean(),
});

test('the same wish gives the same storm, another seed another one', () => {
  fc.assert(
    fc.property(wishes, (wish) => expect(drawStorm(wish)).toEqual(drawStorm(wish))),
    RUNS,
  );
  expect(drawStorm(usual)).not.toEqual(drawStorm({ ...usual, seed: 2 }));
});

test('as many of each as wished', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const plan = drawStorm(wish);
      const count = (is: (does: (typeof plan)[number]['does']) => boolean): number => plan.filter(({ does }) => is(does)).length;
      expect(plan.map(({ number }) => number)).toEqual(plan.map((_, index) => index + 1));
      const kills = wish.apiRestarts + wish.restarts + wish.clientKills;
      expect(plan).toHaveLength(wish.disconnects + wish.expired + wish.others + kills);
      expect(count(({ kind }) => kind === 'expire')).toBe(wish.expired);
      expect(count((does) => does.kind === 'kill' && does.victim === 'API')).toBe(wish.apiRestarts);
      expect(count((does) => does.kind === 'kill' && (does.victim === 'control worker' || does.victim === 'Temporal'))).toBe(wish.restarts);
      if (!wish.checksums) expect(count(({ kind }) => kind === 'flip')).toBe(0);
    }),
    RUNS,
  );
});

/** A world in which every request that fails comes again, and each upload or part needs one that does not. */
function play(wish: StormWish): { given: number; longestRow: number } {
  const plan = drawStorm(wish);
  const dealer = createDealer(plan, () => undefined);
  const kinds = [...new Set(plan.map(({ line, operation }) => `${line}|${operation}`))];
  let longestRow = 0;
  for (const kind of kinds) {
    const [line, operation] = kind.split('|') as [Line, Operation];
    const exchange: Exchange = { line, operation, method: 'PUT', url: '/b/k', headers: { 'content-md5': 'x' } };
    for (let done = 0, row = 0; done < (operation === 'UploadPart' ? wish.parts : wish.files); ) {
      const fault = dealer.meet(exchange);
      if (fault === null || !isFailing(fault)) {
        done += 1;
        row = 0;
      } else row += 1;
      longestRow = Math.max(longestRow, row);
    }
  }
  return { given: dealer.given().length, longestRow };
}

test('every fault finds its request, and no request fails more than twice in a row', () => {
  fc.assert(
    fc.property(wishes, (wish) => {
      const { given, longestRow } = play(wish);
      expect(given).toBe(drawStorm(wish).length);
      expect(longestRow).toBeLessThanOrEqual(2);
    }),
    RUNS,
  );
});

test('more faults than requests are refused in words', () => {
  expect(() => drawStorm({ ...usual, parts: 4 })).toThrow(/more faults than UploadPart requests \(4\)/);
});

test('each planned fault is told in a line', () => {
  const lines = drawStorm({ ...usual, others: 24 }).map(wordsOfPlan);
  expect(lines.find((line) => line.includes('kill -9 API'))).toMatch(/^client → S3 {2}UploadPart \d+ {2}kill -9 API$/);
  expect(lines.every((line) => /^(client|API|control) → (S3|API) {2}\w+ \d+ {2}\S.*$/.test(line))).toBe(true);
  expect(wordsOfFault({ kind: 'refuse', status: 503, retryAfterS: 1, when: 'after its body' })).toBe('503 after its body, Retry-After 1');
  expect(wordsOfFault({ kind: 'lost answer' })).toBe('lost answer');
});

test('a bit is flipped only where somebody will notice', () => {
  const plan = [{ number: 1, line: 'client → S3', operation: 'UploadPart', nth: 1, does: { kind: 'flip', at: 0.5 } }] as const;
  const part = { line: 'client → S3', operation: 'UploadPart', method: 'PUT', headers: {} } as const;
  const bare = createDealer(plan, () => undefined);
  expect(bare.meet({ ...part, url: '/b/k?partNumber=1&uploadId=u&x-amz-checksum-algorithm=SHA256' })).toBeNull();
  expect([bare.given().length, bare.leftOut()]).toEqual([0, 1]);
  for (const request of [
    { ...part, url: '/b/k?partNumber=1&uploadId=u&x-amz-checksum-sha256=abc' },
    { ...part, url: '/b/k', headers: { 'x-amz-checksum-crc32c': 'abc' } },
    { ...part, url: '/b/k', headers: { 'content-md5': 'abc' } },
  ])
    expect(createDealer(plan, () => undefined).meet(request)).toEqual({ kind: 'flip', at: 0.5 });
});

test('a kill is dealt beside the fault of the same request', () => {
  const at = { line: 'client → S3', operation: 'UploadPart', nth: 2 } as const;
  const killed: string[] = [];
  const plan = [
    { number: 1, ...at, does: { kind: 'kill', victim: 'API' } },
    { number: 2, ...at, does: { kind: 'lost answer' } },
  ] as const;
  const dealer = createDealer(plan, (victim) => killed.push(victim));
  const part: Exchange = { line: 'client → S3', operation: 'UploadPart', method: 'PUT', url: '/', headers: {} };
  expect([dealer.meet(part), dealer.meet(part), dealer.meet(part)]).toEqual([null, { kind: 'lost answer' }, null]);
  expect(killed).toEqual(['API']);
});
