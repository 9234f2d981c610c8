import HLS from 'hls-parser';
import type { ReportSubtitles } from '../domain/artefact.js';
import { relativeKey } from '../domain/keys.js';
import type { SubtitlePlan } from '../domain/plan.js';

const VERSION = 7;
const GROUP = 'subtitles';

/** Media playlist of finished subtitles. The same track gives the same bytes. */
export function subtitlePlaylist(key: string, track: ReportSubtitles): string {
  const seconds = (us: number): string => (us / 1_000_000).toFixed(6);
  const longestUs = Math.max(...track.segments.map((segment) => segment.durationUs));
  return [
    ...['#EXTM3U', `#EXT-X-VERSION:${VERSION}`, `#EXT-X-TARGETDURATION:${Math.ceil(longestUs / 1_000_000)}`, '#EXT-X-PLAYLIST-TYPE:VOD'],
    ...track.segments.flatMap((segment) => [`#EXTINF:${seconds(segment.durationUs)},`, relativeKey(key, segment.key)]),
    ...['#EXT-X-ENDLIST', ''],
  ].join('\n');
}

/** Nobody is shown subtitles unasked, but those that translate a sign or a foreign sentence, which are marked as forced. */
export function subtitleRendition(key: string, plan: SubtitlePlan, track: ReportSubtitles): InstanceType<typeof HLS.types.Rendition> {
  const { label: name, language, forced } = plan;
  return new HLS.types.Rendition({
    ...{ type: 'SUBTITLES', groupId: GROUP, name, language: language ?? undefined, uri: relativeKey(key, track.playlistKey) },
    ...{ isDefault: false, autoselect: true, forced },
  } as ConstructorParameters<typeof HLS.types.Rendition>[0]);
}
