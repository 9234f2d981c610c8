import { DEFAULT_PARTS, parseBenchArguments } from '../../bench/arguments.js';

describe('the arguments of the bench', () => {
  it('without any run all parts, three rounds, two minutes', () => {
    expect(parseBenchArguments([])).toEqual({ parts: DEFAULT_PARTS, runs: 3, seconds: 120, sizeMib: 1024, seed: 1 });
  });

  it('name parts and numbers', () => {
    expect(parseBenchArguments(['encode', 'scale', '--runs', '5', '--seconds=30', '--size-mib', '64', '--seed', '7'])).toEqual({
      ...{ parts: ['encode', 'scale'], runs: 5, seconds: 30, sizeMib: 64, seed: 7 },
    });
    expect(parseBenchArguments(['--help'])).toBeNull();
  });

  it.each([
    [['encoding'], 'There is no part "encoding"'],
    [['--runs', 'many'], '--runs takes a whole number from 1, not "many".'],
    [['--runs', '0'], '--runs takes a whole number from 1, not "0".'],
    [['--rounds', '3'], "Unknown option '--rounds'"],
  ])('%p is refused in words', (argv, words) => {
    expect(() => parseBenchArguments(argv)).toThrow(words);
  });
});
