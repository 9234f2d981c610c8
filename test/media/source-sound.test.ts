import { jest } from '@jest/globals';
import { decideAudio } from '../../src/domain/decide-audio.js';
import type { Probe } from '../../src/domain/probe.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAudioArgs } from '../../src/media/audio-args.js';
import { probeSource } from '../../src/media/probe.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { tinyPlan } from './encode-all.js';
import { FFMPEG, FFPROBE, ffmpeg, tempFolder } from './lavfi.js';
import { h264, picture, rangesOf, sizeOf, tone } from './sources.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '6'];

describe.each<[name: string, file: string, codec: string, args: readonly string[]]>([
  ['MP2 of a broadcast', 'mp2.ts', 'mp2', [...MPEG2, '-c:a', 'mp2', '-b:a', '192k']],
  ['LATM of a broadcast', 'latm.ts', 'aac_latm', [...h264(), '-c:a', 'aac', '-mpegts_flags', 'latm']],
  ['MP2 of an old AVI', 'mp2.avi', 'mp2', [...h264('-bf', '0'), '-c:a', 'mp2']],
  ['8-bit samples of an old AVI', 'u8.avi', 'pcm_u8', [...h264('-bf', '0'), '-c:a', 'pcm_u8']],
  ['A-law of a camera', 'alaw.mov', 'pcm_alaw', [...h264(), '-c:a', 'pcm_alaw']],
  ['µ-law of a camera', 'mulaw.mov', 'pcm_mulaw', [...h264(), '-c:a', 'pcm_mulaw']],
  ['24-bit samples of a cutting room', 's24be.mov', 'pcm_s24be', [...h264(), '-c:a', 'pcm_s24be']],
  ['32-bit samples of a cutting room', 's32le.mov', 'pcm_s32le', [...h264(), '-c:a', 'pcm_s32le']],
  ['floating samples of a cutting room', 'f32le.mov', 'pcm_f32le', [...h264(), '-c:a', 'pcm_f32le']],
])('%s', (_name, file, codec, args) => {
  it('is heard in the result, whole', async () => {
    const source = folder.file(file);
    ffmpeg(...picture('160x120', '25', 3), ...tone(3), ...args, source);
    const found = await probe(source);
    expect(found.audio).toMatchObject({ codec, channels: 1, sampleRate: 48_000 });
    expect(found.undecodableAudio).toBeUndefined();
    const { audio } = decideAudio(found);
    if (audio === null) throw new Error('the plan has no sound');
    const output = folder.file('audio.mp4');
    const originUs = found.video.startUs - found.containerStartUs;
    const plan = tinyPlan({ rate: rational(25), frameCount: 75, video: { originUs } });
    await runFfmpeg(encodeAudioArgs({ plan, audio, input: fileInput(source), output }), { ffmpegPath: FFMPEG });
    const samples = ffmpeg('-i', output, '-ac', '1', '-f', 's16le', '-');
    expect(Math.abs(samples.length / 2 / 48_000 - 3)).toBeLessThan(0.1);
    // A sine of lavfi is an eighth of full scale: 4096 / √2 ≈ 2900.
    expect(loudness(samples.subarray(48_000, 4 * 48_000))).toBeGreaterThan(2300);
  });
});

const fileInput = (path: string) => ({ url: `file:${path}`, protocols: 'file' });

async function probe(path: string): Promise<Probe> {
  const source = { key: 'k', sizeBytes: await sizeOf(path), etag: 'e' };
  return probeSource({ input: fileInput(path), source, ffprobePath: FFPROBE, readRange: rangesOf(path) });
}

/** Root mean square of 16-bit samples. */
function loudness(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readInt16LE(at) ** 2;
  return Math.sqrt(sum / (bytes.length / 2));
}
