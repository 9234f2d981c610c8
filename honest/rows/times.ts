import type { HonestRow } from '../row.js';
import { aac, beeps, coded, h264, picture, type Scene } from '../scene.js';
import { row, seen } from './plain.js';

const rates: readonly (readonly [string, Partial<Scene>])[] = [
  ['23.976', { rate: '24000/1001', frames: 75 }],
  ['25', { rate: '25', frames: 75 }],
  ['29.97', { rate: '30000/1001', frames: 90 }],
  ['50', { rate: '50', frames: 120 }],
  ['59.94', { rate: '60000/1001', frames: 150 }],
  ['12.5', { rate: '25/2', frames: 48 }],
];

const even: HonestRow[] = rates.flatMap(([name, scene]) =>
  ['mp4', 'mkv', 'ts'].map((kind) =>
    row(['time', `${name} frames a second, ${kind}`, `even.${kind}`], seen(scene, { without: ['VARIABLE_RATE'] }), {
      scene,
      args: [...coded(), ...h264('-bf', '2')],
    }),
  ),
);

/** Sound and pictures made apart, then put together with a copy, as `shift` says. */
function shifted(name: string, file: string, shift: { video?: string; audio?: string; all?: string }, expect: HonestRow['expect']): HonestRow {
  return {
    ...{ group: 'time', name, file, expect },
    make: (path) => [
      [...picture(), ...coded(), ...h264('-bf', '2'), path('pictures.mp4')],
      [...beeps(), ...aac, path('sound.mp4')],
      [
        ...(shift.video ? ['-itsoffset', shift.video] : []),
        ...['-i', path('pictures.mp4')],
        ...(shift.audio ? ['-itsoffset', shift.audio] : []),
        ...['-i', path('sound.mp4'), '-map', '0:v', '-map', '1:a', '-c', 'copy'],
        ...(shift.all ? ['-output_ts_offset', shift.all] : []),
        path(file),
      ],
    ],
  };
}

/** One GOP of every frame a key frame, so that a list of packets can be made uneven by leaving some out. */
const uneven = (name: string, file: string, select: string, expect: HonestRow['expect']): HonestRow =>
  row(['time', name, file], expect, { args: [...coded({}, [`select='${select}'`]), ...h264('-bf', '0', '-fps_mode', 'vfr')] });

/** Rates, gaps, offsets and delays: one even grid, and the beep with its flash. */
export const TIMES: readonly HonestRow[] = [
  ...even,
  row(['time', '120 frames a second', 'fast.mp4'], seen({}, { rate: '60/1', frames: 120, flashes: null, decisions: ['RATE_HALVED'] }), {
    scene: { rate: '120', frames: 240 },
  }),
  // The flash's own frame (12 of each 24) is never left out.
  uneven('variable: two of three frames', 'phone.mp4', 'not(eq(mod(n,3),1))', seen({}, { flashes: null, decisions: ['VARIABLE_RATE'] })),
  uneven('variable: two of three frames, mkv', 'phone.mkv', 'not(eq(mod(n,3),1))', seen({}, { flashes: null, decisions: ['VARIABLE_RATE'] })),
  uneven('a gap of half a second', 'gap.mp4', 'not(between(n,14,26))', seen({}, { flashes: null, decisions: ['VARIABLE_RATE'] })),
  uneven('a gap of half a second, ts', 'gap.ts', 'not(between(n,14,26))', seen({}, { flashes: null, decisions: ['VARIABLE_RATE'] })),
  shifted('sound begins 0.3 s after the picture', 'late.mkv', { video: '0', audio: '0' }, seen()),
  shifted('the whole begins at 7.5 s', 'offset.mkv', { all: '7.5' }, seen()),
  shifted('the whole begins at 7.5 s, ts', 'offset.ts', { all: '7.5' }, seen()),
  row(['time', 'B-frames and an edit list', 'delay.mp4'], seen(), { args: [...coded(), ...h264('-bf', '3', '-preset', 'veryfast')] }),
  {
    ...{ group: 'time', name: 'cut in an editor: an edit list hides the first half second', file: 'cut.mp4' },
    make: (path) => [
      [...picture(), ...beeps(), ...coded(), ...h264('-bf', '2', '-g', '50'), ...aac, path('whole.mp4')],
      ['-ss', '0.6', '-i', path('whole.mp4'), '-c', 'copy', path('cut.mp4')],
    ],
    expect: seen({}, { frames: 60, flashes: null }),
  },
  ...[
    ['MPEG-2 in fields, ts', 'fields.ts', ['-c:v', 'mpeg2video', '-q:v', '2', '-flags', '+ildct+ilme', '-top', '1']],
    ['H.264 MBAFF', 'fields.mp4', h264('-flags', '+ildct+ilme', '-x264-params', 'tff=1')],
    ['H.264 bottom field first, mkv', 'fields.mkv', h264('-flags', '+ildct+ilme', '-x264-params', 'bff=1')],
    ['ProRes in fields', 'fields.mov', ['-c:v', 'prores_ks', '-flags', '+ildct+ilme']],
  ].map(([name, file, args]) =>
    row(['time', name as string, file as string], seen({}, { decisions: ['DEINTERLACED'] }), {
      args: [...coded(file === 'fields.mov' ? { pixels: 'yuv422p10le' } : {}, ['setfield=tff']), ...(args as string[])],
    }),
  ),
  row(['time', 'MPEG-4 in fields that only its frames tell', 'fields.mp4'], seen({}, { decisions: ['FIELDS_UNKNOWN'] }), {
    args: [...coded({ matrix: 'smpte170m' }, ['setfield=tff']), '-c:v', 'mpeg4', '-q:v', '2', '-flags', '+ildct+ilme', '-top', '1'],
  }),
];
