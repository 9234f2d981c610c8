import fc from 'fast-check';
import { partOrder } from '../../client/part-order.js';

test.each([
  [[1, 2, 3, 4], 4, [1, 4, 2, 3]],
  [[2, 3], 4, [2, 3]],
  [[2, 4], 4, [4, 2]],
  [[1], 1, [1]],
  [[], 4, []],
])('missing %j of %d parts go as %j', (missing, count, order) => expect(partOrder(missing, count)).toEqual(order));

test('every missing part goes exactly once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 50 })), (parts) => {
      const missing = [...parts].sort((a, b) => a - b);
      expect(partOrder(missing, 50).sort((a, b) => a - b)).toEqual(missing);
    }),
  );
});
