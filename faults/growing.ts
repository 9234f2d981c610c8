import { urisOfPlaylist } from '../stack/client/playlist-uris.js';

/**
 * What is wrong with a playlist that grew while its video was encoded, now that the video is published: a player that
 * began with it must learn that it has everything, and find everything that it names.
 * @param stored every key under media/
 */
export function growingFaults(key: string, text: string, stored: ReadonlySet<string>): string[] {
  const isMaster = text.includes('#EXT-X-STREAM-INF');
  const open = isMaster || text.includes('#EXT-X-ENDLIST') ? [] : [`${key} is not closed`];
  const dead = urisOfPlaylist(text)
    .map((uri) => new URL(uri, `http://store/${key}`).pathname.slice(1))
    .filter((named) => !stored.has(named));
  return [...open, ...dead.map((named) => `${key} names ${named}, which is not there`)];
}
