import HLS from 'hls-parser';
import type { ReportSubtitles, ReportTrack, TrackFacts } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { relativeKey } from '../domain/keys.js';
import { AUDIO_TRACK, audioName, audioTracks, type Plan } from '../domain/plan.js';
import { toNumber } from '../domain/rational.js';
import { subtitleRendition } from './subtitle-playlist.js';

/** Without it the library prints faults to the console and goes on. */
HLS.setOptions({ strictMode: true });

export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** The lowest version with EXT-X-MAP in playlists of media segments that apple's rules ask for: fMP4 needs 7. */
const VERSION = 7;
const AUDIO_GROUP = 'audio';

/**
 * Media playlist of a finished track: all segments, closed. The same track gives the same bytes.
 * @param key the playlist's own key: what its references are relative to
 */
export function mediaPlaylist(key: string, track: TrackFacts): string {
  const longestTicks = Math.max(...track.segments.map((segment) => segment.durationTicks));
  // EXTINF rounded to whole seconds must not be more; rounded up it never is.
  return writeMediaPlaylist(key, track, { playlistType: 'VOD', endlist: true, targetDuration: Math.ceil(longestTicks / track.timescale) });
}

/**
 * Media playlist of a track that is still being made: it only ever gains segments, and players begin at its start, not
 * at its end as they would with a live stream.
 * @param shape.targetDurationS must hold for every segment that is still to come; it may never change
 * @param shape.ended closes it: then players that followed it know that they have everything
 */
export function growingPlaylist(key: string, track: TrackFacts, shape: { readonly targetDurationS: number; readonly ended: boolean }): string {
  return writeMediaPlaylist(key, track, {
    playlistType: 'EVENT',
    endlist: shape.ended,
    targetDuration: shape.targetDurationS,
    start: { offset: 0, precise: false },
  });
}

type PlaylistShape = Pick<
  NonNullable<ConstructorParameters<typeof HLS.types.MediaPlaylist>[0]>,
  'playlistType' | 'endlist' | 'targetDuration' | 'start'
>;

function writeMediaPlaylist(key: string, track: TrackFacts, shape: PlaylistShape): string {
  if (track.segments.length === 0) throw new PipelineError('VERIFY_PLAYLIST', { note: `Track ${track.name} has no segments.` });
  const map = new HLS.types.MediaInitializationSection({ uri: relativeKey(key, track.init.key) });
  const durations = durationsUs(track);
  const playlist = new HLS.types.MediaPlaylist({
    ...shape,
    version: VERSION,
    independentSegments: true,
    segments: track.segments.map(
      (segment, i) =>
        new HLS.types.Segment({ uri: relativeKey(key, segment.key), duration: (durations[i] ?? 0) / 1_000_000, map, mediaSequenceNumber: i }),
    ),
  });
  // The library writes a float's shortest form ("4", "4.004"); here every duration has its six decimals.
  const segmentProcessor = (lines: string[], start: number, end: number, _segment: unknown, i: number): void => {
    for (let line = start; line <= end; line += 1) if (lines[line]?.startsWith('#EXTINF:')) lines[line] = `#EXTINF:${seconds(durations[i] ?? 0)},`;
  };
  return `${HLS.stringify(playlist, { segmentProcessor })}\n`;
}

/** Segment lengths in whole microseconds, rounded so that they add up to the track's measured length whatever the timescale. */
function durationsUs(track: TrackFacts): number[] {
  const at = (ticks: number): number => Math.round((ticks * 1_000_000) / track.timescale);
  let ticks = 0;
  return track.segments.map((segment) => {
    const startUs = at(ticks);
    ticks += segment.durationTicks;
    return at(ticks) - startUs;
  });
}

const seconds = (us: number): string => `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`;

/** Segments of one length fit in a run once or twice; only made-up ones are so short that more would. */
const LONGEST_RUN = 100;

/**
 * Bits per second of a track from its measured segments, rounded up. The peak is RFC 8216's (4.3.4.2): the highest of
 * any run of segments that lasts 0.5 to 1.5 target durations, so that a last segment of one frame does not count alone.
 */
export function bitRates(track: TrackFacts): { peakBitsPerSecond: number; averageBitsPerSecond: number } {
  const pieces = track.segments.map((segment) => ({ bits: segment.sizeBytes * 8, ticks: segment.durationTicks }));
  if (pieces.length === 0) return { peakBitsPerSecond: 0, averageBitsPerSecond: 0 };
  // In ticks, not seconds: a quotient of whole numbers is not rounded up by a float's last digit.
  const rateOf = (bits: number, ticks: number): number => Math.ceil((bits * track.timescale) / ticks);
  const total = pieces.reduce((sum, piece) => ({ bits: sum.bits + piece.bits, ticks: sum.ticks + piece.ticks }));
  const averageBitsPerSecond = rateOf(total.bits, total.ticks);
  const targetTicks = Math.ceil(Math.max(...pieces.map((piece) => piece.ticks)) / track.timescale) * track.timescale;
  let peak = averageBitsPerSecond;
  for (let first = 0; first < pieces.length; first += 1) {
    let run = { bits: 0, ticks: 0 };
    for (const piece of pieces.slice(first, first + LONGEST_RUN)) {
      run = { bits: run.bits + piece.bits, ticks: run.ticks + piece.ticks };
      if (run.ticks > targetTicks * 1.5) break;
      if (run.ticks >= targetTicks * 0.5) peak = Math.max(peak, rateOf(run.bits, run.ticks));
    }
  }
  return { peakBitsPerSecond: peak, averageBitsPerSecond };
}

