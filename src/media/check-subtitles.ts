import HLS from 'hls-parser';
import type { ReportSubtitles, SubtitleSegment } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { relativeKey } from '../domain/keys.js';
import { parseMediaPlaylist } from './playlist.js';
import { hasHeader, parseCues, writeCues } from './webvtt.js';

const TOLERANCE_S = 0.000_002;

/**
 * Holds one stored piece of subtitles to what its writer recorded: as many cues, each on screen within the piece, and
 * nothing in it that is not a cue (what is read, written anew, gives the same bytes).
 * @throws PipelineError VERIFY_SUBTITLES
 */
export function checkSubtitleSegment(text: string, expected: SubtitleSegment): void {
  const { key, startUs, durationUs, cueCount } = expected;
  const refuse = (note: string, details: Record<string, string | number> = {}): never => {
    throw new PipelineError('VERIFY_SUBTITLES', { note, details: { key, ...details } });
  };
  if (!hasHeader(text)) refuse('It is no WebVTT with a time map.');
  const cues = parseCues(text);
  if (cues.length !== cueCount) refuse('It has another number of cues.', { expected: cueCount, found: cues.length });
  const outside = cues.find((cue) => cue.startUs >= startUs + durationUs || cue.endUs <= startUs || cue.endUs <= cue.startUs);
  if (outside) refuse('A cue lies outside of it.', { startUs: outside.startUs, endUs: outside.endUs });
  if (writeCues(cues) !== text) refuse('It holds more than cues.');
}

/** @throws PipelineError VERIFY_PLAYLIST */
export function checkSubtitlePlaylist(text: string, track: ReportSubtitles): void {
  const key = track.playlistKey;
  const playlist = parseMediaPlaylist(text);
  const expected = track.segments.map((segment) => relativeKey(key, segment.key)).join();
  const found = playlist.segments.map((segment) => segment.uri).join();
  const lengthsHold = playlist.segments.every(
    ({ durationS }, n) => Math.abs(durationS - (track.segments[n]?.durationUs ?? 0) / 1_000_000) <= TOLERANCE_S,
  );
  if (playlist.ended && found === expected && lengthsHold) return;
  throw new PipelineError('VERIFY_PLAYLIST', { note: 'It does not list the subtitles.', details: { key } });
}

/** @throws PipelineError VERIFY_PLAYLIST where a variant does not offer exactly these subtitles */
export function checkSubtitlesOffered(master: string, key: string, tracks: readonly ReportSubtitles[]): void {
  const playlist = HLS.parse(master) as InstanceType<typeof HLS.types.MasterPlaylist>;
  const expected = tracks.map((track) => relativeKey(key, track.playlistKey)).join();
  const holds = playlist.variants.every((variant) => variant.subtitles.map(({ uri }) => uri).join() === expected);
  if (!holds) throw new PipelineError('VERIFY_PLAYLIST', { note: 'It offers other subtitles.', details: { key } });
}
