import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { frameTicks } from '../../src/domain/grid.js';
import type { Plan } from '../../src/domain/plan.js';
import { type Rational, rational } from '../../src/domain/rational.js';
import { fieldFilters } from '../../src/media/picture-filters.js';
import { encodeAll, inspect, joinRung, tinyPlan } from './encode-all.js';
import { countedFrames, ffmpeg, ffprobeJson, readCounter, readCounters, tempFolder } from './lavfi.js';

jest.setTimeout(120_000);

const folder = tempFolder();
afterAll(() => folder.remove());

const FRAMES = 70;
const H264 = ['-c:v', 'libx264', '-preset', 'fast', '-bf', '3', '-g', '30', '-x264-params', 'open-gop=1:b-pyramid=normal'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=24:open-gop=1:bframes=4'];
const VP9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '30', '-b:v', '500k'];

interface Case {
  readonly name: string;
  readonly rate: Rational;
  readonly file: string;
  readonly codec: readonly string[];
  readonly runs: readonly (readonly [runIn: number, runOut: number])[];
}
const PLAIN = [0, 0] as const;
const WARM = [6, 12] as const;
const SOURCES: readonly Case[] = [
  { name: 'MP4, open GOP, 29.97', rate: rational(30000, 1001), file: 'a.mp4', codec: H264, runs: [PLAIN, WARM, [12, 0], [5, 3]] },
  {
    name: 'MP4 whose clock ticks once a frame',
    rate: rational(30),
    file: 'b.mp4',
    codec: [...H264, '-video_track_timescale', '30'],
    runs: [WARM],
  },
  { name: 'MP4 whose clock ticks twice a frame', rate: rational(25), file: 'c.mp4', codec: [...H264, '-video_track_timescale', '50'], runs: [PLAIN] },
  { name: 'MP4, open GOP, 10 fps', rate: rational(10), file: 'd.mp4', codec: H264, runs: [PLAIN] },
  { name: 'MP4, HEVC, open GOP, 23.976', rate: rational(24000, 1001), file: 'e.mp4', codec: HEVC, runs: [WARM] },
  { name: 'MKV in milliseconds, open GOP, 23.976', rate: rational(24000, 1001), file: 'f.mkv', codec: H264, runs: [WARM] },
  { name: 'MKV in milliseconds, HEVC, open GOP, 10 fps', rate: rational(10), file: 'g.mkv', codec: HEVC, runs: [PLAIN] },
  { name: 'WebM in milliseconds, 29.97', rate: rational(30000, 1001), file: 'h.webm', codec: VP9, runs: [WARM] },
  { name: 'fragmented MP4, 25', rate: rational(25), file: 'k.mp4', codec: [...H264, '-movflags', 'cmaf+frag_keyframe'], runs: [WARM] },
  { name: 'AVI, 25', rate: rational(25), file: 'l.avi', codec: ['-c:v', 'mpeg4', '-q:v', '3', '-g', '30'], runs: [WARM] },
  { name: 'WebM in milliseconds, 59.94', rate: rational(60000, 1001), file: 'i.webm', codec: VP9, runs: [WARM] },
];

describe.each(SOURCES)('chunks of $name', ({ rate, file, codec, runs }) => {
  const source = folder.file(file);
  beforeAll(() => {
    ffmpeg(...countedFrames(`${rate.num}/${rate.den}`, FRAMES), ...codec, source);
    expect(readCounters(source)).toEqual(upTo(FRAMES));
  });

  it.each(runs)('join without a lost, doubled or moved frame (run-in %i, run-out %i)', async (runInFrames, runOutFrames) => {
    const plan = tinyPlan({ rate, frameCount: FRAMES, video: { runInFrames, runOutFrames } });
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    const ticks = frameTicks(rate);
    for (const { damage } of chunks) expect(damage).toEqual({ missing: 0, concealed: 0 });
    for (const rung of plan.rungs.keys()) {
      const joined = joinRung(chunks, rung, folder.file('joined.mp4'));
      const found = inspect(joined);
      expect(found.counters).toEqual(upTo(FRAMES));
      expect(found.complaints).toBe('');
      expect(found.pts).toEqual(upTo(FRAMES).map((frame) => frame * ticks));
      expect(found.keyAt).toEqual([0, 12, 24, 36, 48, 60].map((frame) => frame * ticks));
      const segments = chunks.flatMap((chunk) => chunk.rungs[rung]?.segments ?? []);
      expect(segments.map((segment) => [segment.startTicks / ticks, segment.packetCount])).toEqual([
        [0, 24],
        [24, 24],
        [48, 22],
      ]);
      for (const chunk of chunks) expect(chunk.rungs[rung]?.init).toEqual(chunks[0]?.rungs[rung]?.init);
    }
    const tiles = chunks.flatMap((chunk) => chunk.tiles);
    expect(await Promise.all(tiles.map(readCounter))).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(chunks.map((chunk) => chunk.poster !== null)).toEqual([false, true, false]);
    expect(await Promise.all(chunks.flatMap((chunk) => (chunk.poster ? [readCounter(chunk.poster)] : [])))).toEqual([30]);
  });
});

