import type { Damage, DamageReport } from './damage.js';
import type { ErrorCode } from './errors.js';
import type { Decision } from './plan.js';
import type { Recipe } from './recipe.js';

/** One stored object as its writer knew it. What verification holds the store to. */
export interface Artefact {
  readonly key: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** One playable piece of one track: a run of CMAF fragments. */
export interface SegmentFacts extends Artefact {
  /** Media samples (frames, or audio access units) counted in the bytes, not assumed. */
  readonly packetCount: number;
  /** First decode time and length in ticks of the track's timescale, from the bytes. */
  readonly startTicks: number;
  readonly durationTicks: number;
}

export interface TrackFacts {
  /** "1080p", …, or "audio". */
  readonly name: string;
  readonly init: Artefact;
  readonly timescale: number;
  /** RFC 6381, read from the init segment: "avc1.640028", "mp4a.40.2". */
  readonly codec: string;
  readonly segments: readonly SegmentFacts[];
}

/** The commit of one chunk: written once with If-None-Match; whoever comes second has lost. */
export interface ChunkManifest {
  readonly index: number;
  readonly attempt: string;
  readonly startFrame: number;
  readonly frameCount: number;
  readonly tracks: readonly TrackFacts[];
  /** Storyboard tiles (JPEG) of this chunk, from tile `firstTile` on. */
  readonly firstTile: number;
  readonly tiles: readonly Artefact[];
  /** The poster's picture (PNG), in the one chunk that holds its frame. */
  readonly poster: Artefact | null;
  readonly cost: EncodeCost;
  /** How the source was read for it, all qualities alike. Absent: `normal`. */
  readonly recipe?: Recipe;
  /** Absent: none was seen. */
  readonly damage?: Damage;
}

export interface AudioManifest {
  readonly attempt: string;
  /** Whether the packets are the source's own. A plan may say so and the packets not hold: then they are encoded. Absent: no. */
  readonly copied?: boolean;
  readonly track: TrackFacts;
  readonly cost: EncodeCost;
  /** Packets that could not be decoded. Absent: none. */
  readonly lostPackets?: number;
}

/** One piece of a subtitle track: a WebVTT file with the cues that are on screen in it. */
export interface SubtitleSegment extends Artefact {
  readonly startUs: number;
  readonly durationUs: number;
  readonly cueCount: number;
}

export interface SubtitleTrack {
  /** "subs-1", … */
  readonly name: string;
  /** Cues of the whole track; one that lasts over the end of a segment is in both. */
  readonly cueCount: number;
  readonly segments: readonly SubtitleSegment[];
}

export interface SubtitlesManifest {
  readonly attempt: string;
  readonly tracks: readonly SubtitleTrack[];
  /** Names of planned tracks that could not be read. The film is published without them, and says so. */
  readonly unreadable: readonly string[];
  readonly cost: EncodeCost;
}

export interface ReportSubtitles extends SubtitleTrack {
  readonly playlistKey: string;
}

export interface ImagesManifest {
  readonly attempt: string;
  readonly poster: Artefact;
  readonly sprites: readonly Artefact[];
  readonly vtt: Artefact;
}

export interface EncodeCost {
  readonly wallMs: number;
  readonly sourceBytesRead: number;
}

/** The publish commit of a generation: every artefact by key, size and hash. */
export interface GenerationReport {
  readonly videoId: string;
  readonly generation: number;
  readonly source: { readonly key: string; readonly sizeBytes: number; readonly etag: string };
  readonly durationUs: number;
  readonly frameCount: number;
  readonly tracks: readonly ReportTrack[];
  /** Absent: none. */
  readonly subtitles?: readonly ReportSubtitles[];
  /** Frames that are not what the source once showed. Absent: none was seen. */
  readonly damage?: DamageReport;
  /** What only came to light while it was made, beside the plan's decisions. Absent: nothing. */
  readonly findings?: readonly Decision[];
  readonly playlists: readonly Artefact[];
  readonly images: { readonly poster: Artefact; readonly sprites: readonly Artefact[]; readonly vtt: Artefact };
}

export interface ReportTrack extends TrackFacts {
  readonly playlistKey: string;
  readonly peakBitsPerSecond: number;
  readonly averageBitsPerSecond: number;
  readonly resolution: { readonly width: number; readonly height: number } | null;
}

/** Every stored object that a report names, itself excluded. */
export function artefactsOf(report: GenerationReport): Artefact[] {
  const tracks = report.tracks.flatMap((track) => [track.init, ...track.segments]);
  const subtitles = (report.subtitles ?? []).flatMap((track) => track.segments);
  return [...tracks, ...subtitles, ...report.playlists, report.images.poster, ...report.images.sprites, report.images.vtt];
}

/** Why a video is not published: shown alike by API, CLI and workflow details. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}
