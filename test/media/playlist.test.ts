import fc from 'fast-check';
import HLS from 'hls-parser';
import type { ReportTrack, TrackFacts } from '../../src/domain/artefact.js';
import type { AudioPlan, Plan } from '../../src/domain/plan.js';
import { rational } from '../../src/domain/rational.js';
import { bitRates, masterPlaylist, mediaPlaylist, parseMediaPlaylist } from '../../src/media/playlist.js';

const ROOT = 'media/vid_1/g1';
const artefact = (key: string, sizeBytes: number) => ({ key: `${ROOT}/${key}`, sizeBytes, sha256: '0'.repeat(64) });

function trackOf(name: string, timescale: number, segments: readonly (readonly [ticks: number, bytes: number])[], codec = 'avc1.64001f'): TrackFacts {
  let startTicks = 0;
  return {
    ...{ name, timescale, codec, init: artefact(`${name}/init.mp4`, 800) },
    segments: segments.map(([durationTicks, bytes], i) => {
      const segment = { ...artefact(`${name}/0000-ab/${String(i).padStart(2, '0')}.m4s`, bytes), packetCount: 1, startTicks, durationTicks };
      startTicks += durationTicks;
      return segment;
    }),
  };
}

const reported = (track: TrackFacts, width?: number, height?: number): ReportTrack => ({
  ...{ ...track, ...bitRates(track), playlistKey: `${ROOT}/${track.name}/playlist.m3u8` },
  resolution: width !== undefined && height !== undefined ? { width, height } : null,
});
const audioPlan: AudioPlan = { streamIndex: 1, bitrateKbps: 128, channels: 2, sampleRate: 48_000, language: 'en', expectedDurationUs: 8_000_000 };
const planOf = (audio: AudioPlan | null): Pick<Plan, 'grid' | 'audio'> => ({
  grid: { rate: rational(30_000, 1001), frameCount: 240, gopFrames: 60, segmentFrames: 120, firstChunkFrames: 240, chunkFrames: 600, chunkCount: 1 },
  audio,
});

