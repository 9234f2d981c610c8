import fc from 'fast-check';
import { type ChunkRange, chunkAt, frameTicks, type Grid, layGrid, segmentFrameCounts, videoTimescale } from '../../src/domain/grid.js';
import { type Rational, rational, toNumber } from '../../src/domain/rational.js';

const RATES = [
  ...[rational(24_000, 1001), rational(24), rational(25), rational(30_000, 1001), rational(30)],
  ...[rational(50), rational(60_000, 1001), rational(60), rational(120), rational(240), rational(12_345, 997)],
];

const wishes = fc
  .record({
    rate: fc.constantFrom(...RATES),
    durationS: fc.oneof(fc.double({ min: 0, max: 120, noNaN: true }), fc.integer({ min: 1, max: 86_400 })),
    encoderSlots: fc.integer({ min: 1, max: 64 }),
  })
  .map(({ rate, durationS, encoderSlots }) => ({ rate, frameCount: Math.max(1, Math.round(durationS * toNumber(rate))), encoderSlots }));

const chunksOf = (grid: Grid): ChunkRange[] => Array.from({ length: grid.chunkCount }, (_, index) => chunkAt(grid, index));
const check = (holds: (grid: Grid) => void): void =>
  fc.assert(
    fc.property(wishes, (wish) => holds(layGrid(wish))),
    { numRuns: 400 },
  );

test('every frame lies in exactly one chunk', () =>
  check((grid) => {
    const chunks = chunksOf(grid);
    const ends = chunks.map((chunk) => chunk.startFrame + chunk.frameCount);
    expect(chunks.map((chunk) => chunk.startFrame)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends[ends.length - 1]).toBe(grid.frameCount);
    expect(chunks.every((chunk) => chunk.frameCount > 0)).toBe(true);
  }));

test('GOPs are whole divisors of segments, segments of chunks', () =>
  check((grid) => {
    expect(grid.segmentFrames % grid.gopFrames).toBe(0);
    expect(grid.firstChunkFrames % grid.segmentFrames).toBe(0);
    expect(grid.chunkFrames % grid.segmentFrames).toBe(0);
    expect(chunksOf(grid).filter((chunk) => chunk.startFrame % grid.segmentFrames !== 0)).toEqual([]);
  }));

test('no chunk is a tail of fewer than 12 frames unless it is the only one', () =>
  check((grid) => {
    if (grid.chunkCount > 1) expect(chunksOf(grid).filter((chunk) => chunk.frameCount < 12)).toEqual([]);
  }));

test('there are at most 601 chunks, however long the video', () => check((grid) => expect(grid.chunkCount).toBeLessThanOrEqual(601)));

test('segments fill their chunk, all but the last being whole', () =>
  check((grid) => {
    for (const chunk of [chunkAt(grid, 0), chunkAt(grid, grid.chunkCount - 1)]) {
      const counts = segmentFrameCounts(grid, chunk);
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(chunk.frameCount);
      expect(counts.slice(0, -1).every((n) => n === grid.segmentFrames)).toBe(true);
    }
  }));

test('a frame is a whole number of ticks of the timescale, and one second of ticks is one second', () =>
  check(({ rate }) => {
    expect(Number.isInteger(frameTicks(rate))).toBe(true);
    expect(frameTicks(rate) * rate.num).toBe(videoTimescale(rate) * rate.den);
    expect(videoTimescale(rate)).toBeGreaterThanOrEqual(10_000);
  }));

test.each<[string, Rational, number, Partial<Grid>]>([
  ['3 minutes at 29.97', rational(30_000, 1001), 5395, { gopFrames: 60, segmentFrames: 120, firstChunkFrames: 240, chunkFrames: 960, chunkCount: 7 }],
  ['one frame', rational(25), 1, { chunkCount: 1 }],
  ['first chunk and 11 frames', rational(25), 211, { firstChunkFrames: 200, chunkCount: 1 }],
  ['first chunk and 12 frames', rational(25), 212, { firstChunkFrames: 200, chunkCount: 2 }],
])('%s makes the expected grid', (_name, rate, frameCount, expected) =>
  expect(layGrid({ rate, frameCount, encoderSlots: 2 })).toMatchObject(expected),
);

test('a short clip can be cut into many chunks for tests', () => {
  const grid = layGrid({
    rate: rational(25),
    frameCount: 160,
    encoderSlots: 1,
    shape: { gopS: 0.4, gopsPerSegment: 2, firstChunkS: 1, chunkMinS: 1, chunkMaxS: 1 },
  });
  expect(grid).toMatchObject({ gopFrames: 10, segmentFrames: 20, chunkCount: 8 });
});

test('no frames, and an index outside the grid, are refused', () => {
  expect(() => layGrid({ rate: rational(25), frameCount: 0, encoderSlots: 1 })).toThrow(RangeError);
  const grid = layGrid({ rate: rational(25), frameCount: 50, encoderSlots: 1 });
  for (const index of [-1, 1, 0.5]) expect(() => chunkAt(grid, index)).toThrow(RangeError);
});