describe('a source that claims another rate than it has', () => {
  it.each(['claim.mkv', 'claim.mp4'])('is encoded at the rate it has: %s', async (file) => {
    const source = folder.file(file);
    const [flag = '', lavfi = '', input = '', graph = ''] = countedFrames('50', 2 * FRAMES);
    ffmpeg(flag, lavfi, input, `${graph},select='not(mod(n,2))'`, '-fps_mode', 'passthrough', ...H264, source);
    const plan = tinyPlan({ rate: rational(25), frameCount: FRAMES, video: { runInFrames: 6 } });
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    expect(readCounters(joinRung(chunks, 0, folder.file('joined.mp4')))).toEqual(upTo(FRAMES).map((n) => 2 * n));
  });
});

describe('an interlaced source', () => {
  it('gives one frame for each of its own', async () => {
    const source = folder.file('interlaced.mp4');
    ffmpeg(
      ...countedFrames('25', FRAMES),
      '-c:v',
      'libx264',
      '-preset',
      'fast',
      '-flags',
      '+ildct+ilme',
      '-x264-params',
      'tff=1',
      '-g',
      '30',
      source,
    );
    const plan = tinyPlan({
      rate: rational(25),
      frameCount: FRAMES,
      video: { runInFrames: 6, deinterlace: true },
    });
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    expect(readCounters(joinRung(chunks, 0, folder.file('joined.mp4')))).toEqual(upTo(FRAMES));
  });
});

/** Rows (a b) and (c d) of the display matrix, and what ffmpeg is told to do where it is told not to turn by itself. */
describe.each([
  ['turned 90°', [0, 1, -1, 0], { rotation: 90 }, 'transpose=clock'],
  ['turned 180°', [-1, 0, 0, -1], { rotation: 180 }, 'hflip,vflip'],
  ['turned 270°', [0, -1, 1, 0], { rotation: 270 }, 'transpose=cclock'],
  ['mirrored on the falling diagonal', [0, 1, 1, 0], { rotation: 270, mirrored: true }, 'transpose=cclock_flip'],
  ['mirrored on the rising diagonal', [0, -1, -1, 0], { rotation: 90, mirrored: true }, 'transpose=clock_flip'],
])('an interlaced source that is %s', (_name, matrix, turned, upright) => {
  it('has its fields joined before it is turned', () => {
    const file = folder.file('turned-fields.mp4');
    const coded = ['-c:v', 'libx264', '-qp', '10', '-preset', 'ultrafast', '-flags', '+ildct+ilme', '-x264-params', 'tff=1'];
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=50:d=0.4', '-vf', 'tinterlace=interleave_top,setfield=tff', ...coded, file);
    const bytes = readFileSync(file);
    const head = bytes.indexOf('tkhd') + 44;
    const rows = [matrix[0], matrix[1], 0, matrix[2], matrix[3], 0];
    for (const [place, value = 0] of rows.entries()) bytes.writeInt32BE(value * 65_536, head + place * 4);
    writeFileSync(file, bytes);
    const raw = (...args: string[]): Buffer => ffmpeg(...args, '-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-');
    const { video } = tinyPlan({ rate: rational(25), frameCount: 10, video: { deinterlace: true, turned } });
    const wanted = raw('-noautorotate', '-i', file, '-vf', `bwdif=mode=send_frame,${upright}`);
    expect(raw('-i', file, '-filter_complex', `[0:0]${fieldFilters(video).join(',')}`).equals(wanted)).toBe(true);
  });
});

