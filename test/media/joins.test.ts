import { jest } from '@jest/globals';
import { lowestLevel } from '../../bench/vbv.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAll, joinRung, tinyPlan } from './encode-all.js';
import { ffmpeg, ffprobeJson, tempFolder } from './lavfi.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

describe('content that is at its cap all the time', () => {
  const source = folder.file('noise.mp4');
  const caps = { maxrateKbps: 200, bufsizeKbps: 400 };
  beforeAll(() => {
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=8,noise=alls=20:allf=t', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', source);
  });

  /** How low a player's buffer gets over the joined chunks. */
  const lowest = async (runInFrames: number): Promise<number> => {
    const plan = tinyPlan({ rate: rational(25), frameCount: 200, video: { runInFrames }, chunkSegments: 2 });
    const rungs = plan.rungs.map((rung) => ({ ...rung, ...caps }));
    const chunks = await encodeAll({ ...plan, rungs }, { url: `file:${source}`, protocols: 'file' }, folder.path);
    const { packets } = ffprobeJson<{ packets: { size: string }[] }>('-show_packets', joinRung(chunks, 0, folder.file('joined.mp4')));
    expect(packets.length).toBe(200);
    return lowestLevel(
      packets.map(({ size }) => Number(size)),
      { fps: 25, ...caps },
    );
  };

  it('keeps to the cap over joins with a run-in, and would not without', async () => {
    expect(await lowest(0)).toBeLessThan(0);
    expect(await lowest(10)).toBeGreaterThan(0);
  });
});
