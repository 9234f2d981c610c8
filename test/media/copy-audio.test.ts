import { jest } from '@jest/globals';
import { decideAudio } from '../../src/domain/decide-audio.js';
import type { AudioPlan } from '../../src/domain/plan.js';
import type { Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';
import { copyAudioArgs } from '../../src/media/audio-args.js';
import { checkCopiedAudio } from '../../src/media/check-copied-audio.js';
import { type FragmentedMp4, readFragmentedMp4 } from '../../src/media/fmp4.js';
import { probeSource } from '../../src/media/probe.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { cutAudioSegments } from '../../src/media/segments.js';
import { beeps, beepsOf, samplesOf } from './beeps.js';
import { tinyPlan } from './encode-all.js';
import { FFMPEG, FFPROBE, ffmpeg, ffprobeJson, tempFolder } from './lavfi.js';
import { h264, picture, rangesOf, sizeOf, tone } from './sources.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const RATE = 48_000;
const SECONDS = 5;
const BEEPS = beeps(SECONDS);
const AAC = ['-c:a', 'aac', '-b:a', '128k'];

describe.each<[name: string, file: string, args: readonly string[]]>([
  ['MP4', 'a.mp4', [...h264('-bf', '2'), ...AAC]],
  ['MP4 with its index in front', 'b.mp4', [...h264('-bf', '2'), ...AAC, '-movflags', 'faststart']],
  ['MOV', 'c.mov', [...h264('-bf', '2'), ...AAC]],
  ['MKV, whose clock ticks in milliseconds', 'd.mkv', [...h264('-bf', '2'), ...AAC]],
  ['MPEG-TS, which starts at 1.4 s', 'e.ts', [...h264('-bf', '2'), ...AAC]],
])('copied sound of %s', (_name, file, args) => {
  let made: Copied;
  beforeAll(async () => {
    ffmpeg(...picture('160x120', '25', SECONDS), ...BEEPS, ...args, folder.file(file));
    made = await copy(folder.file(file));
  });

  it('holds what the source promised, and starts with its priming hidden', () => {
    checkCopiedAudio(made.parsed, made.audio);
    const { init, fragments } = made.parsed;
    expect(init).toMatchObject({ codec: 'mp4a.40.2', timescale: RATE });
    // A millisecond of rounding, of 1024 samples.
    expect(Math.abs(init.editMediaTime - 1024)).toBeLessThanOrEqual(48);
    const segments = cutAudioSegments({ fragments, timescale: init.timescale });
    expect(segments.reduce((sum, segment) => sum + segment.packetCount, 0)).toBe(countPackets(made.source));
  });

  it('has the source’s own samples, and beeps at the source’s times', () => {
    const [ours, theirs] = [samplesOf(made.output), samplesOf(made.source)];
    expect(Math.abs(ours.length - theirs.length)).toBeLessThanOrEqual(2 * 1024);
    const beepsS = beepsOf(made.output);
    expect(beepsS).toHaveLength(SECONDS);
    for (const [second, beepS] of beepsS.entries()) expect(Math.abs(beepS - second)).toBeLessThan(0.005);
  });
});

describe('a track that does not hold', () => {
  it('is seen: a gap, which a plan could not know of', async () => {
    const source = folder.file('gap.mkv');
    const holed = BEEPS.map((word) => (word.startsWith('aevalsrc') ? `${word},aselect='not(between(t,2.2,2.8))'` : word));
    ffmpeg(...picture('160x120', '25', SECONDS), ...holed, ...h264(), ...AAC, source);
    const probed = await probe(source);
    expect(probed.audio?.unbroken).toBe(false);
    expect(decideAudio(probed).audio?.mode).toBe('encode');
    const { parsed, audio } = await copy(source, true);
    expect(() => checkCopiedAudio(parsed, audio)).toThrow(expect.objectContaining({ code: 'ENCODE_MISMATCH' }));
  });

  it('is seen: another length', async () => {
    const source = folder.file('length.mp4');
    ffmpeg(...picture('160x120', '25', SECONDS), ...BEEPS, ...h264(), ...AAC, source);
    const { parsed, audio } = await copy(source);
    expect(() => checkCopiedAudio(parsed, { ...audio, expectedDurationUs: audio.expectedDurationUs - 200_000 })).toThrow(/another length/);
  });

  it('ends the run where a packet cannot be decoded', async () => {
    const source = folder.file('damaged.ts');
    ffmpeg(...picture('160x120', '25', SECONDS), ...tone(SECONDS), ...h264(), ...AAC, '-bsf:a', 'noise=amount=200', source);
    await expect(copy(source, true)).rejects.toMatchObject({ code: 'ENCODE_FAILED' });
  });
});

interface Copied {
  readonly source: string;
  readonly output: string;
  readonly audio: AudioPlan;
  readonly parsed: FragmentedMp4;
}
async function probe(path: string): Promise<Probe> {
  const source = { key: 'k', sizeBytes: await sizeOf(path), etag: 'e' };
  return probeSource({ input: { url: `file:${path}`, protocols: 'file' }, source, ffprobePath: FFPROBE, readRange: rangesOf(path) });
}

/** @param anyway also where the plan says `encode` */
async function copy(source: string, anyway = false): Promise<Copied> {
  const { audio } = decideAudio(await probe(source));
  if (audio === null || (audio.mode !== 'copy' && !anyway)) throw new Error(`the plan does not copy: ${JSON.stringify(await probe(source))}`);
  const output = folder.file('copied.mp4');
  const plan = tinyPlan({ rate: rational(25), frameCount: SECONDS * 25 });
  await runFfmpeg(copyAudioArgs({ plan, audio, input: { url: `file:${source}`, protocols: 'file' }, output }), { ffmpegPath: FFMPEG });
  return { source, output, audio, parsed: await readFragmentedMp4(output) };
}

function countPackets(path: string): number {
  const { streams } = ffprobeJson<{ streams: { nb_read_packets: string }[] }>(
    '-select_streams',
    'a',
    '-count_packets',
    '-show_entries',
    'stream=nb_read_packets',
    path,
  );
  return Number(streams[0]?.nb_read_packets);
}
