import type { HonestRow } from '../row.js';
import { aac, beeps, type Coding, coded, h264, picture } from '../scene.js';
import { row, seen } from './plain.js';

const hevc = (...more: string[]): string[] => ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:crf=6:keyint=25', ...more];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M'];
const av1 = ['-c:v', 'libsvtav1', '-preset', '12', '-qp', '15'];
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '2', '-bf', '2'];
const mpeg4 = ['-c:v', 'mpeg4', '-q:v', '2'];
const prores = ['-c:v', 'prores_ks', '-profile:v', '3'];
const mjpeg = ['-c:v', 'mjpeg', '-q:v', '2'];
const opus = ['-c:a', 'libopus'];
const vorbis = ['-c:a', 'libvorbis'];
const mp3 = ['-c:a', 'libmp3lame'];
const ac3 = ['-c:a', 'ac3'];
const eac3 = ['-c:a', 'eac3'];
const flac = ['-c:a', 'flac'];
const pcm = (kind: string): string[] => ['-c:a', `pcm_${kind}`];

/** What a codec cannot say is taken for BT.601 at this size, so that is what these are made in. */
const SMALL: Partial<Coding> = { matrix: 'smpte170m' };
const JPEG: Partial<Coding> = { matrix: 'smpte170m', range: 'pc', pixels: 'yuvj420p' };
const TEN: Partial<Coding> = { pixels: 'yuv420p10le' };
const STUDIO: Partial<Coding> = { pixels: 'yuv422p10le' };

const input = (file: string, name: string, coding: Partial<Coding>, video: readonly string[], sound: readonly string[]): HonestRow =>
  row(['input', name, file], seen({}, { tolerance: 14 }), { args: [...coded(coding), ...video], sound });

/** Containers × codecs as cameras, phones, editors, browsers and broadcasts make them. */
export const INPUTS: readonly HonestRow[] = [
  input('a.mp4', 'MP4: H.264, AAC', {}, h264(), aac),
  input('a.mp4', 'MP4: HEVC, AAC', {}, hevc('-tag:v', 'hvc1'), aac),
  input('a.mp4', 'MP4: HEVC 10 bits, E-AC-3', TEN, hevc('-tag:v', 'hvc1'), eac3),
  input('a.mp4', 'MP4: AV1, Opus', {}, av1, opus),
  input('a.mp4', 'MP4: VP9, AAC', {}, vp9, aac),
  input('a.mp4', 'MP4: MPEG-4, MP3', SMALL, mpeg4, mp3),
  input('a.mp4', 'MP4: H.264, AC-3', {}, h264(), ac3),
  input('a.mp4', 'MP4: MPEG-2, FLAC', {}, mpeg2, [...flac, '-strict', '-2']),
  input('a.m4v', 'M4V: H.264, AAC', {}, h264(), aac),
  input('a.3gp', '3GP: H.264, AAC', {}, h264(), aac),
  input('a.3gp', '3GP: MPEG-4, AAC', SMALL, mpeg4, aac),
  input('a.mov', 'MOV: ProRes, PCM 24', STUDIO, prores, pcm('s24le')),
  input('a.mov', 'MOV: H.264, PCM 16', {}, h264(), pcm('s16be')),
  input('a.mov', 'MOV: MJPEG, PCM 16', JPEG, mjpeg, pcm('s16le')),
  input('a.mov', 'MOV: HEVC 10 bits, AAC', TEN, hevc('-tag:v', 'hvc1'), aac),
  input('a.mkv', 'MKV: H.264, FLAC', {}, h264('-bf', '2'), flac),
  input('a.mkv', 'MKV: HEVC, Opus', {}, hevc(), opus),
  input('a.mkv', 'MKV: VP8, Vorbis', SMALL, vp8, vorbis),
  input('a.mkv', 'MKV: AV1, Opus', {}, av1, opus),
  input('a.mkv', 'MKV: MPEG-2, AC-3', {}, mpeg2, ac3),
  input('a.mkv', 'MKV: ProRes, PCM 24', STUDIO, prores, pcm('s24le')),
  input('a.mkv', 'MKV: MPEG-4, MP3', SMALL, mpeg4, mp3),
  input('a.webm', 'WebM: VP8, Vorbis', SMALL, vp8, vorbis),
  input('a.webm', 'WebM: VP9, Opus', {}, vp9, opus),
  input('a.webm', 'WebM: AV1, Opus', {}, av1, opus),
  input('a.ts', 'TS: H.264, AAC', {}, h264('-bf', '2'), aac),
  input('a.ts', 'TS: HEVC, AC-3', {}, hevc(), ac3),
  input('a.ts', 'TS: MPEG-2, E-AC-3', {}, mpeg2, eac3),
  input('a.ts', 'TS: MPEG-2, MP3', {}, mpeg2, mp3),
  // ffmpeg's AVI muxer leaves the second place empty here: all that follows is one frame later, and so is its sound.
  row(['input', 'AVI: MPEG-4, MP3', 'a.avi'], seen({}, { frames: 76, flashes: [13, 37, 61] }), { args: [...coded(SMALL), ...mpeg4], sound: mp3 }),
  input('a.avi', 'AVI: MJPEG, PCM 16', JPEG, mjpeg, pcm('s16le')),
  input('a.avi', 'AVI: H.264, AC-3', {}, h264('-bf', '0'), ac3),
  row(['input', 'MP4: H.264, no sound', 'mute.mp4'], seen({}, { sound: false, decisions: ['NO_AUDIO'] }), { sound: null }),
];

