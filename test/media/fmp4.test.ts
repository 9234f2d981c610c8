import { readFileSync, writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { PipelineError } from '../../src/domain/errors.js';
import { readFragmentedMp4, readSegment } from '../../src/media/fmp4.js';
import { ffmpeg, ffprobeJson, tempFolder } from './lavfi.js';

jest.setTimeout(60_000);
const folder = tempFolder();
afterAll(() => folder.remove());

const video = folder.file('video.mp4');
const audio = folder.file('audio.mp4');
const CMAF = ['-movflags', 'cmaf+frag_keyframe+frag_discont+skip_trailer+delay_moov', '-use_editlist', '1', '-f', 'mp4'];
const PLAIN = ['-frag_duration', '2000000', '-movflags', 'empty_moov+default_base_moof+delay_moov', '-f', 'mp4'];

beforeAll(() => {
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=160x120:r=25:d=2.4',
    '-c:v',
    'libx264',
    '-profile:v',
    'high',
    '-g',
    '20',
    '-video_track_timescale',
    '10000',
    ...CMAF,
    video,
  );
  ffmpeg('-f', 'lavfi', '-i', 'sine=440:r=48000:d=5', '-c:a', 'aac', '-ac', '2', ...PLAIN, audio);
});

describe('a fragmented MP4', () => {
  it('of video says what ffprobe says', async () => {
    const { init, fragments } = await readFragmentedMp4(video);
    expect(init).toMatchObject({ offset: 0, timescale: 10_000, codec: 'avc1.64000b', width: 160, height: 120, editMediaTime: 800 });
    expect(fragments.map((fragment) => [fragment.startTicks, fragment.durationTicks, fragment.packetCount, fragment.startsWithSync])).toEqual([
      [0, 8000, 20, true],
      [8000, 8000, 20, true],
      [16_000, 8000, 20, true],
    ]);
    const { packets } = ffprobeJson<{ packets: { size: string }[] }>('-show_entries', 'packet=size', video);
    const dataBytes = packets.reduce((sum, packet) => sum + Number(packet.size), 0);
    expect(fragments.reduce((sum, fragment) => sum + fragment.dataSizeBytes, 0)).toBe(dataBytes);
    const last = fragments[fragments.length - 1];
    expect(last && last.offset + last.sizeBytes).toBe(readFileSync(video).byteLength);
  });

  it('of audio says what ffprobe says', async () => {
    const { init, fragments } = await readFragmentedMp4(audio);
    expect(init).toMatchObject({ timescale: 48_000, codec: 'mp4a.40.2', width: null, height: null, editMediaTime: 1024 });
    const { streams } = ffprobeJson<{ streams: { nb_read_packets: string }[] }>('-count_packets', '-show_entries', 'stream=nb_read_packets', audio);
    expect(fragments.reduce((sum, fragment) => sum + fragment.packetCount, 0)).toBe(Number(streams[0]?.nb_read_packets));
    expect(fragments[0]).toMatchObject({ startTicks: 0, packetCount: 94, durationTicks: 94 * 1024 });
    expect(fragments[1]?.startTicks).toBe(94 * 1024);
  });

  it.each([
    ['video', video],
    ['audio', audio],
  ])('of %s has segments that can be read by themselves', async (_name, path) => {
    const { fragments } = await readFragmentedMp4(path);
    const bytes = readFileSync(path);
    for (const fragment of fragments) {
      const { startTicks, durationTicks, packetCount, startsWithSync } = fragment;
      const found = readSegment(bytes.subarray(fragment.offset, fragment.offset + fragment.sizeBytes));
      expect(found).toMatchObject([{ startTicks, durationTicks, packetCount, startsWithSync }]);
    }
    const [first, second] = fragments;
    expect(readSegment(bytes.subarray(first?.offset, (second?.offset ?? 0) + (second?.sizeBytes ?? 0)))).toHaveLength(2);
  });
});