/**
 * Master playlist. Players start with the variant that stands first (Apple's authoring rules, and hls.js until it has
 * measured): that is the best one up to 720 lines, neither a blur nor a stall; the others follow from high to low.
 * BANDWIDTH is the sum of the measured peaks of picture and sound, AVERAGE-BANDWIDTH that of their averages.
 * @param tracks video tracks have a resolution; those without are the sound, of which a player plays one
 */
export function masterPlaylist(
  key: string,
  plan: Pick<Plan, 'grid' | 'audio' | 'extraAudio' | 'subtitles'>,
  tracks: readonly ReportTrack[],
  words: readonly ReportSubtitles[] = [],
): string {
  const sounds = tracks.filter((track) => track.resolution === null);
  const pictures = tracks.filter((track) => track.resolution !== null);
  if (pictures.length === 0) throw new PipelineError('VERIFY_PLAYLIST', { note: 'There is no video track.' });
  const audio = sounds.map((track) => audioRendition(key, plan, track));
  const loudest = soundRates(sounds);
  const subtitles = words.flatMap((track) => {
    const own = plan.subtitles?.find((each) => each.name === track.name);
    return own ? [subtitleRendition(key, own, track)] : [];
  });
  const variants = startFirst(pictures).map(
    (track) =>
      new HLS.types.Variant({
        uri: relativeKey(key, track.playlistKey),
        bandwidth: track.peakBitsPerSecond + loudest.peakBitsPerSecond,
        averageBandwidth: track.averageBitsPerSecond + loudest.averageBitsPerSecond,
        codecs: [...new Set([track.codec, ...sounds.map((sound) => sound.codec)])].join(','),
        resolution: track.resolution,
        frameRate: toNumber(plan.grid.rate),
        audio,
        subtitles,
      }),
  );
  return `${HLS.stringify(new HLS.types.MasterPlaylist({ version: VERSION, independentSegments: true, variants }))}\n`;
}

/** What the sound adds to a picture at most, whichever of its tracks is played. */
export function soundRates(sounds: readonly ReportTrack[]): Pick<ReportTrack, 'peakBitsPerSecond' | 'averageBitsPerSecond'> {
  return {
    peakBitsPerSecond: Math.max(0, ...sounds.map((sound) => sound.peakBitsPerSecond)),
    averageBitsPerSecond: Math.max(0, ...sounds.map((sound) => sound.averageBitsPerSecond)),
  };
}

function audioRendition(key: string, plan: Pick<Plan, 'audio' | 'extraAudio'>, track: ReportTrack): InstanceType<typeof HLS.types.Rendition> {
  const audio = audioTracks(plan).find((each) => audioName(each) === track.name);
  const language = audio?.language ?? undefined;
  const channels = audio ? String(audio.channels) : undefined;
  const uri = relativeKey(key, track.playlistKey);
  const isDefault = track.name === AUDIO_TRACK;
  // `forced` belongs to subtitles; the library's type wants it and its writer leaves out what is undefined.
  return new HLS.types.Rendition({
    ...{ type: 'AUDIO', groupId: AUDIO_GROUP, name: audio?.label ?? language ?? 'Audio', language, isDefault, autoselect: true, channels, uri },
  } as ConstructorParameters<typeof HLS.types.Rendition>[0]);
}

const START_SHORT_SIDE = 720;

function startFirst(pictures: readonly ReportTrack[]): ReportTrack[] {
  const short = (track: ReportTrack): number => Math.min(track.resolution?.width ?? 0, track.resolution?.height ?? 0);
  const falling = [...pictures].sort((a, b) => short(b) - short(a));
  const start = falling.find((track) => short(track) <= START_SHORT_SIDE) ?? falling[falling.length - 1];
  return start ? [start, ...falling.filter((track) => track !== start)] : falling;
}

export interface ParsedMediaPlaylist {
  readonly initUri: string | null;
  readonly segments: readonly { readonly uri: string; readonly durationS: number }[];
  /** Closed by ENDLIST. */
  readonly ended: boolean;
  /** Sum of the durations to the microsecond, without a float's drift. */
  readonly totalDurationS: number;
}

/** @throws PipelineError VERIFY_PLAYLIST where the text is no media playlist */
export function parseMediaPlaylist(text: string): ParsedMediaPlaylist {
  const playlist = parse(text);
  if (playlist.isMasterPlaylist) throw new PipelineError('VERIFY_PLAYLIST', { note: 'It is a master playlist.' });
  const { segments, endlist } = playlist as InstanceType<typeof HLS.types.MediaPlaylist>;
  const totalUs = segments.reduce((sum, segment) => sum + Math.round(segment.duration * 1_000_000), 0);
  return {
    initUri: segments[0]?.map?.uri ?? null,
    segments: segments.map((segment) => ({ uri: segment.uri, durationS: segment.duration })),
    ended: endlist,
    totalDurationS: totalUs / 1_000_000,
  };
}

function parse(text: string): ReturnType<typeof HLS.parse> {
  try {
    return HLS.parse(text);
  } catch (cause) {
    throw new PipelineError('VERIFY_PLAYLIST', { note: cause instanceof Error ? cause.message.slice(0, 200) : '', cause });
  }
}
