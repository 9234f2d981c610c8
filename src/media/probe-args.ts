import { inputLimitArgs, type SourceInput } from './input-args.js';

/** Video codecs that are decoded; anything else is SOURCE_UNSUPPORTED. Names as ffprobe's codec_name. */
export const VIDEO_CODECS: readonly string[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mpeg2video', 'prores', 'mjpeg'];
/** Audio codecs that are decoded, as ffprobe names them: broadcasts have MP2 and LATM, cameras and cutting rooms plain samples. */
export const AUDIO_CODECS: readonly string[] = [
  ...['aac', 'aac_latm', 'mp3', 'mp2', 'ac3', 'eac3', 'opus', 'vorbis', 'flac', 'alac'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le', 'pcm_s32be', 'pcm_f32le', 'pcm_u8', 'pcm_alaw', 'pcm_mulaw'],
];

/** Subtitles that are text, as ffprobe names them: what becomes WebVTT. */
export const TEXT_SUBTITLE_CODECS: readonly string[] = ['subrip', 'webvtt', 'mov_text', 'ass', 'text'];
/** Subtitles that are pictures or pages of a screen. */
export const PICTURE_SUBTITLE_CODECS: readonly string[] = ['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'dvb_teletext', 'xsub'];

/** The largest picture that is taken, in pixels: what `inputLimitArgs` lets ffmpeg open. Sources beyond it are SOURCE_PIXELS. */
export const MAX_PIXELS = 36_000_000;

const FORMAT = 'format_name,start_time,duration';
const STREAM = [
  'index,id,codec_name,codec_tag_string,codec_type,profile,width,height,sample_aspect_ratio,pix_fmt,field_order',
  'color_range,color_space,color_transfer,color_primaries,r_frame_rate,avg_frame_rate,nb_frames,start_time,duration,channels,channel_layout,sample_rate,bit_rate',
].join(',');

const DISPOSITIONS = 'default,attached_pic,timed_thumbnails,still_image,forced,comment,visual_impaired,hearing_impaired,dub,original';

/** argv that describes the streams, as JSON. A fixed list of entries: free text of a file (titles, comments) never leaves ffprobe. */
export function streamsArgs(input: SourceInput): string[] {
  return [
    ...limits(input),
    '-show_entries',
    `format=${FORMAT}:stream=${STREAM}:stream_disposition=${DISPOSITIONS}:stream_tags=language:stream_side_data=rotation,displaymatrix,dv_profile,dv_bl_signal_compatibility_id`,
    ...['-of', 'json', '-i', input.url],
  ];
}

/** argv that lists every packet: stream, pts, dts, duration, size, flags, one comma-separated line each. Reads the whole file. */
export function packetsArgs(input: SourceInput): string[] {
  return [...limits(input), '-show_entries', 'packet=stream_index,pts_time,dts_time,duration_time,size,flags', '-of', 'csv=p=0', '-i', input.url];
}

/** Enough to cross several groups of pictures of most sources. */
const FIRST_PACKETS = 300;

/** argv that decodes the first frames of one track: each one's own time and the time at which it is shown, one comma-separated line a frame. */
export function firstFramesArgs(input: SourceInput, streamIndex: number): string[] {
  return [
    ...['-threads', '1', ...limits(input), '-select_streams', String(streamIndex), '-read_intervals', `%+#${FIRST_PACKETS}`],
    ...['-show_entries', 'frame=pts_time,best_effort_timestamp_time', '-of', 'csv=p=0', '-i', input.url],
  ];
}

/**
 * ffprobe opens a decoder for every track before it says a word, and gives up when one is not on the list: a film with
 * subtitles, cover art or DTS sound would be refused. These are opened by ffprobe and never fed: the demuxer's own list,
 * which is what decodes while it looks at a file, stays the short one.
 */
const OPENED_ONLY = {
  s: 'ass,ssa,srt,subrip,mov_text,webvtt,text,pgssub,dvdsub,dvbsub,libzvbi_teletextdec,cc_dec,xsub,microdvd,stl',
  v: 'png,bmp,gif,tiff,webp',
  a: [
    ...['dca', 'truehd', 'mlp', 'mp1float', 'wmav1', 'wmav2', 'wmapro', 'wmalossless', 'amrnb', 'amrwb', 'ac4'],
    ...['pcm_f32be', 'pcm_f64le', 'pcm_bluray', 'pcm_dvd'],
    ...['adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'qdm2', 'qdmc', 's302m', 'speex', 'tta', 'wavpack', 'g726', 'gsm_ms'],
  ].join(','),
} as const;

/** @throws RangeError for an input that is neither a local file nor the loopback server: a fault of the caller */
function limits(input: SourceInput): string[] {
  const ours = input.protocols === 'file' ? input.url.startsWith('file:/') : /^http:\/\/127\.0\.0\.1:\d+\//.test(input.url);
  if (!ours || !['file', 'http,tcp'].includes(input.protocols))
    throw new RangeError(`not an input that may be opened: ${input.protocols} ${input.url}`);
  const args = inputLimitArgs(input.protocols);
  const decoders = args[args.indexOf('-codec_whitelist') + 1] ?? '';
  const opened = (['s', 'v', 'a'] as const).flatMap((kind) => [`-codec_whitelist:${kind}`, `${decoders},${OPENED_ONLY[kind]}`]);
  return ['-v', 'error', '-hide_banner', ...args, ...opened];
}
