import type { Decision } from './plan.js';

/** What the result never holds, by what it is in the source. */
export type OtherKind = 'cover' | 'picture' | 'pictureSubtitle' | 'unknownSubtitle' | 'data';

/** A track that is passed over, as it is found. */
export interface OtherTrack {
  readonly streamIndex: number;
  readonly kind: OtherKind;
  readonly codec: string;
}

/**
 * What becomes of the tracks of a source: all in one place.
 *
 * | the source has | the result has |
 * |---|---|
 * | several pictures | the best one: decodable, more than a still, marked as default, the largest, the longest |
 * | no sound that can be decoded | none, and says so |
 * | sound | AAC: mono stays mono, more than two channels become stereo (downmix.ts) |
 * | several sounds | each an HLS rendition with its language, up to `mostAudio` |
 * | subtitles of text | WebVTT in HLS with its language, up to `mostSubtitles` |
 * | anything else | nothing; `passedOver` says so, once a kind |
 */
export const TRACK_POLICY = {
  mostAudio: 8,
  mostSubtitles: 16,
  passedOver: {
    cover: { code: 'COVER_IGNORED', text: 'The file carries a still picture (cover art), which is no part of the film and is left out.' },
    picture: { code: 'VIDEO_TRACK_DROPPED', text: 'The file has more than one video track. The best one was taken' },
    pictureSubtitle: { code: 'SUBTITLES_DROPPED', text: 'Subtitles that are pictures cannot be made into text and are left out' },
    unknownSubtitle: { code: 'SUBTITLES_DROPPED', text: 'Subtitles of a kind that is not known are left out' },
    data: { code: 'DATA_IGNORED', text: 'Tracks that are neither picture, sound nor subtitles are left out' },
  },
} as const satisfies {
  mostAudio: number;
  mostSubtitles: number;
  passedOver: Record<OtherKind, Decision>;
};

/** One decision for each kind of track that is passed over, with how many there are and what they hold. */
export function passedOver(tracks: readonly OtherTrack[]): Decision[] {
  return (Object.keys(TRACK_POLICY.passedOver) as OtherKind[]).flatMap((kind) => {
    const own = tracks.filter((track) => track.kind === kind);
    if (own.length === 0) return [];
    const { code, text } = TRACK_POLICY.passedOver[kind];
    if (kind === 'cover') return [{ code, text }];
    const codecs = [...new Set(own.map((track) => track.codec))].join(', ');
    const rest = kind === 'picture' ? `, and ${own.length} (${codecs}) left out.` : ` (${codecs}).`;
    return [{ code, text: `${text}${rest}` }];
  });
}
