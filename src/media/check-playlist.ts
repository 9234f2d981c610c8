import HLS from 'hls-parser';
import type { ReportTrack } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { relativeKey } from '../domain/keys.js';
import { parseMediaPlaylist, soundRates } from './playlist.js';

/** EXTINF is written with six decimals; neither one segment nor the whole may be off by more than their rounding. */
const TOLERANCE_S = 0.000_002;

/**
 * Holds a stored media playlist to the track's segments: names, order, measured lengths, header, and that it is closed.
 * @throws PipelineError VERIFY_PLAYLIST with what was expected and found
 */
export function checkMediaPlaylist(text: string, track: ReportTrack): void {
  const key = track.playlistKey;
  const refuse = (note: string, details: Record<string, string | number | null> = {}): never => {
    throw new PipelineError('VERIFY_PLAYLIST', { note, details: { key, ...details } });
  };
  const playlist = parseMediaPlaylist(text);
  if (!playlist.ended) refuse('It is not closed.');
  const init = relativeKey(key, track.init.key);
  if (playlist.initUri !== init) refuse('It names another header.', { expected: init, found: playlist.initUri });
  if (playlist.segments.length !== track.segments.length) {
    refuse('It has another number of segments.', { expected: track.segments.length, found: playlist.segments.length });
  }
  track.segments.forEach((segment, index) => {
    const listed = playlist.segments[index];
    const uri = relativeKey(key, segment.key);
    if (listed?.uri !== uri) refuse('It names another segment.', { expected: uri, found: listed?.uri ?? null });
    const durationS = segment.durationTicks / track.timescale;
    if (Math.abs((listed?.durationS ?? 0) - durationS) > TOLERANCE_S) {
      refuse('A segment has another length.', { uri, expected: durationS, found: listed?.durationS ?? null });
    }
  });
  const totalS = track.segments.reduce((sum, segment) => sum + segment.durationTicks, 0) / track.timescale;
  if (Math.abs(playlist.totalDurationS - totalS) > TOLERANCE_S) {
    refuse('Its length is not that of the track.', { expected: totalS, found: playlist.totalDurationS });
  }
}

/**
 * Holds a stored master playlist to the tracks: every rung once, with its size, rates no lower than measured, and the
 * sound where there is one.
 * @throws PipelineError VERIFY_PLAYLIST
 */
export function checkMasterPlaylist(text: string, key: string, tracks: readonly ReportTrack[]): void {
  const refuse = (note: string): never => {
    throw new PipelineError('VERIFY_PLAYLIST', { note, details: { key } });
  };
  const sounds = tracks.filter((track) => track.resolution === null);
  const variants = parseMaster(text, refuse);
  const pictures = tracks.filter((track) => track.resolution !== null);
  if (variants.length !== pictures.length) refuse(`It lists ${variants.length} of ${pictures.length} qualities.`);
  for (const track of pictures) {
    const variant = variants.find((each) => each.uri === relativeKey(key, track.playlistKey));
    if (variant === undefined) {
      refuse(`It leaves out ${track.name}.`);
      continue;
    }
    const { width, height } = variant.resolution ?? {};
    if (width !== track.resolution?.width || height !== track.resolution?.height) refuse(`It gives ${track.name} another size.`);
    if (variant.bandwidth < track.peakBitsPerSecond + soundRates(sounds).peakBitsPerSecond) refuse(`It promises too low a rate for ${track.name}.`);
    if (!variant.codecs?.includes(track.codec)) refuse(`It gives ${track.name} another codec.`);
    const audio = variant.audio.map((rendition) => rendition.uri).join();
    if (audio !== sounds.map((sound) => relativeKey(key, sound.playlistKey)).join()) refuse(`It gives ${track.name} other sound.`);
  }
}

function parseMaster(text: string, refuse: (note: string) => never): readonly InstanceType<typeof HLS.types.Variant>[] {
  try {
    const playlist = HLS.parse(text);
    if (!playlist.isMasterPlaylist) return refuse('It is no master playlist.');
    return (playlist as InstanceType<typeof HLS.types.MasterPlaylist>).variants;
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    return refuse(cause instanceof Error ? cause.message.slice(0, 200) : 'It cannot be read.');
  }
}
