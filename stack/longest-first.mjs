import Sequencer from '@jest/test-sequencer';

/**
 * Files that start whole stacks begin first: they are small and take minutes, and jest, which on a fresh machine goes by
 * size, would begin them when one core has nothing else left to do.
 */
const LONG = [/\/test\/faults\//, /\/test\/hostile\//, /\/test\/e2e\//, /\/test\/cli\/real\//, /\/test\/media\/encode-chunk/];
/** They wait for clocks and servers most of their time: two of them at once leave a core idle, two of the others have too few. */
const WAITING = [/\/test\/workflows\//, /\/test\/api\//];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const ranked = (patterns) => patterns.flatMap((pattern) => sorted.filter(({ path }) => pattern.test(path)));
    const [long, waiting] = [ranked(LONG), ranked(WAITING)];
    const first = Array.from({ length: Math.max(long.length, waiting.length) }, (_, n) => [long[n], waiting[n]]).flat();
    return [...new Set([...first.filter(Boolean), ...sorted])];
  }
}
