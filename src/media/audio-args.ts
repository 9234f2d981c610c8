import type { ChannelGains } from '../domain/downmix.js';
import type { AudioPlan, Plan } from '../domain/plan.js';
import { secondsText } from '../domain/rational.js';
import { EVERY_LINE, inputLimitArgs, type SourceInput, UNCORRECTED_START } from './input-args.js';

export interface AudioWish {
  readonly plan: Pick<Plan, 'video'>;
  readonly audio: AudioPlan;
  /** The original, whatever the pictures are cut from: sound is read from start to end, and needs no index. */
  readonly input: SourceInput;
  readonly output: string;
}

/**
 * The finished argv (behind the program's name) that encodes the whole audio track into one fragmented MP4, on the
 * video's time line: time 0 is video frame 0. Sound before it is cut off, a later start is filled with silence, and so
 * are gaps of more than 0.1 s inside; nothing is added at the end.
 */
export function encodeAudioArgs({ plan, audio, input, output }: AudioWish): string[] {
  const shift = `asetpts=PTS-(${audio.originUs ?? plan.video.originUs}/1000000)/TB`;
  // async=1: gaps are filled or cut, speed is never changed. first_pts=0: the same for the start, to the sample.
  const end = audio.endsThere ? [`atrim=end=${secondsText(audio.expectedDurationUs)}`] : [];
  const align = `aresample=${audio.sampleRate}:async=1:first_pts=0`;
  return [
    ...['-filter_threads', '1', '-threads', '1', ...EVERY_LINE],
    ...inputLimitArgs(input.protocols),
    ...[...UNCORRECTED_START, '-i', input.url],
    ...['-map', `0:${audio.streamIndex}`, ...AUDIO_ONLY],
    ...['-af', [shift, ...(audio.downmix ? [panTo(audio.downmix)] : []), align, ...(audio.downmix ? [LIMITER] : []), ...end].join(',')],
    ...['-c:a', 'aac', '-threads:a', '1', '-b:a', `${audio.bitrateKbps}k`, '-ac', String(audio.channels), '-ar', String(audio.sampleRate)],
    ...fragmented(output),
  ];
}

/** `=`, not `<`: that would turn everything down until the loudest moment that could be fits, and voices with it. */
function panTo(gains: readonly ChannelGains[]): string {
  const side = (of: (channel: ChannelGains) => number): string =>
    gains
      .filter((channel) => of(channel) > 0)
      .map((channel) => `${of(channel).toFixed(4)}*${channel.channel}`)
      .join('+');
  return `pan=stereo|FL=${side((channel) => channel.left)}|FR=${side((channel) => channel.right)}`;
}

/** What several loud channels add up to beyond full scale is turned down for that moment, 1 dB below it: coding adds a little. No louder otherwise, and in time. */
const LIMITER = 'alimiter=limit=0.891:level=disabled:latency=1';

/**
 * The same track with the source's own packets, where the plan says `copy`. What lies before time 0 (priming, and what
 * was recorded before the first frame) stays in the file, hidden by its edit list. All packets are decoded beside it
 * and thrown away: the first that cannot be decoded ends the run, as it would be heard otherwise.
 */
export function copyAudioArgs({ plan, audio, input, output }: AudioWish): string[] {
  const originUs = audio.originUs ?? plan.video.originUs;
  return [
    ...['-threads', '1', '-max_error_rate', '0'],
    ...inputLimitArgs(input.protocols),
    // With an offset of its own ffmpeg leaves an MPEG-TS's start alone, so one command serves for all containers.
    ...[...(originUs > 0 ? ['-itsoffset', secondsText(-originUs)] : UNCORRECTED_START), '-i', input.url],
    ...['-map', `0:${audio.streamIndex}`, ...AUDIO_ONLY, '-f', 'null', '-'],
    ...['-map', `0:${audio.streamIndex}`, ...AUDIO_ONLY],
    // Transport streams carry a header in every packet; where there is none the filter does nothing.
    ...['-c:a', 'copy', '-bsf:a', 'aac_adtstoasc', ...fragmented(output)],
  ];
}

const AUDIO_ONLY = ['-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];

// Not `cmaf`: it writes no edit list here, and the 1024 samples of priming would be heard as 21 ms of delay.
const fragmented = (output: string): string[] => [
  ...['-frag_duration', '2000000', '-movflags', 'empty_moov+default_base_moof+delay_moov+skip_trailer', '-f', 'mp4', output],
];