describe('a media playlist', () => {
  test('says what players need, byte for byte', () => {
    const track = trackOf('720p', 30_000, [
      [120_120, 900_000],
      [120_120, 800_000],
      [30_030, 200_000],
    ]);
    expect(mediaPlaylist(`${ROOT}/720p/playlist.m3u8`, track)).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:5
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.004000,
0000-ab/00.m4s
#EXTINF:4.004000,
0000-ab/01.m4s
#EXTINF:1.001000,
0000-ab/02.m4s
#EXT-X-ENDLIST
`);
  });

  test('durations have six decimals and add up to the measured length, and none is above the target', () => {
    const ticks = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.constantFrom(10_000, 24_000, 30_000, 44_100, 48_000, 60_000, 90_000), ticks, (timescale, durations) => {
        const text = mediaPlaylist(
          `${ROOT}/x/playlist.m3u8`,
          trackOf(
            'x',
            timescale,
            durations.map((n) => [n, 1000]),
          ),
        );
        const lines = text.split('\n').filter((line) => line.startsWith('#EXTINF'));
        expect(lines.every((line) => /^#EXTINF:\d+\.\d{6},$/.test(line))).toBe(true);
        const parsed = parseMediaPlaylist(text);
        const totalTicks = durations.reduce((sum, n) => sum + n, 0);
        expect(Math.round(parsed.totalDurationS * 1_000_000)).toBe(Math.round((totalTicks * 1_000_000) / timescale));
        const target = Number(/TARGETDURATION:(\d+)/.exec(text)?.[1]);
        expect(Math.max(...parsed.segments.map((segment) => Math.round(segment.durationS)))).toBeLessThanOrEqual(target);
        expect(target).toBe(Math.ceil(Math.max(...durations) / timescale));
      }),
      { numRuns: 60 },
    );
  });

  test('is read back as it was written', () => {
    const parsed = parseMediaPlaylist(
      mediaPlaylist(
        `${ROOT}/720p/playlist.m3u8`,
        trackOf('720p', 25, [
          [100, 1],
          [50, 1],
        ]),
      ),
    );
    expect(parsed).toEqual({
      initUri: 'init.mp4',
      segments: [
        { uri: '0000-ab/00.m4s', durationS: 4 },
        { uri: '0000-ab/01.m4s', durationS: 2 },
      ],
      ended: true,
      totalDurationS: 6,
    });
  });

  test('one that is not closed is read as such', () => {
    const text = mediaPlaylist(`${ROOT}/720p/playlist.m3u8`, trackOf('720p', 25, [[100, 1]])).replace('#EXT-X-ENDLIST\n', '');
    expect(parseMediaPlaylist(text).ended).toBe(false);
  });

  test.each(['', 'no playlist', '<html></html>', '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n', '#EXTM3U\n#EXTINF:4,\nx.m4s\n'])(
    '%j is none',
    (text) => expect(() => parseMediaPlaylist(text)).toThrow(expect.objectContaining({ code: 'VERIFY_PLAYLIST' })),
  );

  test('a track without segments has none', () => {
    expect(() => mediaPlaylist(`${ROOT}/x/playlist.m3u8`, trackOf('x', 25, []))).toThrow(expect.objectContaining({ code: 'VERIFY_PLAYLIST' }));
  });
});

describe('bit rates', () => {
  test('the peak is that of the fullest segment, the average that of all', () => {
    expect(
      bitRates(
        trackOf('x', 1000, [
          [4000, 1_000_000],
          [4000, 2_000_000],
        ]),
      ),
    ).toEqual({ peakBitsPerSecond: 4_000_000, averageBitsPerSecond: 3_000_000 });
  });

  test('a last segment of one frame is no peak of its own, but counts with its neighbour', () => {
    expect(
      bitRates(
        trackOf('x', 25, [
          [100, 500_000],
          [1, 125_000],
        ]),
      ),
    ).toEqual({
      peakBitsPerSecond: Math.ceil((625_000 * 8) / (101 / 25)),
      averageBitsPerSecond: Math.ceil((625_000 * 8) / (101 / 25)),
    });
  });

  test('a video of one frame has its own rate', () => expect(bitRates(trackOf('x', 25, [[1, 1000]])).peakBitsPerSecond).toBe(200_000));
});

describe('the master playlist', () => {
  const key = `${ROOT}/master.m3u8`;
  const video = (name: string, width: number, height: number, bytes: number): ReportTrack =>
    reported(
      trackOf(name, 30_000, [
        [120_120, bytes],
        [120_120, bytes / 2],
      ]),
      width,
      height,
    );
  const sound = reported(
    trackOf(
      'audio',
      48_000,
      [
        [192_000, 64_000],
        [192_000, 64_000],
      ],
      'mp4a.40.2',
    ),
  );
  const rungs = [video('1080p', 1920, 1080, 2_002_000), video('720p', 1280, 720, 1_001_000), video('480p', 854, 480, 500_500)];

  test('lists what was measured, with 720p to start with', () => {
    expect(masterPlaylist(key, planOf(audioPlan), [...rungs, sound])).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="en",DEFAULT=YES,AUTOSELECT=YES,LANGUAGE="en",CHANNELS="2",URI="audio/playlist.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=2128000,AVERAGE-BANDWIDTH=1628000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="audio"
720p/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4128000,AVERAGE-BANDWIDTH=3128000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="audio"
1080p/playlist.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1128000,AVERAGE-BANDWIDTH=878000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=854x480,FRAME-RATE=29.970,AUDIO="audio"
480p/playlist.m3u8
`);
  });

  test('is read back as it was written', () => {
    const parsed = HLS.parse(masterPlaylist(key, planOf(audioPlan), [...rungs, sound])) as InstanceType<typeof HLS.types.MasterPlaylist>;
    expect(parsed.independentSegments).toBe(true);
    expect(
      parsed.variants.map(({ uri, bandwidth, averageBandwidth, frameRate, audio }) => [uri, bandwidth, averageBandwidth, frameRate, audio[0]?.uri]),
    ).toEqual([
      ['720p/playlist.m3u8', 2_128_000, 1_628_000, 29.97, 'audio/playlist.m3u8'],
      ['1080p/playlist.m3u8', 4_128_000, 3_128_000, 29.97, 'audio/playlist.m3u8'],
      ['480p/playlist.m3u8', 1_128_000, 878_000, 29.97, 'audio/playlist.m3u8'],
    ]);
  });

  test.each<[string, ReportTrack[], string[]]>([
    ['upright', [video('1080p', 1080, 1920, 8), video('720p', 720, 1280, 4), video('480p', 480, 854, 2)], ['720p', '1080p', '480p']],
    ['up to 720p', rungs.slice(1), ['720p', '480p']],
    ['480p alone', rungs.slice(2), ['480p']],
    ['nothing small', [video('1080p', 1920, 1080, 8)], ['1080p']],
  ])('%s: what starts stands first', (_name, tracks, order) => {
    const uris = masterPlaylist(key, planOf(null), tracks)
      .split('\n')
      .filter((line) => line.endsWith('.m3u8'));
    expect(uris).toEqual(order.map((name) => `${name}/playlist.m3u8`));
  });

  test('without sound there is no audio group and no audio codec', () => {
    const text = masterPlaylist(key, planOf(null), rungs);
    expect(text).not.toMatch(/AUDIO|mp4a/);
    expect(text).toContain('BANDWIDTH=2000000,AVERAGE-BANDWIDTH=1500000,CODECS="avc1.64001f"');
  });

  test('sound of an unknown language has a name all the same', () => {
    expect(masterPlaylist(key, planOf({ ...audioPlan, language: null, channels: 1 }), [...rungs, sound])).toContain(
      'NAME="Audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1"',
    );
  });

  test('no video, no playlist', () => {
    expect(() => masterPlaylist(key, planOf(audioPlan), [sound])).toThrow(expect.objectContaining({ code: 'VERIFY_PLAYLIST' }));
  });
});
