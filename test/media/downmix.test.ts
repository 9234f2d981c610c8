import { jest } from '@jest/globals';
import { decideAudio } from '../../src/domain/decide-audio.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAudioArgs } from '../../src/media/audio-args.js';
import { probeSource } from '../../src/media/probe.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { tinyPlan } from './encode-all.js';
import { FFMPEG, FFPROBE, ffmpeg, tempFolder } from './lavfi.js';
import { h264, picture, rangesOf, sizeOf } from './sources.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const RATE = 48_000;
const SECONDS = 2;

/** A film whose sound is one expression a channel, in a codec that keeps the levels. */
async function mixed(file: string, layout: string, channels: readonly string[], codec: string): Promise<{ left: number[]; right: number[] }> {
  const source = folder.file(file);
  const sound = `aevalsrc='${channels.join('|')}':s=${RATE}:d=${SECONDS}:c=${layout}`;
  ffmpeg(...picture('160x90', '25', SECONDS), '-f', 'lavfi', '-i', sound, ...h264(), '-c:a', codec, source);
  const input = { url: `file:${source}`, protocols: 'file' };
  const found = await probeSource({
    input,
    ...{ source: { key: 'k', sizeBytes: await sizeOf(source), etag: 'e' }, ffprobePath: FFPROBE, readRange: rangesOf(source) },
  });
  const { audio, decisions } = decideAudio(found);
  if (audio === null) throw new Error('the plan has no sound');
  expect(decisions.map(({ code }) => code)).toEqual(['DOWNMIXED']);
  const output = folder.file('audio.mp4');
  await runFfmpeg(encodeAudioArgs({ plan: tinyPlan({ rate: rational(25), frameCount: 50 }), audio, input, output }), { ffmpegPath: FFMPEG });
  const raw = ffmpeg('-i', output, '-f', 'f32le', '-c:a', 'pcm_f32le', '-');
  const samples = Array.from({ length: raw.length / 4 }, (_, n) => raw.readFloatLE(n * 4));
  // The priming is still in front.
  expect(Math.abs(samples.length / 2 / RATE - SECONDS)).toBeLessThan(0.06);
  const side = (from: number): number[] => samples.filter((_, n) => n % 2 === from).slice(RATE / 4, -RATE / 4);
  return { left: side(0), right: side(1) };
}

const decibels = (samples: readonly number[]): number => 10 * Math.log10(samples.reduce((sum, x) => sum + x * x, 0) / samples.length + 1e-12);
const peak = (samples: readonly number[]): number => samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const tone = (level: number, hertz = 440): string => `${level}*sin(2*PI*${hertz}*t)`;
const silence = (count: number): string[] => Array.from({ length: count }, () => '0');
/** A sine at 0.2 of full scale. */
const SPOKEN_DB = 20 * Math.log10(0.2 / Math.SQRT2);

test.each([
  ['5.1', 'a.mkv', 'flac', ['0', '0', tone(0.2), ...silence(3)]],
  ['7.1', 'b.mkv', 'flac', ['0', '0', tone(0.2), ...silence(5)]],
  ['5.1(side)', 'c.mkv', 'ac3', ['0', '0', tone(0.2), ...silence(3)]],
  ['7.1 that is not marked as such', 'd.mkv', 'pcm_s16le', ['0', '0', tone(0.2), ...silence(5)]],
])('dialogue in the centre of %s is on both sides, as loud together as it was', async (name, file, codec, channels) => {
  const { left, right } = await mixed(file, name.split(' ')[0] ?? name, channels, codec);
  for (const side of [left, right]) expect(Math.abs(decibels(side) - (SPOKEN_DB - 3))).toBeLessThan(0.7);
});

test('what is on one side stays there, and surroundings come softer', async () => {
  const { left, right } = await mixed('e.mkv', '5.1', ['0', tone(0.2), '0', '0', tone(0.2, 700), '0'], 'flac');
  expect(Math.abs(decibels(right) - SPOKEN_DB)).toBeLessThan(0.7);
  expect(Math.abs(decibels(left) - (SPOKEN_DB - 6))).toBeLessThan(0.7);
});

test('all channels at full scale do not clip', async () => {
  const { left, right } = await mixed(
    'f.mkv',
    '5.1',
    Array.from({ length: 6 }, () => tone(0.99)),
    'flac',
  );
  for (const side of [left, right]) {
    expect(peak(side)).toBeLessThan(1);
    expect(decibels(side)).toBeGreaterThan(-6);
  }
});