describe('a source that begins with frames that nothing can decode', () => {
  it('is refused at constant rate, and otherwise begins with the first frame that can be shown', async () => {
    const [whole, source] = [folder.file('whole.mkv'), folder.file('headless.mkv')];
    ffmpeg(...countedFrames('25', FRAMES), ...H264, whole);
    // Cut in the middle of a GOP: pictures 10 to 29 lean on ones that are gone.
    ffmpeg('-i', whole, '-c', 'copy', '-bsf:v', 'noise=drop=lt(n\\,10)', '-copyinkf', source);
    const input = { url: `file:${source}`, protocols: 'file' };
    const wish = { rate: rational(25), frameCount: 60 };
    await expect(encodeAll(tinyPlan(wish), input, folder.path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
    const chunks = await encodeAll(tinyPlan({ ...wish, video: { constantRate: false } }), input, folder.path);
    const found = readCounters(joinRung(chunks, 0, folder.file('joined.mp4')));
    expect(found).toHaveLength(60);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect([...new Set(found)]).toEqual(upTo(FRAMES).filter((n) => n >= (found[0] ?? 0)));
    expect(found[0]).toBeGreaterThan(10);
  });
});

describe('a transport stream, which has no index', () => {
  it('is cut where it should be', async () => {
    const source = folder.file('source.ts');
    ffmpeg(...countedFrames('25', 250), ...H264, source);
    const plan: Plan = { ...tinyPlan({ rate: rational(25), frameCount: 250, chunkSegments: 3, video: { runInFrames: 6 } }), format: 'mpegts' };
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    expect(readCounters(joinRung(chunks, 0, folder.file('joined.mp4')))).toEqual(upTo(250));
  });

  it('is refused, not patched, where the seek met no key frame in time', async () => {
    const source = folder.file('source.ts');
    ffmpeg(...countedFrames('25', FRAMES), ...H264, source);
    // Without its name, so that the seek is not early enough.
    const plan = tinyPlan({ rate: rational(25), frameCount: FRAMES });
    await expect(encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
    const variable = tinyPlan({ rate: rational(25), frameCount: FRAMES, video: { constantRate: false } });
    await expect(encodeAll(variable, { url: `file:${source}`, protocols: 'file' }, folder.path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
  });
});

describe('a constant-rate source with a hole', () => {
  it('is refused: no frame is repeated to fill it', async () => {
    const source = folder.file('hole.mkv');
    const [flag = '', lavfi = '', input = '', graph = ''] = countedFrames('25', FRAMES);
    ffmpeg(flag, lavfi, input, `${graph},select='not(eq(n,30))'`, '-fps_mode', 'passthrough', ...H264, source);
    const plan = tinyPlan({ rate: rational(25), frameCount: FRAMES });
    await expect(encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
  });
});

describe('a source whose picture begins later than its container', () => {
  it.each([
    ['late.mov', '0.5', '0', '12800', 500_000],
    ['late.mkv', '0.5', '0', '12800', 500_000],
    ['little.mov', '0.01', '0', '12800', 10_000],
    // Half a frame, on a clock that ticks once a frame: where rounding could fall either way.
    ['half.mov', '0.04', '0.02', '25', 20_000],
    ['half.mkv', '0.04', '0.02', '12800', 20_000],
  ])('keeps its first frame and all others: %s', async (file, videoS, audioS, timescale, expectedOriginUs) => {
    const source = folder.file(file);
    ffmpeg(...countedFrames('25', FRAMES), '-c:v', 'libx264', '-preset', 'fast', '-bf', '0', '-g', '30', folder.file('silent.mp4'));
    ffmpeg('-f', 'lavfi', '-i', 'sine=440:d=3:r=48000', folder.file('tone.wav'));
    const both = ['-itsoffset', videoS, '-i', folder.file('silent.mp4'), '-itsoffset', audioS, '-i', folder.file('tone.wav')];
    ffmpeg(...both, '-map', '0', '-map', '1', '-c:v', 'copy', '-c:a', 'pcm_s16le', '-video_track_timescale', timescale, source);
    const originUs = originOf(source);
    expect(originUs).toBe(expectedOriginUs);
    const plan = tinyPlan({ rate: rational(25), frameCount: FRAMES, video: { originUs, runInFrames: 6 } });
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    expect(readCounters(joinRung(chunks, 0, folder.file('joined.mp4')))).toEqual(upTo(FRAMES));
  });
});

describe('a source without constant rate', () => {
  const encode = async (select: string, frameCount: number, suffix: string): Promise<number[]> => {
    const source = folder.file(`variable.${suffix}`);
    const [flag = '', lavfi = '', ...input] = countedFrames('25', 120);
    ffmpeg(
      flag,
      lavfi,
      ...input.map((graph) => (graph.includes('vstack') ? `${graph},select='${select}'` : graph)),
      '-fps_mode',
      'vfr',
      ...H264,
      source,
    );
    const plan = tinyPlan({ rate: rational(25), frameCount, video: { constantRate: false, runInFrames: 6 } });
    const chunks = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    expect(chunks.flatMap((chunk) => chunk.tiles)).toHaveLength(Math.ceil(frameCount / 10));
    return readCounters(joinRung(chunks, 0, folder.file('joined.mp4')));
  };

  it.each(['mp4', 'mkv'])('shows at each moment the frame that is on screen, over chunk boundaries too (%s)', async (suffix) => {
    // Frames 0–9, then one still until 40, every third frame until 90, then one still to the end.
    const shown = (n: number): boolean => n < 10 || (n >= 40 && n < 90 && n % 3 === 0) || n === 90;
    const select = 'lt(n,10)+gte(n,40)*lt(n,90)*not(mod(n,3))+eq(n,90)';
    const frameCount = 144;
    let last = 0;
    const expected = upTo(frameCount).map((n) => {
      if (shown(n)) last = n;
      return last;
    });
    expect(await encode(select, frameCount, suffix)).toEqual(expected);
  });
});

describe('a constant-rate source that ends before the plan', () => {
  it('gives a short chunk, which is refused', async () => {
    const source = folder.file('short.mp4');
    ffmpeg(...countedFrames('25', 65), ...H264, source);
    const plan = tinyPlan({ rate: rational(25), frameCount: FRAMES });
    await expect(encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path)).rejects.toMatchObject({
      code: 'ENCODE_MISMATCH',
      details: { segment: 0, expected: 22, found: 17 },
    });
  });
});

describe('pictures of unusual sources', () => {
  it.each([
    ['full range', 'yuvj420p', 'libx264', { convertPixels: true }],
    ['4:4:4 of odd size', 'yuv444p', 'libx264', {}],
    ['4:2:0 of odd size', 'yuv420p', 'libx264', {}],
    ['10 bits', 'yuv420p10le', 'libx264', {}],
    ['RGB without colour tags', 'rgb24', 'libx264rgb', { convertPixels: true }],
  ])('come out as 8-bit 4:2:0 in limited range: %s', async (_name, format, codec, video) => {
    const source = folder.file('unusual.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'color=white:s=161x121:r=25:d=1', '-vf', `format=${format}`, '-c:v', codec, source);
    const plan = tinyPlan({ rate: rational(25), frameCount: 24, video });
    const [chunk] = await encodeAll(plan, { url: `file:${source}`, protocols: 'file' }, folder.path);
    const path = chunk?.rungs[0]?.path ?? '';
    const { streams } = ffprobeJson<{ streams: { pix_fmt: string; profile: string; sample_aspect_ratio: string }[] }>('-show_streams', path);
    expect(streams).toMatchObject([{ pix_fmt: 'yuv420p', profile: 'High', sample_aspect_ratio: '1:1' }]);
    const levels = ffmpeg('-i', path, '-frames:v', '1', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-');
    expect(Math.abs((levels[0] ?? 0) - 235)).toBeLessThanOrEqual(2);
    expect(statSync(path).size).toBeGreaterThan(0);
  });
});

function originOf(path: string): number {
  const { streams, format } = ffprobeJson<{ streams: { codec_type: string; start_time: string }[]; format: { start_time: string } }>(
    '-show_entries',
    'stream=codec_type,start_time:format=start_time',
    path,
  );
  const video = streams.find((stream) => stream.codec_type === 'video');
  return Math.round((Number(video?.start_time) - Number(format.start_time)) * 1e6);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
