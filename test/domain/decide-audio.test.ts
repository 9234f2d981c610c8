import { decideAudio } from '../../src/domain/decide-audio.js';
import type { AudioFacts, Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';

const fits: AudioFacts = {
  ...{ streamIndex: 1, codec: 'aac', profile: 'LC', channels: 2, sampleRate: 48_000, language: null },
  ...{ startUs: 1_400_000, durationUs: 60_000_000, bitsPerSecond: 128_400, unbroken: true },
};

const probeOf = (audio: Partial<AudioFacts>): Probe => ({
  ...{ source: { key: 'k', sizeBytes: 1, etag: 'e' }, format: 'mpegts', containerStartUs: 1_300_000, containerDurationUs: 60_100_000 },
  video: {
    ...{ streamIndex: 0, codec: 'h264', profile: null, width: 640, height: 360, sampleAspect: rational(1), rotation: 0 },
    ...{ pixelFormat: 'yuv420p', fieldOrder: 'progressive', color: { primaries: 'bt709', transfer: 'bt709', space: 'bt709', range: 'tv' } },
    ...{ averageRate: rational(25), baseRate: rational(25), packetCount: 1500, startUs: 1_400_000, durationUs: 60_000_000 },
  },
  audio: { ...fits, ...audio },
});

const decide = (audio: Partial<AudioFacts>) => decideAudio(probeOf(audio));
const codes = (audio: Partial<AudioFacts>): string[] => decide(audio).decisions.map((decision) => decision.code);

describe('sound that already fits', () => {
  test('is copied, and the plan says so', () => {
    const { audio, decisions } = decide({});
    expect(audio).toMatchObject({
      mode: 'copy',
      originUs: 100_000,
      bitrateKbps: 128,
      channels: 2,
      sampleRate: 48_000,
      expectedDurationUs: 60_000_000,
    });
    expect(decisions).toEqual([{ code: 'AUDIO_COPIED', text: 'The sound already is AAC at 128 kbit/s and is taken over as it is.' }]);
  });

  test.each<[string, Partial<AudioFacts>]>([
    ['mono at 44.1 kHz', { channels: 1, sampleRate: 44_100 }],
    ['its priming before the first frame', { startUs: 1_400_000 - 21_333 }],
    ['192 kbit/s as encoders count them', { bitsPerSecond: 194_700 }],
  ])('is copied: %s', (_name, audio) => expect(decide(audio).audio?.mode).toBe('copy'));

  test('begins at 0 where it is late by a rounding error', () => {
    expect(decide({ startUs: 1_400_900 }).audio).toMatchObject({ mode: 'copy', originUs: 100_900 });
  });
});

describe('sound that does not fit', () => {
  test.each<[string, Partial<AudioFacts>]>([
    ['another codec', { codec: 'mp3', profile: null }],
    ['HE-AAC', { profile: 'HE-AAC' }],
    ['LATM', { codec: 'aac_latm' }],
    ['six channels', { channels: 6 }],
    ['96 kHz', { sampleRate: 96_000 }],
    ['22.05 kHz', { sampleRate: 22_050 }],
    ['320 kbit/s', { bitsPerSecond: 320_000 }],
    ['a gap', { unbroken: false }],
    ['packets that nobody has looked at', { unbroken: undefined }],
    ['a bit rate that nobody knows', { bitsPerSecond: undefined }],
    ['a start 2 ms late', { startUs: 1_402_000 }],
    ['a start half a second early', { startUs: 900_000 }],
  ])('is encoded: %s', (_name, audio) => {
    expect(decide(audio).audio).toMatchObject({ mode: 'encode', originUs: 100_000 });
    expect(codes(audio)).not.toContain('AUDIO_COPIED');
  });
});

describe('several sounds', () => {
  const track = (streamIndex: number, more: Partial<AudioFacts> = {}): AudioFacts => ({ ...fits, streamIndex, ...more });
  const decideAll = (...more: AudioFacts[]) => decideAudio({ ...probeOf({ language: 'de' }), moreAudio: more });

  test('are all kept, the first as it always was, the others under names of their own', () => {
    const { audio, extraAudio, decisions } = decideAll(
      track(2, { language: 'en', channels: 6, layout: '5.1' }),
      track(5, { channels: 1, unbroken: false }),
    );
    expect(audio).toMatchObject({ streamIndex: 1, label: 'German', language: 'de' });
    expect(audio?.name).toBeUndefined();
    expect(extraAudio).toMatchObject([
      { name: 'audio-2', label: 'English', streamIndex: 2, channels: 2, bitrateKbps: 128, mode: 'encode' },
      { name: 'audio-3', label: 'Audio', streamIndex: 5, channels: 1, bitrateKbps: 80 },
    ]);
    expect(extraAudio[0]?.downmix?.length).toBeGreaterThan(0);
    expect(decisions.map(({ code }) => code)).toEqual(['AUDIO_TRACKS', 'AUDIO_COPIED', 'DOWNMIXED']);
    expect(decisions[2]?.text).toContain('The sound "English" has 6 channels (5.1)');
  });

  test('beyond the limit are left out with a word, further tracks of one language first', () => {
    const many = Array.from({ length: 9 }, (_, n) => track(n + 2, { language: n < 4 ? 'de' : `x${'abcde'[n - 4]}` }));
    const { audio, extraAudio, decisions } = decideAll(...many);
    expect([audio, ...extraAudio].map((each) => each?.language)).toEqual(['de', 'de', 'de', 'xa', 'xb', 'xc', 'xd', 'xe']);
    expect(decisions).toContainEqual({ code: 'AUDIO_DROPPED', text: '2 sound tracks are left out: 8 are kept.' });
  });

  test('one that ends before the picture begins is left out, and the next one is the main one', () => {
    const probe = { ...probeOf({ startUs: -70_000_000 }), moreAudio: [track(2, { language: 'en' })] };
    const { audio, extraAudio, decisions } = decideAudio(probe);
    expect(audio).toMatchObject({ streamIndex: 2, label: 'English' });
    expect(extraAudio).toEqual([]);
    expect(decisions.map(({ code }) => code)).toEqual(['AUDIO_COPIED', 'AUDIO_DROPPED']);
  });
});
