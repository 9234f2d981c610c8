import type { Plan } from '../domain/plan.js';
import type { Probe } from '../domain/probe.js';
import { EVERY_LINE, inputLimitArgs, type SourceInput, UNCORRECTED_START } from './input-args.js';

export type RemuxContainer = 'mp4' | 'mkv';

/** What ffmpeg writes into an MP4. The others (VP8, ProRes) go into Matroska, which takes all. */
const MP4_CODECS: readonly string[] = ['h264', 'hevc', 'mpeg4', 'mpeg2video', 'mjpeg', 'av1', 'vp9'];

/**
 * MP4 keeps the clock of the source, and turned pictures turned; but it wants decode times, which Matroska has not: what
 * comes out of that goes back into it, on the same clock of milliseconds. Both are cut exactly.
 */
export function remuxContainer(probe: Probe): RemuxContainer {
  return MP4_CODECS.includes(probe.video.codec) && !probe.format.includes('matroska') ? 'mp4' : 'mkv';
}

/**
 * The finished argv (behind the program's name) that puts the pictures of a source, unchanged and on its own time line,
 * into a file with an index. Without sound: that is read from start to end, which needs no index. Frames before the
 * first key frame are left out, as nothing can show them.
 */
export function remuxArgs(wish: { readonly probe: Probe; readonly input: SourceInput; readonly output: string }): string[] {
  const { video } = wish.probe;
  return [
    ...['-threads', '1', ...EVERY_LINE, ...inputLimitArgs(wish.input.protocols)],
    // AVI has no times of display; where the order of frames can be told, they are made up from the times of decoding.
    ...['-fflags', '+genpts', '-copyts', '-i', wish.input.url],
    ...['-map', `0:${video.streamIndex}`, '-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-c:v', 'copy'],
    // Old AVI files hold two frames in one packet and an empty one behind it.
    ...(video.codec === 'mpeg4' ? ['-bsf:v', 'mpeg4_unpack_bframes'] : []),
    ...['-fflags', '+bitexact', '-f', remuxContainer(wish.probe) === 'mp4' ? 'mp4' : 'matroska', wish.output],
  ];
}

/**
 * The same for a planned source in which damage was found: whatever packets can be got at, into Matroska, which takes all.
 * Time counts from the container's start, as it does for the plan.
 */
export function mendArgs(wish: { readonly plan: Plan; readonly input: SourceInput; readonly output: string }): string[] {
  const { video } = wish.plan;
  return [
    ...['-threads', '1', ...inputLimitArgs(wish.input.protocols)],
    ...['-fflags', '+genpts', '-err_detect', 'ignore_err', ...UNCORRECTED_START, '-i', wish.input.url],
    ...['-map', `0:${video.streamIndex}`, '-an', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-c:v', 'copy'],
    ...['-avoid_negative_ts', 'disabled', '-fflags', '+bitexact', '-f', 'matroska', wish.output],
  ];
}
