import { describe, expect, it } from '@jest/globals';
import { assertWithinBudget, costOf } from '../../src/domain/cost-budget.js';
import { audioLimits, chunkLimits, remuxLimits } from '../../src/domain/limits.js';
import type { Plan } from '../../src/domain/plan.js';
import type { Probe } from '../../src/domain/probe.js';

const RUNGS = [
  { name: '1080p', width: 1920, height: 1080, maxrateKbps: 5000 },
  { name: '720p', width: 1280, height: 720, maxrateKbps: 2800 },
  { name: '480p', width: 854, height: 480, maxrateKbps: 1400 },
];
const wish = (source: { width: number; height: number; frames: number; sizeBytes: number }): [Plan, Probe] => [
  {
    ...{ source: { key: 'k', etag: 'e', sizeBytes: source.sizeBytes }, rungs: RUNGS, sizeClass: 'medium' },
    ...{ grid: { frameCount: source.frames, rate: { num: 30, den: 1 } }, video: { runInFrames: 10, runOutFrames: 5 } },
  } as unknown as Plan,
  { video: { width: source.width, height: source.height, packetCount: source.frames } } as Probe,
];
const MB = 1e6;

describe('the budget of a file', () => {
  it.each([
    ['a film of two hours, 5 Mbit/s', { width: 1920, height: 1080, frames: 216_000, sizeBytes: 4500 * MB }],
    ['a lecture of two hours with still slides, 200 kbit/s', { width: 1920, height: 1080, frames: 216_000, sizeBytes: 180 * MB }],
    ['ten still minutes in a tiny file', { width: 1920, height: 1080, frames: 17_000, sizeBytes: 20_000 }],
    ['8K from a camera', { width: 7680, height: 4320, frames: 9_000, sizeBytes: 3000 * MB }],
    ['24 hours of 1080p30', { width: 1920, height: 1080, frames: 2_592_000, sizeBytes: 9000 * MB }],
  ])('has room for %s', (_name, source) => {
    expect(() => assertWithinBudget(...wish(source))).not.toThrow();
  });

  it.each([
    ['8K of 10 000 frames that stand still in 21 MB', { width: 7680, height: 4320, frames: 10_000, sizeBytes: 21 * MB }],
    ['11 hours of 1080p in 43 MB', { width: 1920, height: 1080, frames: 990_000, sizeBytes: 43 * MB }],
    ['a day of 8K, however large', { width: 7680, height: 4320, frames: 2_592_000, sizeBytes: 10_000 * MB }],
  ])('has none for %s', (_name, source) => {
    expect(() => assertWithinBudget(...wish(source))).toThrow(expect.objectContaining({ code: 'SOURCE_COST', kind: 'input' }));
  });

  it('counts what is decoded and what is encoded', () => {
    const [plan, probe] = wish({ width: 100, height: 10, frames: 7, sizeBytes: 1 });
    expect(costOf(plan, probe)).toBe(7 * (1000 + 1920 * 1080 + 1280 * 720 + 854 * 480));
  });
});

describe('the limits of a run', () => {
  it('grow with the work, and lie far above what it takes', () => {
    const [plan] = wish({ width: 1920, height: 1080, frames: 900, sizeBytes: 1 });
    const [short, long] = [chunkLimits(plan, { frameCount: 300 }), chunkLimits(plan, { frameCount: 900 })];
    expect(long.cpuS).toBeGreaterThan(short.cpuS);
    // 900 frames of 1080p with three qualities take about 64 s.
    expect(long.cpuS).toBeGreaterThan(10 * 64);
    expect(long.cpuS).toBeLessThan(3 * 3600);
    expect(long.fileBytes).toBeGreaterThan(4 * 30 * 5000 * 125);
    expect(remuxLimits(10e9).fileBytes).toBeGreaterThan(10e9);
    expect(audioLimits({ expectedDurationUs: 3600e6 } as never).fileBytes).toBeGreaterThan(3600 * 128 * 125);
  });
});
