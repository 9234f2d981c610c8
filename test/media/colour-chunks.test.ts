import { statSync } from 'node:fs';
import type { ColourPlan } from '../../src/domain/plan.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAll, joinRung, tinyPlan } from './encode-all.js';
import { ffmpeg, tempFolder } from './lavfi.js';

const folder = tempFolder();
afterAll(folder.remove);

const HLG: ColourPlan = { convert: 'tone-map', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'arib-std-b67', range: 'tv' };

test('HDR gives the same bytes twice, one header for all chunks, and one brightness over all joins', async () => {
  const source = folder.file('hlg.mp4');
  // Evenly lit, in 10 bits: whatever a chunk did by itself would be a step in it.
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'color=0x808080:s=160x120:r=25:d=3',
    '-vf',
    'format=yuv420p10le',
    '-c:v',
    'libx265',
    '-x265-params',
    'log-level=error:keyint=30',
    source,
  );
  const plan = tinyPlan({ rate: rational(25), frameCount: 72, video: { colour: HLG, runInFrames: 6, runOutFrames: 5 } });
  const input = { url: `file:${source}`, protocols: 'file' };
  const [first, second] = [await encodeAll(plan, input, folder.path), await encodeAll(plan, input, folder.path)];
  expect(first).toHaveLength(3);
  for (const [index, chunk] of first.entries()) {
    for (const [rung, made] of chunk.rungs.entries()) {
      expect(made.bytes.every((bytes, n) => bytes.equals(second[index]?.rungs[rung]?.bytes[n] ?? Buffer.alloc(0)))).toBe(true);
      expect(made.init.equals(first[0]?.rungs[rung]?.init ?? Buffer.alloc(0))).toBe(true);
      expect(made.file.init).toMatchObject({ colour: [1, 1, 1, 0], upright: true });
    }
  }
  const joined = joinRung(first, 0, folder.file('joined.mp4'));
  expect(statSync(joined).size).toBeGreaterThan(0);
  const levels = ffmpeg('-i', joined, '-vf', 'scale=1:1:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-');
  expect(levels).toHaveLength(72);
  expect(Math.max(...levels) - Math.min(...levels)).toBeLessThanOrEqual(1);
}, 120_000);
