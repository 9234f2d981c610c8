import { decibels, joinDeltas, parsePsnrLog, quantile, wholeDecibels, worst } from '../../bench/psnr-log.js';

const LOG = `n:1 mse_avg:0.65 mse_y:0.78 mse_u:0.39 mse_v:0.41 psnr_avg:49.97 psnr_y:49.23 psnr_u:52.25 psnr_v:52.02
n:2 mse_avg:0.00 mse_y:0.00 mse_u:0.00 mse_v:0.00 psnr_avg:inf psnr_y:inf psnr_u:inf psnr_v:inf
`;

describe('a psnr log', () => {
  it('gives the error of each frame', () => {
    expect(parsePsnrLog(LOG)).toEqual([0.65, 0]);
  });

  it('with a frame missing, or cut off in a line, is refused', () => {
    expect(() => parsePsnrLog(LOG.replace('n:2', 'n:3'))).toThrow('line 2');
    expect(() => parsePsnrLog('n:1 mse_a')).toThrow('line 1');
  });
});

describe('decibels', () => {
  it('are what ffmpeg says, and finite for equal pictures', () => {
    expect(decibels(0.65)).toBeCloseTo(50.0, 1);
    expect(decibels(0)).toBe(100);
  });

  it('of the whole are those of the mean error, not the mean of decibels', () => {
    expect(wholeDecibels([1, 3])).toBeCloseTo(decibels(2));
    expect(() => wholeDecibels([])).toThrow(RangeError);
  });
});

describe('frames around joins', () => {
  const theirs = Array.from({ length: 40 }, () => 1);

  it('are five on each side; all others are elsewhere', () => {
    const ours = theirs.map((mse, frame) => (frame === 19 ? 2 : frame === 20 ? 4 : frame === 30 ? 8 : mse));
    const deltas = joinDeltas(ours, theirs, [20]);
    expect([deltas.before.length, deltas.after.length, deltas.elsewhere.length]).toEqual([5, 5, 30]);
    expect(worst(deltas.before)).toBeCloseTo(-3.01, 2);
    expect(worst(deltas.after)).toBeCloseTo(-6.02, 2);
    expect(worst(deltas.elsewhere)).toBeCloseTo(-9.03, 2);
  });

  it('of two films of other lengths are not compared', () => {
    expect(() => joinDeltas([1], theirs, [])).toThrow('1 frames against 40');
  });

  it('have quantiles', () => {
    expect(quantile([3, 1, 2, 4], 0.25)).toBe(2);
    expect(quantile([3, 1, 2, 4], 0)).toBe(1);
    expect(quantile([1], 1)).toBe(1);
  });
});
