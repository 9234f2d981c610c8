import type { SubtitlePlan } from '../domain/plan.js';
import { inputLimitArgs, type SourceInput, UNCORRECTED_START } from './input-args.js';

/** Decoders of text, and no others: what draws pictures stays shut. */
const TEXT_DECODERS = 'subrip,srt,webvtt,mov_text,ass,ssa,text';

/**
 * The finished argv (behind the program's name) that turns text subtitles into WebVTT, all from one reading of the
 * source. Times count from the container's start; who reads the files moves them onto the video's time line.
 */
export function subtitleArgs(wish: {
  readonly input: SourceInput;
  readonly outputs: readonly { readonly subtitles: SubtitlePlan; readonly path: string }[];
}): string[] {
  return [
    ...['-threads', '1', ...inputLimitArgs(wish.input.protocols), '-codec_whitelist:s', TEXT_DECODERS],
    ...[...UNCORRECTED_START, '-i', wish.input.url],
    ...wish.outputs.flatMap(({ subtitles, path }) => [
      ...['-map', `0:${subtitles.streamIndex}`, '-vn', '-an', '-dn', '-map_metadata', '-1', '-map_chapters', '-1'],
      // The muxer would else move all cues where the first lies before 0.
      ...['-c:s', 'webvtt', '-avoid_negative_ts', 'disabled', '-f', 'webvtt', path],
    ]),
  ];
}
