import { costsOf, makespanMs, packingLoss } from '../../bench/packing.js';
import { layGrid } from '../../src/domain/grid.js';
import { rational } from '../../src/domain/rational.js';

describe('packing', () => {
  it('gives the next chunk to the slot that is free first', () => {
    expect(makespanMs([8, 2, 2, 2, 2], 2, Infinity)).toBe(8);
    expect(makespanMs([2, 2, 2, 2, 8], 2, Infinity)).toBe(12);
  });

  it('uses no more slots than the window lets chunks be under way', () => {
    expect(makespanMs([1, 1, 1, 1], 4, 2)).toBe(2);
  });

  it('loses nothing where chunks fill all slots, and a third where three chunks stand for two slots', () => {
    expect(packingLoss([5, 5, 5, 5], 2)).toBe(0);
    expect(packingLoss([4, 4, 4], 2)).toBeCloseTo(1 / 3);
  });
});

describe('costs of another grid', () => {
  const recorded = [
    { startS: 0, lengthS: 10, wallMs: 1100 },
    { startS: 10, lengthS: 10, wallMs: 2100 },
  ];

  it('are those of the recorded seconds, over and over, and the fixed part of each chunk', () => {
    const grid = layGrid({ rate: rational(25), frameCount: 25 * 48, encoderSlots: 1, shape: { firstChunkS: 8, chunkMinS: 20, chunkMaxS: 20 } });
    // 8 s at 100 ms; 2 s at 100, 10 s at 200, 8 s at 100; 2 s at 100, 10 s at 200, 8 s at 100.
    expect(costsOf(grid, recorded, 100).map(Math.round)).toEqual([900, 3100, 3100]);
  });
});
