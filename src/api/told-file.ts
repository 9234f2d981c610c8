import { MEDIA_TYPE } from './schemas.js';

/** What an upload client says of its file by the way. */
export interface ToldFile {
  readonly fileName?: string;
  readonly contentType?: string;
}

/**
 * Put right rather than refused: a client that gets an error here cannot show it, and the name is only for people.
 * Control characters and lone surrogates become "_", and 255 characters are kept.
 */
export function toldFile(name: string | undefined, type: string | undefined): ToldFile {
  const clean = (name ?? '')
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '_')
    .slice(0, 255)
    .trim();
  // Cutting may have parted a pair.
  const fileName = clean.replace(/[\ud800-\udbff]$/, '');
  return {
    ...(fileName === '' ? {} : { fileName }),
    ...(type !== undefined && type.length <= 127 && MEDIA_TYPE.test(type) ? { contentType: type } : {}),
  };
}
