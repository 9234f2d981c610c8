import { overloadRows, type Round } from '../../bench/overload-rows.js';
import type { Tally } from '../../bench/tally.js';

const tally = (p99Ms: number, statuses: Readonly<Record<string, number>>): Tally => ({
  note: () => undefined,
  good: () => statuses[200] ?? 0,
  quantileMs: (share) => (share === 0.99 ? p99Ms : Number.NaN),
  statuses: () => statuses,
});
const round = (own: { calmMs: number; overMs: number; calm?: Record<string, number>; over?: Record<string, number> }): Round => ({
  sustained: 30,
  calm: { tallies: { read: tally(own.calmMs, { 200: 60, ...own.calm }), create: tally(200, { 201: 30 }), sign: tally(20, { 200: 5 }) } },
  over: {
    tallies: { read: tally(own.overMs, { 200: 400, 503: 7, ...own.over }), create: tally(300, { 201: 20, 503: 80 }), sign: tally(30, { 200: 5 }) },
  },
});
const rowsOf = (rounds: readonly Round[], lost = 0) => overloadRows({ rounds, seconds: 10, acknowledged: 50, lost });
const figure = (rows: ReturnType<typeof rowsOf>, name: string) => rows.find((row) => row.name.startsWith(name))?.value;

describe('what rounds of an overload say', () => {
  it('is the median of each round against its own calm, and what was served meanwhile', () => {
    const rows = rowsOf([round({ calmMs: 20, overMs: 66 }), round({ calmMs: 40, overMs: 60 }), round({ calmMs: 50, overMs: 50 })]);
    expect(rows.find((row) => row.name.startsWith('read'))).toMatchObject({
      value: 1.5,
      goal: { atMost: 2 },
      note: 'runs 3.300 1.500 1.000; 66, 60, 50 ms / 20, 40, 50 ms',
    });
    expect(figure(rows, 'create')).toBe(1.5);
    expect(rows.find((row) => row.name.startsWith('served'))).toMatchObject({
      value: 42,
      note: '42, 42, 42 of 300, 300, 300/s; in calm 9, 9, 9 of 30, 30, 30/s; 261 times 503',
    });
    expect(rows.filter((row) => row.goal !== null && 'atMost' in row.goal && row.goal.atMost === 0).map((row) => row.value)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['answers that are no', { over: { 500: 2 } }, 2],
    ['answers that are no', { calm: { 404: 1 } }, 1],
    ['answers that are no', { over: { 429: 9 } }, 0],
    ['requests without', { over: { 0: 3 } }, 3],
    ['requests without', { calm: { 0: 1 } }, 1],
  ])('counts in calm and in overload: %s, %j', (name, own, expected) => {
    expect(figure(rowsOf([round({ calmMs: 1, overMs: 1 }), round({ calmMs: 1, overMs: 1, ...own })]), name)).toBe(expected);
  });

  it('counts signatures that were refused, and what was lost', () => {
    const one = round({ calmMs: 1, overMs: 1 });
    const rows = rowsOf([{ ...one, over: { tallies: { ...one.over.tallies, sign: tally(9, { 200: 1, 503: 4 }) } } }], 6);
    expect([figure(rows, 'signs'), figure(rows, 'acknowledged')]).toEqual([4, 6]);
  });

  it('meets nothing where nobody was served', () => {
    const rows = rowsOf([round({ calmMs: Number.POSITIVE_INFINITY, overMs: Number.POSITIVE_INFINITY })]);
    expect(figure(rows, 'read')).toBeNaN();
  });
});
