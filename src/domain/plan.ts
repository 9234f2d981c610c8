import type { Decision } from './decision-codes.js';
import type { ChannelGains } from './downmix.js';
import type { Grid } from './grid.js';
import type { Rung } from './ladder.js';
import type { SourceFacts } from './probe.js';
import type { SizeClass } from './size-class.js';
import type { TruncatedPolicy } from './truncation.js';

export type { Decision } from './decision-codes.js';

/**
 * The decision for one generation. Made once by an activity, it stands in workflow history; nothing that runs later
 * decides again. A few kilobytes at most.
 */
export interface Plan {
  readonly videoId: string;
  readonly tenantId: string;
  readonly generation: number;
  readonly source: SourceFacts;
  /** What chunks are cut from where that is not the source: its pictures in another container. Sound is always read from the source. */
  readonly input?: SourceFacts;
  /** ffmpeg's demuxer name of what chunks are cut from. */
  readonly format: string;
  /** The queue of its ffmpeg work. */
  readonly sizeClass: SizeClass;
  readonly video: VideoPlan;
  readonly grid: Grid;
  readonly rungs: readonly Rung[];
  readonly audio: AudioPlan | null;
  /** Further sound tracks, each a rendition of its own beside `audio`. Absent: none. */
  readonly extraAudio?: readonly AudioPlan[];
  /** Absent: none. */
  readonly subtitles?: readonly SubtitlePlan[];
  readonly images: ImagesPlan;
  /** What becomes of pieces that are damaged beyond a stumble. Absent: `refuse`. */
  readonly damagedSources?: TruncatedPolicy;
  readonly decisions: readonly Decision[];
}

export interface VideoPlan {
  readonly streamIndex: number;
  /** x264 preset: `veryfast` for speed, `medium` for quality. */
  readonly preset: 'veryfast' | 'medium';
  /** Time of output frame 0 on the source's time line, counted as an input `-ss` counts: from the container's start. */
  readonly originUs: number;
  /** Read from the beginning, without a seek: for a source in which no seek is exact. Absent: no. */
  readonly fromStart?: boolean;
  /** Source frames have one constant length: then output frames are source frames, and none may be padded. */
  readonly constantRate: boolean;
  /** The source has so many times the output's rate, evenly: of so many frames the first is kept. Absent: no. */
  readonly keepEvery?: number;
  readonly deinterlace: boolean;
  /** The source does not say whether it is interlaced: frames that are marked so are deinterlaced. Absent: no. */
  readonly deinterlaceMarked?: boolean;
  /** How ffmpeg has turned the picture before any filter sees it, where fields are to be joined: they lie in rows before that. Absent: not. */
  readonly turned?: { readonly rotation: number; readonly mirrored?: boolean };
  /** How its colours become BT.709. Absent, in older plans: `convertPixels` alone speaks, and nothing is tagged. */
  readonly colour?: ColourPlan;
  /** Older plans only: pixels are not planar YUV of limited range, and are made so before they are scaled. Absent: no. */
  readonly convertPixels?: boolean;
  /** Frames encoded before a chunk and thrown away, so that rate control is warm at a join. */
  readonly runInFrames: number;
  /** Frames encoded behind a chunk and thrown away, so that the lookahead is not cut at a join. */
  readonly runOutFrames: number;
}

/** All names are those that ffprobe and zscale share. */
export interface ColourPlan {
  /**
   * `none`: it is BT.709 of limited range already. `gamut`: converted between ways to code ordinary pictures.
   * `tone-map`: from HDR, in linear light.
   */
  readonly convert: 'none' | 'gamut' | 'tone-map';
  /** How the source's pixels are read, whatever its frames claim. */
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
  readonly range: 'tv' | 'pc';
}

export interface AudioPlan {
  /** The track's name in keys and manifests. Absent: `audio`. */
  readonly name?: string;
  /** What viewers choose it by. Absent: its language. */
  readonly label?: string;
  readonly streamIndex: number;
  readonly bitrateKbps: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly language: string | null;
  /** How more than two channels become two. Absent: they are two already, or one. */
  readonly downmix?: readonly ChannelGains[];
  /** `copy`: the source's own packets are taken over where they hold what was promised of them. Absent: `encode`. */
  readonly mode?: 'copy' | 'encode';
  /** Time of output time 0 on the source's time line, counted from the container's start. Absent: as the video's. */
  readonly originUs?: number;
  /** The source is cut: sound behind `expectedDurationUs` is no part of the result. Absent: all of it is. */
  readonly endsThere?: boolean;
  /** Where the source's audio ends on the output's time line, which it fills from 0 on; the track must match it. */
  readonly expectedDurationUs: number;
}

export interface SubtitlePlan {
  /** The track's name in keys and manifests: "subs-1", … */
  readonly name: string;
  /** What viewers choose it by. */
  readonly label: string;
  readonly streamIndex: number;
  readonly language: string | null;
  readonly forced: boolean;
  /** Time of output time 0 on the source's time line, counted from the container's start. */
  readonly originUs: number;
}

/** The main track's name; the others have a number behind it. */
export const AUDIO_TRACK = 'audio';

export const audioName = (audio: AudioPlan): string => audio.name ?? AUDIO_TRACK;

/** All sound tracks of the result, the one that plays by default first. */
export function audioTracks(plan: Pick<Plan, 'audio' | 'extraAudio'>): AudioPlan[] {
  return plan.audio === null ? [] : [plan.audio, ...(plan.extraAudio ?? [])];
}

/** Pictures are taken from the frames that a chunk decodes anyway: frame numbers are on the output grid. */
export interface ImagesPlan {
  readonly poster: { readonly frame: number; readonly width: number; readonly height: number };
  /** Tile i shows frame i × intervalFrames; tileCount of them cover the whole video. */
  readonly storyboard: {
    readonly intervalFrames: number;
    readonly tileCount: number;
    readonly tileWidth: number;
    readonly tileHeight: number;
    /** Tiles across and down one sprite sheet. */
    readonly columns: number;
    readonly rows: number;
  };
}

/** Storyboard tiles that a run of frames holds: `first` is the index of the first one. */
export function tilesIn(storyboard: ImagesPlan['storyboard'], chunk: { startFrame: number; frameCount: number }): { first: number; count: number } {
  const first = Math.ceil(chunk.startFrame / storyboard.intervalFrames);
  const end = Math.ceil((chunk.startFrame + chunk.frameCount) / storyboard.intervalFrames);
  return { first, count: Math.min(end, storyboard.tileCount) - Math.min(first, storyboard.tileCount) };
}
