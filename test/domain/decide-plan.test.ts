import fc from 'fast-check';
import { decidePlan, uprightPicture } from '../../src/domain/decide-plan.js';
import type { ColourPlan, Plan } from '../../src/domain/plan.js';
import type { AudioFacts, Probe, VideoFacts } from '../../src/domain/probe.js';
import { type Rational, rational, toNumber } from '../../src/domain/rational.js';

const sound: AudioFacts = {
  streamIndex: 1,
  codec: 'aac',
  profile: 'LC',
  channels: 2,
  sampleRate: 48_000,
  language: 'en',
  startUs: 0,
  durationUs: 60_000_000,
};

function probeOf(video: Partial<VideoFacts> = {}, more: Partial<Omit<Probe, 'video'>> = {}): Probe {
  const color = { primaries: 'bt709', transfer: 'bt709', space: 'bt709', range: 'tv' };
  return {
    source: { key: 'sources/t/v/u', sizeBytes: 1000, etag: 'e' },
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    video: {
      ...{ streamIndex: 0, codec: 'h264', profile: 'High', width: 1920, height: 1080, sampleAspect: rational(1), rotation: 0 },
      ...{ pixelFormat: 'yuv420p', fieldOrder: 'progressive', color, averageRate: rational(25), baseRate: rational(25) },
      ...{ packetCount: 1500, startUs: 0, durationUs: 60_000_000 },
      ...video,
    },
    audio: sound,
    containerStartUs: 0,
    containerDurationUs: 60_000_000,
    ...more,
  };
}