describe('damage is named, never a wrong answer or a crash', () => {
  it('where the file is cut off anywhere', async () => {
    const whole = readFileSync(video);
    const { init, fragments } = await readFragmentedMp4(video);
    const ends = fragments.map((fragment) => fragment.offset + fragment.sizeBytes);
    const path = folder.file('cut.mp4');
    for (let length = 0; length < whole.byteLength; length += length < init.sizeBytes + 300 ? 7 : 331) {
      if (ends.includes(length)) continue;
      writeFileSync(path, whole.subarray(0, length));
      await expect(readFragmentedMp4(path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
    }
  });

  it('where bytes of a header are others', async () => {
    const whole = readFileSync(video);
    const { init, fragments } = await readFragmentedMp4(video);
    const path = folder.file('damaged.mp4');
    const headerBytes = (fragments[0]?.offset ?? 0) + 200;
    for (let at = 0; at < headerBytes; at += 3) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (at % 2 === 0 ? 0xff : 0x80);
      writeFileSync(path, damaged);
      const outcome = await readFragmentedMp4(path).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(PipelineError);
      const segment = damaged.subarray(init.sizeBytes, headerBytes + 5000);
      expect(() => readSegment(segment)).toThrow(PipelineError);
    }
  });

  it.each<[string, () => Buffer]>([
    ['an empty file', () => Buffer.alloc(0)],
    ['no MP4', () => Buffer.from('this is no media file at all, only text')],
    [
      'an MP4 without fragments',
      () => {
        ffmpeg('-i', video, '-c', 'copy', '-f', 'mp4', folder.file('plain.mp4'));
        return readFileSync(folder.file('plain.mp4'));
      },
    ],
    [
      'two tracks',
      () => {
        ffmpeg('-i', video, '-i', audio, '-c', 'copy', ...PLAIN, folder.file('two.mp4'));
        return readFileSync(folder.file('two.mp4'));
      },
    ],
    [
      'another codec',
      () => {
        ffmpeg(
          '-f',
          'lavfi',
          '-i',
          'testsrc2=s=64x64:r=5:d=1',
          '-c:v',
          'libx265',
          '-x265-params',
          'log-level=error',
          ...PLAIN,
          folder.file('hevc.mp4'),
        );
        return readFileSync(folder.file('hevc.mp4'));
      },
    ],
    [
      'data addressed by file offset',
      () => {
        ffmpeg('-i', video, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4', folder.file('absolute.mp4'));
        return readFileSync(folder.file('absolute.mp4'));
      },
    ],
  ])('where it is %s', async (_name, make) => {
    const path = folder.file('wrong.mp4');
    writeFileSync(path, make());
    await expect(readFragmentedMp4(path)).rejects.toMatchObject({ code: 'ENCODE_MISMATCH' });
  });

  it('where media data is shorter or longer than its samples', () => {
    const moof = box(
      'moof',
      box('traf', box('tfhd', u32(0x38), u32(1), u32(512), u32(5), u32(0)), box('tfdt', u32(0), u32(0)), box('trun', u32(0), u32(2))),
    );
    expect(readSegment(Buffer.concat([moof, box('mdat', Buffer.alloc(10))]))).toMatchObject([{ packetCount: 2, durationTicks: 1024 }]);
    for (const bytes of [9, 11]) expect(() => readSegment(Buffer.concat([moof, box('mdat', Buffer.alloc(bytes))]))).toThrow(PipelineError);
    expect(() => readSegment(moof)).toThrow(PipelineError);
    expect(() => readSegment(box('mdat', Buffer.alloc(9)))).toThrow(PipelineError);
  });

  it('where a run claims four billion samples, without counting them one by one', () => {
    const trun = box('trun', u32(0), u32(0xffffffff));
    const moof = box('moof', box('traf', box('tfhd', u32(0x38), u32(1), u32(1), u32(0), u32(0)), box('tfdt', u32(0), u32(0)), trun));
    // Without a field a sample the box is well-formed: it says what it says, at once.
    expect(readSegment(Buffer.concat([moof, box('mdat')]))).toMatchObject([{ packetCount: 0xffffffff }]);
    const entries = box('moof', box('traf', box('tfhd', u32(0), u32(1)), box('tfdt', u32(0), u32(0)), box('trun', u32(0x100), u32(0xffffffff))));
    expect(() => readSegment(Buffer.concat([entries, box('mdat')]))).toThrow(PipelineError);
  });
});

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(8 + body.byteLength), Buffer.from(type), body]);
}