const refused = (
  name: string,
  file: string,
  code: 'SOURCE_AUDIO_ONLY' | 'SOURCE_STILL_PICTURE' | 'SOURCE_UNSUPPORTED',
  make: HonestRow['make'],
): HonestRow => ({
  ...{ group: 'refused', name, file, make, expect: { refused: code } },
});

const still =
  (file: string): HonestRow['make'] =>
  (path) => [[...picture(), '-frames:v', '1', '-update', '1', '-pix_fmt', file.endsWith('png') ? 'rgb24' : 'yuvj420p', path(file)]];
const sound =
  (file: string, ...args: string[]): HonestRow['make'] =>
  (path) => [[...beeps(), ...args, path(file)]];

/** What is no video: a code of its own, with a sentence that says how to mend it. */
export const REFUSALS: readonly HonestRow[] = [
  refused('sound in MP4', 'sound.m4a', 'SOURCE_AUDIO_ONLY', sound('sound.m4a', '-c:a', 'aac')),
  refused('sound in MP3', 'sound.mp3', 'SOURCE_AUDIO_ONLY', sound('sound.mp3')),
  refused('sound in WAV', 'sound.wav', 'SOURCE_AUDIO_ONLY', sound('sound.wav')),
  refused('sound in Matroska', 'sound.mka', 'SOURCE_AUDIO_ONLY', sound('sound.mka', '-c:a', 'libopus')),
  refused('sound with cover art', 'cover.m4a', 'SOURCE_AUDIO_ONLY', (path) => [
    [...picture(), '-frames:v', '1', '-update', '1', '-pix_fmt', 'yuvj420p', path('cover.jpg')],
    [
      ...beeps(),
      '-i',
      path('cover.jpg'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:a',
      'aac',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
      path('cover.m4a'),
    ],
  ]),
  refused('a PNG', 'still.png', 'SOURCE_STILL_PICTURE', still('still.png')),
  refused('a JPEG', 'still.jpg', 'SOURCE_STILL_PICTURE', still('still.jpg')),
  refused('a format that is not taken', 'flash.flv', 'SOURCE_UNSUPPORTED', (path) => [[...picture(), ...coded(), ...h264(), path('flash.flv')]]),
];