const plainColour: ColourPlan = { convert: 'none', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709', range: 'tv' };

const plan = (probe: Probe): Plan => decidePlan({ probe, videoId: 'vid_1', tenantId: 'dev', generation: 1, encoderSlots: 2, preset: 'veryfast' });
const codes = (probe: Probe): string[] => plan(probe).decisions.map((decision) => decision.code);

test('an ordinary film gets the whole plan', () => {
  expect(plan(probeOf())).toEqual({
    ...{ videoId: 'vid_1', tenantId: 'dev', generation: 1, source: { key: 'sources/t/v/u', sizeBytes: 1000, etag: 'e' } },
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    sizeClass: 'medium',
    video: {
      streamIndex: 0,
      preset: 'veryfast',
      originUs: 0,
      constantRate: true,
      deinterlace: false,
      colour: plainColour,
      runInFrames: 10,
      runOutFrames: 5,
    },
    grid: {
      ...{ rate: { num: 25, den: 1 }, frameCount: 1500, gopFrames: 50, segmentFrames: 100 },
      ...{ firstChunkFrames: 200, chunkFrames: 500, chunkCount: 4 },
    },
    rungs: [
      { name: '1080p', width: 1920, height: 1080, crf: 23, maxrateKbps: 5000, bufsizeKbps: 10_000 },
      { name: '720p', width: 1280, height: 720, crf: 23, maxrateKbps: 2800, bufsizeKbps: 5600 },
      { name: '480p', width: 854, height: 480, crf: 23, maxrateKbps: 1400, bufsizeKbps: 2800 },
    ],
    audio: {
      label: 'English',
      streamIndex: 1,
      bitrateKbps: 128,
      channels: 2,
      sampleRate: 48_000,
      language: 'en',
      mode: 'encode',
      originUs: 0,
      expectedDurationUs: 60_000_000,
    },
    images: {
      poster: { frame: 150, width: 1280, height: 720 },
      storyboard: { intervalFrames: 25, tileCount: 60, tileWidth: 240, tileHeight: 136, columns: 10, rows: 6 },
    },
    decisions: [],
  });
});

describe('the rate', () => {
  const constant = (base: Rational, more: Partial<VideoFacts> = {}): Partial<VideoFacts> => {
    const packetCount = more.packetCount ?? 600;
    return { baseRate: base, averageRate: base, packetCount, durationUs: Math.round((packetCount * 1_000_000 * base.den) / base.num), ...more };
  };

  test.each([
    [120, 2],
    [240, 4],
    [50, undefined],
  ])('of %d frames a second one in %s is kept', (fps, keepEvery) => expect(plan(probeOf(constant(rational(fps)))).video.keepEvery).toBe(keepEvery));
  test.each<[string, Partial<VideoFacts>, Partial<Plan['grid']>, boolean, string[]]>([
    ['29.97 as AVI writes it snaps', constant(rational(1_000_000, 33_367)), { rate: rational(30_000, 1001), frameCount: 600 }, true, []],
    ['23.976 is kept', constant(rational(24_000, 1001)), { rate: rational(24_000, 1001), frameCount: 600 }, true, []],
    ['an odd steady rate is kept as it is', constant(rational(1801, 100)), { rate: rational(1801, 100), frameCount: 600 }, true, []],
    [
      'times of whole milliseconds do not matter',
      { ...constant(rational(30_000, 1001)), durationUs: 20_020_000 + 900 },
      { frameCount: 600 },
      true,
      [],
    ],
    ['a last frame without a length does not matter', { ...constant(rational(25)), durationUs: 23_960_000 }, { frameCount: 600 }, true, []],
    ['120 is halved', constant(rational(120), { packetCount: 601 }), { rate: rational(60), frameCount: 301 }, false, ['RATE_HALVED']],
    ['119.88 is halved', constant(rational(120_000, 1001)), { rate: rational(60_000, 1001), frameCount: 300 }, false, ['RATE_HALVED']],
    ['240 is quartered', constant(rational(240)), { rate: rational(60), frameCount: 150 }, false, ['RATE_HALVED']],
    ['100 becomes 50', constant(rational(100)), { rate: rational(50) }, false, ['RATE_HALVED']],
    ['144 becomes 36', constant(rational(144)), { rate: rational(36) }, false, ['RATE_HALVED']],
    [
      'a missing frame makes it variable',
      { ...constant(rational(25)), packetCount: 599 },
      { rate: rational(25), frameCount: 600 },
      false,
      ['VARIABLE_RATE'],
    ],
    [
      'a phone with 29.87 runs at its nominal 30',
      { packetCount: 1792, averageRate: rational(2987, 100), baseRate: rational(30) },
      { rate: rational(30), frameCount: 1800 },
      false,
      ['VARIABLE_RATE'],
    ],
    [
      'a screen recording with a base of 1000 runs just above its average',
      { packetCount: 840, averageRate: rational(14), baseRate: rational(1000) },
      { rate: rational(15_000, 1001), frameCount: 899 },
      false,
      ['VARIABLE_RATE'],
    ],
    [
      'hardly any frames run at 10',
      { packetCount: 120, averageRate: rational(2), baseRate: rational(1000) },
      { rate: rational(10), frameCount: 600 },
      false,
      ['VARIABLE_RATE'],
    ],
    ['averages that fit do not hide uneven frames', { evenlySpaced: false }, { rate: rational(25), frameCount: 1500 }, false, ['VARIABLE_RATE']],
    [
      'an edit list that shows half the frames makes it variable',
      { packetCount: 3000, evenlySpaced: true },
      { frameCount: 1500 },
      false,
      ['VARIABLE_RATE'],
    ],
    [
      'interlaced: a base of fields against an average of frames',
      { evenlySpaced: true, baseRate: rational(25) },
      { rate: rational(25), frameCount: 1500 },
      true,
      [],
    ],
    ['a single frame is a video', { packetCount: 1, durationUs: 40_000 }, { frameCount: 1, chunkCount: 1 }, true, []],
  ])('%s', (_name, video, grid, constantRate, expected) => {
    const made = plan(probeOf(video));
    expect(made.grid).toMatchObject(grid);
    expect(made.video.constantRate).toBe(constantRate);
    expect(made.decisions.map((decision) => decision.code)).toEqual(expected);
  });

  test('the output never runs faster than 60 and never differs from the source by more than a frame in length', () => {
    const video = fc.record({
      num: fc.integer({ min: 1000, max: 240_000 }),
      packetCount: fc.integer({ min: 1, max: 1_000_000 }),
      even: fc.boolean(),
    });
    fc.assert(
      fc.property(video, ({ num, packetCount, even }) => {
        const rate = rational(num, 1000);
        const { grid } = plan(probeOf(constant(rate, { packetCount, evenlySpaced: even })));
        expect(toNumber(grid.rate)).toBeLessThanOrEqual(60);
        const sourceS = packetCount / toNumber(rate);
        // Snapping may stretch time by 0.05 % where the file's own times agree with that.
        expect(Math.abs(grid.frameCount / toNumber(grid.rate) - sourceS)).toBeLessThanOrEqual(1.02 / toNumber(grid.rate) + 1.02 / toNumber(rate));
      }),
    );
  });
});

describe('the picture', () => {
  test.each<[string, Partial<VideoFacts>, { width: number; height: number }, string[]]>([
    ['a phone held upright', { rotation: 90 }, { width: 1080, height: 1920 }, ['ROTATED', 'PORTRAIT']],
    ['a phone held upside down', { rotation: 180 }, { width: 1920, height: 1080 }, ['ROTATED']],
    ['stored upright', { width: 1080, height: 1920 }, { width: 1080, height: 1920 }, ['PORTRAIT']],
    [
      'anamorphic PAL',
      { width: 720, height: 576, sampleAspect: rational(64, 45) },
      { width: 1024, height: 576 },
      ['SQUARE_PIXELS', 'NO_1080P', 'NO_720P'],
    ],
    [
      'anamorphic and turned',
      { width: 1440, height: 1080, sampleAspect: rational(4, 3), rotation: 270 },
      { width: 1080, height: 1920 },
      ['ROTATED', 'PORTRAIT', 'SQUARE_PIXELS'],
    ],
    ['a made-up aspect', { sampleAspect: rational(1, 100_000) }, { width: 1920, height: 1080 }, ['SQUARE_PIXELS']],
    ['small', { width: 320, height: 180 }, { width: 320, height: 180 }, ['NO_1080P', 'NO_720P', 'NO_480P', 'OWN_SIZE']],
    ['interlaced', { fieldOrder: 'tt' }, { width: 1920, height: 1080 }, ['DEINTERLACED']],
    [
      'HDR',
      { color: { primaries: 'bt2020', transfer: 'arib-std-b67', space: 'bt2020nc', range: 'tv' } },
      { width: 1920, height: 1080 },
      ['TONE_MAPPED'],
    ],
    ['of a mirror', { mirrored: true }, { width: 1920, height: 1080 }, ['MIRRORED']],
    ['that does not say whether it has fields', { codec: 'mpeg4', fieldOrder: 'unknown' }, { width: 1920, height: 1080 }, ['FIELDS_UNKNOWN']],
  ])('%s', (_name, video, size, expected) => {
    const probe = probeOf(video);
    expect(uprightPicture(probe.video)).toEqual(size);
    expect(codes(probe)).toEqual(expected);
    expect(plan(probe).video.deinterlace).toBe(video.fieldOrder === 'tt');
  });

  test('has its colours decided', () => {
    const { video } = plan(probeOf({ pixelFormat: 'yuvj420p' }));
    expect(video).toMatchObject({ colour: { ...plainColour, convert: 'gamut', range: 'pc' } });
    expect(video).not.toHaveProperty('convertPixels');
  });

  test('one that is a line is refused', () =>
    expect(() => plan(probeOf({ width: 1000, height: 1 }))).toThrow(expect.objectContaining({ code: 'SOURCE_LIMITS' })));
});

describe('the sound', () => {
  test.each<[string, Partial<AudioFacts> | null, Partial<Plan['audio']> | null, string[]]>([
    ['none', null, null, ['NO_AUDIO']],
    ['mono', { channels: 1 }, { channels: 1, bitrateKbps: 80 }, []],
    ['5.1', { channels: 6 }, { channels: 2, bitrateKbps: 128 }, ['DOWNMIXED']],
    ['44.1 kHz', { sampleRate: 44_100 }, { sampleRate: 44_100 }, []],
    ['96 kHz', { sampleRate: 96_000 }, { sampleRate: 48_000 }, ['RESAMPLED']],
    ['begins before the picture', { startUs: -500_000 }, { expectedDurationUs: 59_500_000 }, []],
    ['begins after the picture', { startUs: 500_000 }, { expectedDurationUs: 60_500_000 }, []],
    ['ends before the picture begins', { startUs: -70_000_000 }, null, ['NO_AUDIO']],
  ])('%s', (_name, audio, expected, decisions) => {
    const probe = probeOf({}, { audio: audio && { ...sound, ...audio } });
    expect(codes(probe)).toEqual(decisions);
    const made = plan(probe).audio;
    if (expected === null) expect(made).toBeNull();
    else expect(made).toMatchObject(expected);
  });

  test('a track that cannot be decoded is never left out without a word', () => {
    expect(codes(probeOf({}, { audio: null, undecodableAudio: ['dts'] }))).toEqual(['AUDIO_UNSUPPORTED']);
    expect(codes(probeOf({}, { undecodableAudio: ['dts'] }))).toEqual(['AUDIO_UNSUPPORTED']);
  });
});

describe('time', () => {
  test('the origin counts from the start of the container, as an input seek does', () => {
    const made = plan(probeOf({ startUs: 1_480_000 }, { containerStartUs: 1_458_667, audio: { ...sound, startUs: 1_458_667 } }));
    expect(made.video.originUs).toBe(21_333);
    expect(made.audio?.expectedDurationUs).toBe(59_978_667);
  });

  test('the origin is never negative', () => expect(plan(probeOf({ startUs: 0 }, { containerStartUs: 40_000 })).video.originUs).toBe(0));

  test('the run-in is at most one GOP, also on a grid of tests', () => {
    const made = decidePlan({
      probe: probeOf(),
      videoId: 'v',
      tenantId: 't',
      generation: 1,
      encoderSlots: 1,
      preset: 'medium',
      chunkGrid: { gopS: 0.4 },
    });
    expect(made.video).toMatchObject({ preset: 'medium', runInFrames: 10 });
    expect(made.grid.gopFrames).toBe(10);
  });
});

test('pictures of any video: poster and tiles lie inside it, and sheets stay small', () => {
  const shapes = fc.record({
    width: fc.integer({ min: 2, max: 8192 }),
    height: fc.integer({ min: 2, max: 4096 }),
    packetCount: fc.integer({ min: 1, max: 24 * 3600 * 25 }),
  });
  fc.assert(
    fc.property(shapes, ({ width, height, packetCount }) => {
      const { images, grid } = plan(probeOf({ width, height, packetCount, durationUs: packetCount * 40_000 }));
      const { poster, storyboard } = images;
      expect(poster.frame).toBeLessThan(grid.frameCount);
      expect(poster.width).toBeLessThanOrEqual(Math.min(1280, width));
      expect([poster.width % 2, poster.height % 2, storyboard.tileWidth % 2, storyboard.tileHeight % 2]).toEqual([0, 0, 0, 0]);
      expect((storyboard.tileCount - 1) * storyboard.intervalFrames).toBeLessThan(grid.frameCount);
      expect(storyboard.tileCount * storyboard.intervalFrames).toBeGreaterThanOrEqual(grid.frameCount);
      expect(storyboard.tileCount).toBeLessThanOrEqual(250);
      expect(storyboard.tileWidth).toBeLessThanOrEqual(320);
      expect(storyboard.tileHeight * storyboard.rows).toBeLessThan(65_536);
      expect(Math.max(storyboard.columns, storyboard.rows)).toBeLessThanOrEqual(10);
    }),
  );
});
