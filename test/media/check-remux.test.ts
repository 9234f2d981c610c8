import { jest } from '@jest/globals';
import type { Probe } from '../../src/domain/probe.js';
import { checkRemux } from '../../src/media/check-remux.js';
import { probeSource } from '../../src/media/probe.js';
import { remuxArgs, remuxContainer } from '../../src/media/remux-args.js';
import { FFPROBE, ffmpeg, tempFolder } from './lavfi.js';
import { picture, rangesOf, sizeOf } from './sources.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const source = folder.file('source.ts');
let probe: Probe;
beforeAll(async () => {
  ffmpeg(...picture('160x120', '25', 4), '-c:v', 'libx264', '-preset', 'fast', '-bf', '2', '-g', '30', source);
  const facts = { key: 'k', sizeBytes: await sizeOf(source), etag: 'e' };
  probe = await probeSource({
    input: { url: `file:${source}`, protocols: 'file' },
    source: facts,
    ffprobePath: FFPROBE,
    readRange: rangesOf(source),
  });
});

const check = (path: string) =>
  checkRemux({ path, probe, ffprobePath: FFPROBE, scanSource: () => Promise.reject(new Error('the source has nothing to pass over')) });

it('a faithful copy holds, on the time line of its source', async () => {
  expect(remuxContainer(probe)).toBe('mp4');
  const path = folder.file('copy.mp4');
  ffmpeg(...remuxArgs({ probe, input: { url: `file:${source}`, protocols: 'file' }, output: path }));
  expect(await check(path)).toMatchObject({
    originUs: 0,
    video: { packetCount: 100, evenlySpaced: true, startUs: probe.video.startUs, durationUs: 4_000_000 },
  });
});

it.each<[string, readonly string[], RegExp]>([
  ['frames missing at its end', ['-frames:v', '90'], /90 of 100 frames/],
  ['a jump in its middle', ['-bsf:v', 'setts=pts=PTS+7200*gt(N\\,50):dts=DTS+7200*gt(N\\,50)'], /other times|order/],
  ['a later start', ['-bsf:v', 'setts=pts=PTS+9000:dts=DTS+9000'], /source has nothing/],
  ['an earlier start', ['-bsf:v', 'setts=pts=PTS-9000:dts=DTS-9000'], /begins earlier/],
  ['another speed', ['-bsf:v', 'setts=pts=PTS*1.02:dts=DTS*1.02'], /other times|another length|begins|nothing/],
  ['frames in the order of decoding', ['-bsf:v', 'setts=pts=DTS'], /order/],
])('a copy with %s is refused', async (_name, args, reason) => {
  const path = folder.file('bad.mp4');
  ffmpeg('-copyts', '-i', source, '-c', 'copy', ...args, path);
  const outcome = await check(path).catch((error: Error) => ({ refused: error.message }));
  expect(outcome).toEqual({ refused: expect.stringMatching(reason) });
});
