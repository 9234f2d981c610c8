import fc from 'fast-check';
import { LADDER, ladderFor } from '../../src/domain/ladder.js';

const sizes = (width: number, height: number, fps = 30): string[] => ladderFor({ width, height, fps }).map((r) => `${r.name} ${r.width}x${r.height}`);

test.each<[number, number, string[]]>([
  [1920, 1080, ['1080p 1920x1080', '720p 1280x720', '480p 854x480']],
  [1080, 1920, ['1080p 1080x1920', '720p 720x1280', '480p 480x854']],
  [3840, 2160, ['1080p 1920x1080', '720p 1280x720', '480p 854x480']],
  [1440, 1080, ['1080p 1440x1080', '720p 960x720', '480p 640x480']],
  [1920, 1078, ['1080p 1920x1078', '720p 1282x720', '480p 854x480']],
  [1920, 1058, ['720p 1306x720', '480p 872x480']],
  [720, 480, ['480p 720x480']],
  [853, 479, ['480p 852x478']],
  [320, 180, ['180p 320x180']],
  [321, 181, ['180p 320x180']],
  [64, 64, ['64p 64x64']],
])('%dx%d gets its rungs', (width, height, expected) => expect(sizes(width, height)).toEqual(expected));

test('there is always a rung, never one larger than the picture, always even, highest first, each name once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8192 }), fc.integer({ min: 2, max: 8192 }), (width, height) => {
      const rungs = ladderFor({ width, height, fps: 25 });
      expect(rungs.length).toBeGreaterThan(0);
      expect(new Set(rungs.map((rung) => rung.name)).size).toBe(rungs.length);
      for (const [i, rung] of rungs.entries()) {
        expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
        expect(rung.width).toBeLessThanOrEqual(width);
        expect(rung.height).toBeLessThanOrEqual(height);
        expect(Math.min(rung.width, rung.height)).toBeLessThanOrEqual(Math.min(rungs[i - 1]?.width ?? 1e9, rungs[i - 1]?.height ?? 1e9));
      }
    }),
  );
});

test('high rates get half as much again', () => {
  const [row] = LADDER;
  expect(ladderFor({ width: 1920, height: 1080, fps: 60 })[0]).toMatchObject({ maxrateKbps: (row?.maxrateKbps ?? 0) * 1.5, crf: row?.crf });
});
