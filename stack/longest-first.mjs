import Sequencer from '@jest/test-sequencer';

/**
 * Files that start whole stacks begin first: they are small and take minutes, and jest, which on a fresh machine goes by
 * size, would begin them when one core has nothing else left to do.
 */
const LONG = [/\/test\/faults\//, /\/test\/hostile\//, /\/test\/e2e\//, /\/test\/cli\/real\//, /\/test\/workflows\//, /\/test\/media\/encode-chunk/];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => LONG.findIndex((pattern) => pattern.test(path)) + 1 || LONG.length + 1;
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
