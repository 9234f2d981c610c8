import type { Rational } from './rational.js';
import type { TrackRole } from './track-label.js';
import type { OtherTrack } from './track-policy.js';
import type { Truncation } from './truncation.js';

/** What ffprobe said of the source, normalised: only what a decision is made from. Small enough for workflow history. */
export interface Probe {
  readonly source: SourceFacts;
  /** ffmpeg's demuxer name, e.g. "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly format: string;
  readonly video: VideoFacts;
  /** null where the source has no audio that can be decoded. */
  readonly audio: AudioFacts | null;
  /** Start of the container's time line, microseconds: what an input `-ss` counts from. */
  readonly containerStartUs: number;
  readonly containerDurationUs: number;
  /** Codecs of audio tracks that were passed over because they cannot be decoded. Absent: none. */
  readonly undecodableAudio?: readonly string[];
  /** Sound tracks besides `audio` that can be decoded, in the order of the file. Absent: none. */
  readonly moreAudio?: readonly AudioFacts[];
  /** Subtitles that are text, in the order of the file. Absent: none. */
  readonly subtitles?: readonly SubtitleFacts[];
  /** Tracks that the result cannot hold. Absent: none. */
  readonly otherTracks?: readonly OtherTrack[];
  /** false: a seek does not find a frame exactly, or only by reading most of the file, as there is no index. Absent: true. */
  readonly seekable?: boolean;
  /** The source is cut, and its tenant wants what is whole. Absent: it is all there, as far as can be told. */
  readonly truncation?: Truncation;
  /** true: its container does not say where it ends. Absent: it says. */
  readonly openEnd?: boolean;
  /** What became of a source that is not seekable; then the facts of `video` are those of its pictures as they can be shown. */
  readonly remux?: Remux;
}

/**
 * `done`: the pictures lie unchanged in another container, which chunks are cut from. `refused`: that container did not
 * hold the same frames at the same times, or the pictures have no order that it could write down.
 */
export type Remux = (
  | {
      readonly outcome: 'done';
      readonly file: SourceFacts;
      /** ffmpeg's demuxer name of the new container. */
      readonly format: string;
      /** Time of the first frame in the new file, counted as an input `-ss` counts. */
      readonly originUs: number;
    }
  | { readonly outcome: 'refused'; readonly reason: string /** The same in the source. */; readonly originUs: number }
) & {
  /** Packets of the pictures that came broken, or of which only the place was found. Absent: none. */
  readonly brokenPackets?: number;
};

/** The stored original as S3 knows it; `etag` pins its bytes. */
export interface SourceFacts {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
}

export interface VideoFacts {
  readonly streamIndex: number;
  readonly codec: string;
  readonly profile: string | null;
  /** Stored size in pixels, before rotation and sample aspect. */
  readonly width: number;
  readonly height: number;
  /** Sample aspect ratio; 1/1 where the source does not say. */
  readonly sampleAspect: Rational;
  /** Degrees clockwise that a player turns the picture: 0, 90, 180, 270. */
  readonly rotation: number;
  /** A player also changes left and right, before it turns the picture. Absent: no. */
  readonly mirrored?: boolean;
  readonly pixelFormat: string;
  readonly fieldOrder: string;
  readonly color: { readonly primaries: string; readonly transfer: string; readonly space: string; readonly range: string };
  readonly averageRate: Rational;
  /** The lowest rate that all time stamps fit (ffprobe's r_frame_rate). */
  readonly baseRate: Rational;
  /** Packets of this stream, from the index or counted by reading the file: never an estimate. */
  readonly packetCount: number;
  /**
   * Every frame has its own place on the grid of `baseRate`, seen in the index or in all packets.
   * Absent where neither could be read: then only averages speak.
   */
  readonly evenlySpaced?: boolean;
  /** Frames that the header counts and that did not come: the film is shorter by them. Absent: none, or not known. */
  readonly lostFrames?: number;
  readonly startUs: number;
  readonly durationUs: number;
}

export interface AudioFacts {
  readonly streamIndex: number;
  readonly codec: string;
  readonly profile: string | null;
  readonly channels: number;
  readonly sampleRate: number;
  readonly language: string | null;
  readonly startUs: number;
  readonly durationUs: number;
  /** Mean bit rate of its packets. Absent where the file does not say. */
  readonly bitsPerSecond?: number;
  /** ffmpeg's name for what its channels are ("5.1"). Absent: the file does not say. */
  readonly layout?: string;
  readonly role?: TrackRole;
  /** Every packet has 1024 samples and begins where the one before ends, seen in the index or in all packets. Absent: not known. */
  readonly unbroken?: boolean;
}

export interface SubtitleFacts {
  readonly streamIndex: number;
  readonly codec: string;
  readonly language: string | null;
  /** Only what a viewer of the default sound does not understand: players show it unasked. */
  readonly forced: boolean;
  readonly role?: TrackRole;
}
