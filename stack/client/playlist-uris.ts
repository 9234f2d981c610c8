import * as hls from 'hls-parser';

/** Every address that an HLS playlist names, master or media, as it stands there. */
export function urisOfPlaylist(text: string): string[] {
  const playlist = hls.parse(text);
  if (playlist.isMasterPlaylist) {
    const renditions = playlist.variants.flatMap((variant) => [...variant.audio, ...variant.video, ...variant.subtitles, ...variant.closedCaptions]);
    return unique([...playlist.variants.map(({ uri }) => uri), ...renditions.map(({ uri }) => uri)]);
  }
  return unique(playlist.segments.flatMap((segment) => [segment.map?.uri, segment.uri]));
}

/** Every picture that a WebVTT storyboard names, without its fragment. */
export function urisOfStoryboard(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return unique(lines.filter((_, index) => lines[index - 1]?.includes('-->')).map((line) => line.split('#')[0]?.trim()));
}

function unique(uris: readonly (string | undefined)[]): string[] {
  return [...new Set(uris.filter((uri) => uri !== undefined && uri !== ''))] as string[];
}
