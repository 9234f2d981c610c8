import { jest } from '@jest/globals';
import { damageAtRandom } from '../../faults/damages.js';
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

test('of files whose bytes are changed at random each video tells what anybody could tell', async () => {
  const { outcomes, faults, recipes } = await damageAtRandom({ cuts: 10, seed: 3 }, () => undefined);
  expect(faults).toEqual([]);
  const all = Object.values(outcomes);
  expect(all.reduce((sum, { flagged }) => sum + flagged, 0)).toBeGreaterThan(1);
  expect(all.reduce((sum, { refused }) => sum + refused, 0)).toBeGreaterThan(0);
  expect(Object.keys(recipes)).toEqual(expect.arrayContaining(['normal', 'tolerant']));
});
