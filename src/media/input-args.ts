import type { Server } from 'node:net';
import type { Sandbox } from './sandbox.js';

/** How one source is opened: where it is, and the only protocols that may be spoken to get at it. */
export interface SourceInput {
  /** `file:/absolute/path`, or the loopback address of a range server. Never anything a user typed. */
  readonly url: string;
  /** `file`, or `http,tcp`. */
  readonly protocols: string;
  /** Where whoever reads it has to run. Absent: as we do, which is for files of our own making. */
  readonly sandbox?: Sandbox;
  /** Answers on a listening socket inside of a sandbox. Absent: `url` can be reached from here, or is a file. */
  readonly serve?: (door: Server) => void;
}

/** Demuxers that open nothing but the file they are given: no playlist, no concat list, no sidecar file. */
const FORMATS = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,avi';

const CODECS = [
  ...['h264', 'hevc', 'vp8', 'libvpx-vp8', 'vp9', 'libvpx-vp9', 'libdav1d', 'av1', 'mpeg4', 'mpeg2video', 'prores', 'mjpeg'],
  ...['aac', 'aac_latm', 'mp3float', 'mp3', 'mp2float', 'mp2', 'ac3', 'eac3', 'opus', 'libopus', 'vorbis', 'flac', 'alac'],
  // Plain samples of cameras, old AVI files and cutting rooms: one small decoder of ffmpeg's, whatever their width.
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_u8', 'pcm_alaw', 'pcm_mulaw'],
].join(',');

/** Options that stand before `-i`: what a hostile file may make ffmpeg open, decode or allocate. */
export function inputLimitArgs(protocols: string): string[] {
  return [
    ...['-protocol_whitelist', protocols],
    ...['-format_whitelist', FORMATS],
    ...['-codec_whitelist', CODECS],
    ...['-max_streams', '64', '-max_pixels', '36000000'],
    ...['-probesize', '20M', '-analyzeduration', '10M'],
    // A compressed header can claim gigabytes; honest files stay far below this in one block.
    ...['-max_alloc', '134217728'],
  ];
}

/** Each line that ffmpeg has to say, with its level and never summed up: damage is counted by them (see damage-log). */
export const EVERY_LINE: readonly string[] = ['-loglevel', 'repeat+level+warning'];

/**
 * Stands before `-i` where reading begins at the source's start. Of an MPEG-TS ffmpeg would else count time from the
 * first stream that is *used*, not from the container's start: sound that starts late would be early by as much.
 * It only does that while its own offset is exactly the start time, and one microsecond makes it another one.
 */
export const UNCORRECTED_START: readonly string[] = ['-itsoffset', '0.000001'];
