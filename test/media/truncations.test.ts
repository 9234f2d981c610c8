import { jest } from '@jest/globals';
import { cutAtRandom } from '../../faults/truncations.js';

jest.setTimeout(180_000);

test('of files that are cut at random nothing is published without a word', async () => {
  const { outcomes, faults, refusedWithSeconds, encoded } = await cutAtRandom({ cuts: 24, seed: 7 }, () => undefined);
  expect(faults).toEqual([]);
  // Both policies had something to decide: the cuts were not all beside the point.
  expect(outcomes.publish?.flagged).toBeGreaterThan(3);
  expect(outcomes.refuse?.refused).toBeGreaterThan(6);
  expect(refusedWithSeconds).toBeGreaterThan(3);
  expect(encoded).toBeGreaterThan(0);
});
