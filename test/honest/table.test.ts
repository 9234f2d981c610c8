import { parseHonestArguments } from '../../honest/arguments.js';
import { checkRefusal, checkResult, type Outcome, syncMs } from '../../honest/check-row.js';
import type { Result } from '../../honest/read-result.js';
import { ROWS } from '../../honest/rows/index.js';
import { seen } from '../../honest/rows/plain.js';
import { PATCHES } from '../../honest/scene.js';
import { pageWith, summaryJson } from '../../honest/table.js';
import { PipelineError } from '../../src/domain/errors.js';
import { layGrid } from '../../src/domain/grid.js';
import type { Plan } from '../../src/domain/plan.js';

const plan: Pick<Plan, 'grid' | 'decisions'> = {
  grid: layGrid({ rate: { num: 25, den: 1 }, frameCount: 75, encoderSlots: 1 }),
  decisions: [{ code: 'ROTATED', text: 'It was turned.' }],
};
const good: Result = {
  ...{ width: 320, height: 180, tags: 'bt709 bt709 bt709 tv yuv420p 1:1', times: Array.from({ length: 75 }, (_, n) => n / 25) },
  ...{ flashes: [12, 36, 60], beeps: [0.481, 1.44, 2.4], sound: { samples: new Int16Array(), startS: 0 } },
  corners: [['picture', [...PATCHES]]],
};
const wanted = seen({}, { decisions: ['ROTATED'], without: ['HDR'] });
const faults = (result: Partial<Result>): readonly string[] => checkResult(wanted, plan, { ...good, ...result }).faults;

test('a result that is as it must be has no fault, and tells its figures', () =>
  expect(checkResult(wanted, plan, good)).toMatchObject({ faults: [], result: '320×180, 25/1, 75 frames', syncMs: expect.closeTo(1), colourOff: 0 }));

test.each<[string, Partial<Result>, string]>([
  ['another size', { width: 318 }, 'size: 318×180, not 320×180'],
  ['a frame too few', { times: good.times.slice(1).map((time) => time - 0.04) }, 'frames: 74, not 75'],
  ['a frame that is late', { times: good.times.map((time, n) => (n === 30 ? time + 0.002 : time)) }, 'even times: 30, not all'],
  ['other tags', { tags: 'unknown' }, 'tags: unknown, not bt709 bt709 bt709 tv yuv420p 1:1'],
  ['a flash that is a frame late', { flashes: [12, 36, 61] }, 'flashes: 12,36,61, not 12,36,60'],
  ['no sound', { sound: null }, 'sound: false, not true'],
  ['a beep too few', { beeps: [0.48, 1.44] }, 'sync: 3 flashes, 2 beeps'],
  ['a beep that is late', { beeps: [0.48, 1.44, 2.425] }, 'sync: 25.0 ms'],
  [
    'a colour that is off',
    { corners: [['tile', ['8c2828', '288c28', '28288c', '80808b']]] },
    'tile: corners 8c2828 288c28 28288c 80808b, not 8c2828 288c28 28288c 808080',
  ],
])('%s is a fault', (_name, result, fault) => expect(faults(result)).toContain(fault));

test('a record that lacks a decision, or holds one too many, is a fault', () => {
  const decisions = [{ code: 'HDR', text: 'paler' }] as const;
  expect(checkResult(wanted, { ...plan, decisions }, good).faults).toEqual([
    'the record lacks ROTATED',
    'the record holds HDR',
    'HDR is no sentence',
  ]);
});

test('a flash that is repeated is one flash', () =>
  expect(syncMs({ flashes: [1, 2, 9], times: good.times, beeps: [0.04, 0.36] }).offsetMs).toBeCloseTo(0));

test('a refusal must be the one that is wanted', () => {
  const row = { group: 'g', name: 'n', file: 'f', make: () => [], expect: { refused: 'SOURCE_AUDIO_ONLY' } } as const;
  expect(checkRefusal(row, new PipelineError('SOURCE_AUDIO_ONLY')).faults).toEqual([]);
  expect(checkRefusal(row, new PipelineError('SOURCE_NOT_MEDIA')).faults).toHaveLength(1);
  expect(checkRefusal(row, new Error('a fault')).faults).toEqual(['Error: a fault']);
});

const outcome = (group: string, name: string, more: Partial<Outcome> = {}): Outcome => ({
  ...{ group, name, faults: [], result: 'fine', syncMs: 1.25, colourOff: 2, decisions: ['ROTATED'], seconds: 1 },
  ...more,
});

test('rows that ran are put into the table, the others stay, in the order of the matrix', () => {
  const order = [outcome('a', 'one'), outcome('a', 'two'), outcome('b', 'one')];
  const empty = 'Above.\n<!-- begin of the table: npm run honest -- --write -->\n<!-- end of the table -->\nBelow.\n';
  const first = pageWith(empty, [outcome('b', 'one'), outcome('a', 'one'), outcome('c', 'gone')], order);
  expect(first.split('\n').filter((line) => line.startsWith('| '))).toEqual([
    '|  | source | result | flash to beep | colour off | record |',
    '| a | one | fine | 1.3 ms | 2 | ROTATED |',
    '| b | one | fine | 1.3 ms | 2 | ROTATED |',
  ]);
  const second = pageWith(first, [outcome('a', 'two', { faults: ['sideways'], syncMs: null })], order);
  expect(second).toContain('| a | one | fine | 1.3 ms | 2 | ROTATED |\n| a | two | **RED** fine; sideways |  | 2 | ROTATED |\n| b | one |');
  expect(second).toMatch(/^Above\.[\s\S]*Below\.\n$/);
  expect(() => pageWith('no marks', [], order)).toThrow('The page has no place for the table.');
});

test('the last line tells what is red, and a run of nothing is not green', () => {
  const red = outcome('a', 'two', { faults: ['sideways'], syncMs: 30 });
  expect(JSON.parse(summaryJson([outcome('a', 'one'), red], { ffmpeg: '5' }))).toEqual({
    ...{ ok: false, rows: 2, green: 1, worstSyncMs: 30, worstColourOff: 2, ffmpeg: '5' },
    red: [{ group: 'a', name: 'two', faults: ['sideways'] }],
  });
  expect(JSON.parse(summaryJson([], {})).ok).toBe(false);
});

test('rows have names of their own', () => {
  const names = ROWS.map(({ group, name }) => `${group} ${name}`);
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
});

test('arguments are taken or refused in words', () => {
  expect(parseHonestArguments(['--only', 'HLG', '--write'])).toEqual({ only: 'hlg', write: true, syncSeconds: 3600 });
  expect(parseHonestArguments(['--help'])).toBeNull();
  expect(() => parseHonestArguments(['--sync-seconds', '7'])).toThrow('--sync-seconds takes 0, or a whole number from 20 to 36000, not "7".');
  expect(() => parseHonestArguments(['--lots'])).toThrow('--lots');
});
