import type { AudioPlan, Plan } from '../domain/plan.js';
import { inputLimitArgs, type SourceInput, UNCORRECTED_START } from './input-args.js';

/**
 * The finished argv (behind the program's name) that encodes the whole audio track into one fragmented MP4, on the
 * video's time line: time 0 is video frame 0. Sound before it is cut off, a later start is filled with silence, and so
 * are gaps of more than 0.1 s inside; nothing is added at the end.
 */
export function encodeAudioArgs(wish: {
  readonly plan: Pick<Plan, 'video'>;
  readonly audio: AudioPlan;
  readonly input: SourceInput;
  readonly output: string;
}): string[] {
  const { audio } = wish;
  const { video } = wish.plan;
  const shift = `asetpts=PTS-(${video.originUs}/1000000)/TB`;
  // async=1: gaps are filled or cut, speed is never changed. first_pts=0: the same for the start, to the sample.
  const align = `aresample=${audio.sampleRate}:async=1:first_pts=0`;
  return [
    ...['-filter_threads', '1', '-threads', '1'],
    ...inputLimitArgs(wish.input.protocols),
    ...[...UNCORRECTED_START, '-i', wish.input.url],
    ...['-map', `0:${audio.streamIndex}`, '-vn', '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-fflags', '+bitexact', '-flags:a', '+bitexact'],
    ...['-af', `${shift},${align}`],
    ...['-c:a', 'aac', '-threads:a', '1', '-b:a', `${audio.bitrateKbps}k`, '-ac', String(audio.channels), '-ar', String(audio.sampleRate)],
    // Not `cmaf`: it writes no edit list here, and the 1024 samples of priming would be heard as 21 ms of delay.
    ...['-frag_duration', '2000000', '-movflags', 'empty_moov+default_base_moof+delay_moov+skip_trailer', '-f', 'mp4', wish.output],
  ];
}
