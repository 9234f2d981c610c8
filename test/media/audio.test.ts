import { jest } from '@jest/globals';
import type { AudioPlan } from '../../src/domain/plan.js';
import { rational } from '../../src/domain/rational.js';
import { encodeAudioArgs } from '../../src/media/audio-args.js';
import { readFragmentedMp4 } from '../../src/media/fmp4.js';
import { runFfmpeg } from '../../src/media/run-ffmpeg.js';
import { cutAudioSegments } from '../../src/media/segments.js';
import { encodeAll, joinRung, tinyPlan } from './encode-all.js';
import { FFMPEG, ffmpeg, ffprobeJson, tempFolder } from './lavfi.js';

jest.setTimeout(120_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const RATE = 48_000;
const FRAME_S = 1 / 25;

/** Flash and beep at every whole second of the scene, 4 s; either can be recorded from a later moment on. */
function record(path: string, wish: { videoFromS: number; audioFromS: number; codec: readonly string[] }): void {
  const flash = `color=black:s=160x120:r=25:d=4,format=yuv420p,geq=lum='if(lt(mod(T,1),0.039),235,16)':cb=128:cr=128,trim=start=${wish.videoFromS}`;
  const beep = `aevalsrc='if(lt(mod(t,1),0.05),0.8*sin(2*PI*1000*t),0)':s=${RATE}:d=4,atrim=start=${wish.audioFromS}`;
  const inputs = ['-copyts', '-f', 'lavfi', '-i', flash, '-f', 'lavfi', '-i', beep, '-map', '0', '-map', '1', '-fps_mode', 'passthrough'];
  ffmpeg(...inputs, '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '20', ...wish.codec, path);
}

/** Seconds at which it becomes light, and at which it becomes loud, on the time line that a player shows. */
function flashesAndBeeps(videoPath: string, audioPath: string): { flashesS: number[]; beepsS: number[] } {
  const light = ffmpeg('-i', videoPath, '-vf', 'scale=1:1:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-');
  const flashesS = [...light.keys()].filter((n) => (light[n] ?? 0) > 125).map((n) => n * FRAME_S);
  // The decoder gives the priming too; it ends where the edit list says, at time 0.
  const raw = ffmpeg('-i', audioPath, '-ac', '1', '-f', 's16le', '-');
  const { streams } = ffprobeJson<{ streams: { start_time: string }[] }>('-show_entries', 'stream=start_time', audioPath);
  const startS = Number(streams[0]?.start_time);
  const beepsS: number[] = [];
  let quiet = RATE;
  for (let n = 0; n < raw.length / 2; n += 1) {
    quiet += 1;
    if (Math.abs(raw.readInt16LE(n * 2)) < 6000) continue;
    if (quiet > RATE / 10) beepsS.push(startS + n / RATE);
    quiet = 0;
  }
  return { flashesS, beepsS };
}

const AAC = ['-c:a', 'aac'];
describe.each([
  ['both from the start, MP4', 'a.mp4', 0, 0, AAC],
  ['sound 0.5 s late, MP4', 'b.mp4', 0, 0.5, AAC],
  ['sound 0.5 s early, MP4', 'c.mp4', 0.52, 0.02, AAC],
  ['sound 0.5 s late, MKV', 'd.mkv', 0, 0.5, AAC],
  ['sound 0.5 s early, MKV', 'e.mkv', 0.52, 0.02, ['-c:a', 'flac']],
  ['sound 0.5 s late, Opus', 'f.mkv', 0, 0.5, ['-c:a', 'libopus']],
  ['sound 0.5 s late, MPEG-TS', 'g.ts', 0, 0.5, AAC],
])('%s', (_name, file, videoFromS, audioFromS, codec) => {
  it('flash and beep fall together, and the audio is as long as the source lets it be', async () => {
    const source = folder.file(file);
    record(source, { videoFromS, audioFromS, codec });
    const { video, sound, containerStartS } = streamsOf(source);
    const originUs = Math.round((video.startS - containerStartS) * 1e6);
    const audio: AudioPlan = { streamIndex: 1, bitrateKbps: 128, channels: 2, sampleRate: RATE, language: null, expectedDurationUs: 0 };
    const plan = tinyPlan({ rate: rational(25), frameCount: Math.round((4 - videoFromS) * 25), video: { originUs } });
    const input = { url: `file:${source}`, protocols: 'file' };
    const output = folder.file('audio.mp4');
    await runFfmpeg(encodeAudioArgs({ plan, audio, input, output }), { ffmpegPath: FFMPEG });

    const { init, fragments } = await readFragmentedMp4(output);
    const segments = cutAudioSegments({ fragments, timescale: init.timescale });
    const audioS = (segments.reduce((sum, segment) => sum + segment.durationTicks, 0) - init.editMediaTime) / RATE;
    // From time 0 to the end of the source's sound, give or take one access unit.
    const expectedS = sound.endS - video.startS;
    expect(Math.abs(audioS - expectedS)).toBeLessThan(0.03);

    // An MPEG-TS is put into another container before its pictures are cut: a seek in it is not exact.
    const chunks = file.endsWith('.ts') ? null : await encodeAll(plan, input, folder.path);
    const { flashesS, beepsS } = flashesAndBeeps(chunks ? joinRung(chunks, 0, folder.file('joined.mp4')) : source, output);
    const seconds = [0, 1, 2, 3].filter((second) => second >= videoFromS && second >= audioFromS);
    expect(beepsS).toHaveLength(seconds.length);
    for (const [n, second] of seconds.entries()) {
      expect(Math.abs((beepsS[n] ?? -1) - (second - videoFromS))).toBeLessThan(FRAME_S / 4);
      expect(flashesS.some((flashS) => Math.abs(flashS - (beepsS[n] ?? -1)) < FRAME_S / 2)).toBe(true);
    }
  });
});

it('a gap inside the sound is kept as silence', async () => {
  const source = folder.file('gap.mkv');
  const beep = `aevalsrc='if(lt(mod(t,1),0.05),0.8*sin(2*PI*1000*t),0)':s=${RATE}:d=4,aselect='not(between(t,1.2,2.8))'`;
  ffmpeg('-f', 'lavfi', '-i', beep, '-c:a', 'flac', source);
  const audio: AudioPlan = { streamIndex: 0, bitrateKbps: 64, channels: 1, sampleRate: RATE, language: null, expectedDurationUs: 0 };
  const plan = tinyPlan({ rate: rational(25), frameCount: 100 });
  const output = folder.file('audio.mp4');
  await runFfmpeg(encodeAudioArgs({ plan, audio, input: { url: `file:${source}`, protocols: 'file' }, output }), { ffmpegPath: FFMPEG });
  const raw = ffmpeg('-i', output, '-f', 's16le', '-');
  expect(Math.abs(raw.length / 2 / RATE - 4.02)).toBeLessThan(0.05);
});

function streamsOf(path: string): { video: { startS: number }; sound: { endS: number }; containerStartS: number } {
  const { streams, format } = ffprobeJson<{ streams: { codec_type: string; start_time: string }[]; format: { start_time: string } }>(
    '-show_entries',
    'stream=codec_type,start_time:format=start_time',
    path,
  );
  const startS = (type: string): number => Number(streams.find((stream) => stream.codec_type === type)?.start_time);
  const { packets } = ffprobeJson<{ packets: { pts_time: string; duration_time?: string }[] }>(
    '-select_streams',
    'a',
    '-show_entries',
    'packet=pts_time,duration_time',
    path,
  );
  const endS = Math.max(...packets.map((packet) => Number(packet.pts_time) + Number(packet.duration_time ?? 0)));
  return { video: { startS: startS('video') }, sound: { endS }, containerStartS: Number(format.start_time) };
}
