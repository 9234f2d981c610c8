import type { SubtitleFacts } from '../domain/probe.js';
import type { OtherKind, OtherTrack } from '../domain/track-policy.js';
import { PICTURE_SUBTITLE_CODECS, TEXT_SUBTITLE_CODECS } from './probe-args.js';
import { isStill, languageOf, type ProbedStream, plain } from './probe-facts.js';
import { roleOf } from './track-role.js';

/** Tracks that the result cannot hold. A QuickTime time code is a data track; sound is told elsewhere. */
export function otherTracks(streams: readonly ProbedStream[], video: ProbedStream): OtherTrack[] {
  return streams.flatMap((stream) => {
    const kind = stream === video ? null : kindOf(stream);
    const codec = plain(stream.codec_name) ?? plain(stream.codec_tag_string) ?? 'unknown';
    return kind === null ? [] : [{ streamIndex: stream.index, kind, codec }];
  });
}

function kindOf(stream: ProbedStream): OtherKind | null {
  const codec = stream.codec_name ?? '';
  switch (stream.codec_type) {
    case 'video':
      return isStill(stream) ? 'cover' : 'picture';
    case 'audio':
      return null;
    case 'subtitle':
      if (TEXT_SUBTITLE_CODECS.includes(codec)) return null;
      return PICTURE_SUBTITLE_CODECS.includes(codec) ? 'pictureSubtitle' : 'unknownSubtitle';
    default:
      return 'data';
  }
}

/** Subtitles that are text, in the order of the file. */
export function textSubtitles(streams: readonly ProbedStream[]): SubtitleFacts[] {
  const texts = streams.filter((s) => s.codec_type === 'subtitle' && TEXT_SUBTITLE_CODECS.includes(s.codec_name ?? ''));
  return texts.map((stream) => ({
    ...{ streamIndex: stream.index, codec: stream.codec_name ?? '', language: languageOf(stream.tags?.language) },
    ...{ forced: stream.disposition?.forced === 1, ...roleOf(stream) },
  }));
}
