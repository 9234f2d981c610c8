import { alternate } from '../../bench/alternate.js';
import { goalText, median, meets, ratioRow, ratios } from '../../bench/figures.js';
import { summaryJson, tableText } from '../../bench/table.js';

describe('figures', () => {
  it('take the median, of an even count the mean of the middle two', () => {
    expect(median([5, 1, 9])).toBe(5);
    expect(median([4, 1, 9, 2])).toBe(3);
    expect(() => median([])).toThrow(RangeError);
  });

  it('divide round by round, so that a slow round slows both', () => {
    expect(ratios([110, 220], [100, 200])).toEqual([1.1, 1.1]);
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
    expect(ratioRow({ part: 'p', name: 'n', values: [1.2, 1, 1.1], goal: { atMost: 1.15 } })).toMatchObject({
      value: 1.1,
      note: 'runs 1.200 1.000 1.100',
    });
  });

  it.each([
    [1.1, { atMost: 1.1 }, true],
    [1.11, { atMost: 1.1 }, false],
    [1.9, { atLeast: 1.9 }, true],
    [1.89, { atLeast: 1.9 }, false],
    [-2.1, { within: 2 }, false],
    [-1.9, { within: 2 }, true],
  ] as const)('%p against %p: %p', (value, goal, met) => {
    expect(meets(value, goal)).toBe(met);
  });

  it('say their goal in the unit of the row', () => {
    expect(goalText({ atMost: 1.1 }, '×')).toBe('≤ 1.1');
    expect(goalText({ atLeast: -0.3 }, 'dB')).toBe('≥ -0.3 dB');
    expect(goalText({ within: 2 }, '%')).toBe('± 2 %');
    expect(goalText(null, 's')).toBe('');
  });
});

describe('the end of a run', () => {
  const base = { part: 'encode', unit: '×', digits: 2, note: '' };
  const met = { ...base, name: 'wall', value: 1.05, goal: { atMost: 1.1 } };
  const missed = { ...base, name: 'CPU', value: 1.2, goal: { atMost: 1.08 } };
  const plain = { ...base, name: 'size', value: 9, goal: null };

  it('is a table that says which goals are missed', () => {
    const [, first, second, third] = tableText([met, missed, plain]).split('\n');
    expect(first).toMatch(/wall +1\.05 +≤ 1\.1 +met$/);
    expect(second).toMatch(/CPU +1\.20 +≤ 1\.08 +MISSED$/);
    expect(third).toMatch(/size +9\.00$/);
  });

  it('is one line of JSON, ok only where nothing is missed and nothing failed', () => {
    expect(JSON.parse(summaryJson([met, plain], [], { runs: 3 }))).toMatchObject({ ok: true, missed: [], runs: 3 });
    expect(JSON.parse(summaryJson([met, missed], [], {}))).toMatchObject({ ok: false, missed: ['encode: CPU'] });
    expect(JSON.parse(summaryJson([met], ['scale'], {}))).toMatchObject({ ok: false, failed: ['scale'] });
    expect(summaryJson([met], [], {})).not.toContain('\n');
  });
});

describe('alternating', () => {
  it('runs every variant once a round, and begins each round with the next one', async () => {
    const order: string[] = [];
    const run = (name: string) => async () => order.push(name);
    const rounds = await alternate(3, { a: run('a'), b: run('b') }, () => undefined);
    expect(order.join('')).toBe('abbaab');
    expect(rounds).toEqual([
      { a: 1, b: 2 },
      { b: 3, a: 4 },
      { a: 5, b: 6 },
    ]);
  });
});
