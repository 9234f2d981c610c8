import { parseArguments } from '../../stack/arguments.js';
import { StackFault } from '../../stack/fault.js';

const defaults = { command: 'run', files: [], once: false, exportTo: null, reportTo: null, encoders: 4, data: null };

test.each([
  ['no words', [], {}],
  ['files', ['a.mp4', 'b c.mov'], { files: ['a.mp4', 'b c.mov'] }],
  [
    'all options, in any order',
    ['--once', 'a', '--export', 'OUT', '--report=R.json', '--encoders', '3', '--data', 'D'],
    { files: ['a'], once: true, exportTo: 'OUT', reportTo: 'R.json', encoders: 3, data: 'D' },
  ],
  ['a file behind -- that looks like an option', ['--once', '--', '--odd.mp4'], { once: true, files: ['--odd.mp4'] }],
])('%s are understood', (_, argv, expected) => {
  expect(parseArguments(argv, 4)).toEqual({ ...defaults, ...expected });
});

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [8, 8],
  [96, 8],
])('%i cores give %i encoders', (cores, encoders) => {
  expect(parseArguments([], cores)).toMatchObject({ encoders });
});

test.each([
  [['--expot', 'x'], /no option --expot\. Did you mean --export\?/],
  [['--frobnicate'], /no option --frobnicate\. --help/],
  [['-x'], /no option -x/],
  [['--encoders', '0'], /from 1 to 64, not "0"/],
  [['--encoders', '2.5'], /not "2.5"/],
  [['--report'], /argument missing/],
  [['--once=yes'], /does not take an argument/],
  [['--data', ''], /--data needs a value/],
  [['doctor', 'x.mp4'], /doctor takes no files/],
])('%j is refused with a hint', (argv, message) => {
  expect(() => parseArguments(argv, 4)).toThrow(StackFault);
  expect(() => parseArguments(argv, 4)).toThrow(message);
});

test('doctor and --help are commands of their own', () => {
  expect(parseArguments(['doctor', '--data', 'D'], 4)).toEqual({ command: 'doctor', data: 'D' });
  expect(parseArguments(['x.mp4', '-h'], 4)).toEqual({ command: 'help' });
});
