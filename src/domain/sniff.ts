/** Containers that are taken, by what their first bytes say. */
export type Container = 'mp4' | 'matroska' | 'avi' | 'mpegts';

/** Bytes from the start of a file that `sniffContainer` and `sniffRefused` want to see. */
export const HEAD_BYTES = 4096;

/**
 * Which container the first bytes announce; null where none does (ffprobe may still find one).
 * Needed before ffprobe runs: of a cut file ffprobe says only "invalid data", and the owner must hear "cut" instead.
 */
export function sniffContainer(head: Uint8Array): Container | null {
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return 'matroska';
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'AVI ') return 'avi';
  if (looksLikeBoxes(head)) return 'mp4';
  if (transportPacketBytes(head) !== null) return 'mpegts';
  return null;
}

export type RefusedCode = 'SOURCE_NOT_MEDIA' | 'SOURCE_AUDIO_ONLY' | 'SOURCE_STILL_PICTURE' | 'SOURCE_UNSUPPORTED';

/** Files that people do upload and that are known to be no video we take, with the best code for each. */
export function sniffRefused(head: Uint8Array): { code: RefusedCode; kind: string } | null {
  for (const row of REFUSED) if (row.test(head)) return { code: row.code, kind: row.kind };
  return null;
}

/** Length of one transport packet (188, 192 of Blu-ray, 204 with error correction) from a run of sync bytes; null where there is none. */
export function transportPacketBytes(bytes: Uint8Array): { packetBytes: number; syncAt: number } | null {
  for (const packetBytes of [188, 192, 204]) {
    const runs = Math.min(5, Math.floor(bytes.length / packetBytes));
    if (runs < 3) continue;
    for (let syncAt = 0; syncAt < packetBytes; syncAt += 1) {
      let run = 0;
      while (run < runs && bytes[syncAt + run * packetBytes] === 0x47) run += 1;
      if (run === runs) return { packetBytes, syncAt };
    }
  }
  return null;
}

/** Text in UTF-8 and nothing else: no container of video begins with 4 kB without one byte that no text has. */
export function looksLikeText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && !TEXT_CONTROLS.includes(byte))) return false;
  try {
    // As a stream: a last character that is cut is no fault.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false; // the decoder's only way to say that these bytes are no UTF-8
  }
}

/** Tab, line feed, form feed, carriage return. */
const TEXT_CONTROLS: readonly number[] = [0x09, 0x0a, 0x0c, 0x0d];

export function ascii(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('latin1');
}

const startsWith = (bytes: Uint8Array, magic: readonly number[], at = 0): boolean => magic.every((byte, i) => bytes[at + i] === byte);

const PICTURE_BRANDS = ['heic', 'heix', 'heif', 'mif1', 'msf1', 'avif', 'avis'];

/** First boxes of MP4 and MOV files, old QuickTime without `ftyp` included. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'sidx', 'moof'];

function looksLikeBoxes(head: Uint8Array): boolean {
  const type = ascii(head, 4, 4);
  if (!FIRST_BOXES.includes(type) || PICTURE_BRANDS.includes(ascii(head, 8, 4))) return false;
  // "The free …" is text, not a box of 1.4 GB: only media data may be that large.
  return type === 'mdat' || (head[0] ?? 0xff) < 0x20;
}

const riff = (kind: string) => (head: Uint8Array) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === kind;
const magic =
  (...bytes: number[]) =>
  (head: Uint8Array) =>
    startsWith(head, bytes);
const text = (value: string) => (head: Uint8Array) => ascii(head, 0, value.length) === value;

const REFUSED: readonly { code: RefusedCode; kind: string; test: (head: Uint8Array) => boolean }[] = [
  { code: 'SOURCE_STILL_PICTURE', kind: 'a PNG picture', test: magic(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { code: 'SOURCE_STILL_PICTURE', kind: 'a JPEG picture', test: magic(0xff, 0xd8, 0xff) },
  { code: 'SOURCE_STILL_PICTURE', kind: 'a WebP picture', test: riff('WEBP') },
  { code: 'SOURCE_STILL_PICTURE', kind: 'a TIFF picture', test: (head) => text('II*\0')(head) || text('MM\0*')(head) },
  {
    code: 'SOURCE_STILL_PICTURE',
    kind: 'a HEIF or AVIF picture',
    test: (head) => text('ftyp')(head.subarray(4)) && PICTURE_BRANDS.includes(ascii(head, 8, 4)),
  },
  { code: 'SOURCE_AUDIO_ONLY', kind: 'a WAV sound file', test: riff('WAVE') },
  { code: 'SOURCE_AUDIO_ONLY', kind: 'a FLAC sound file', test: text('fLaC') },
  {
    code: 'SOURCE_AUDIO_ONLY',
    kind: 'an MP3 sound file',
    test: (head) => text('ID3')(head) || (head[0] === 0xff && ((head[1] ?? 0) & 0xe6) === 0xe2),
  },
  { code: 'SOURCE_UNSUPPORTED', kind: 'a GIF animation', test: text('GIF8') },
  { code: 'SOURCE_UNSUPPORTED', kind: 'an Ogg file', test: text('OggS') },
  { code: 'SOURCE_UNSUPPORTED', kind: 'a Flash video', test: text('FLV\u0001') },
  { code: 'SOURCE_UNSUPPORTED', kind: 'a Windows Media file', test: magic(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11) },
  { code: 'SOURCE_UNSUPPORTED', kind: 'an MPEG program stream', test: magic(0x00, 0x00, 0x01, 0xba) },
  { code: 'SOURCE_UNSUPPORTED', kind: 'an MXF file', test: magic(0x06, 0x0e, 0x2b, 0x34) },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a PDF document', test: text('%PDF-') },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a ZIP archive or an office document', test: magic(0x50, 0x4b, 0x03, 0x04) },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a RAR archive', test: text('Rar!\u001a\u0007') },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a 7z archive', test: magic(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c) },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a gzip archive', test: magic(0x1f, 0x8b, 0x08) },
  { code: 'SOURCE_NOT_MEDIA', kind: 'a program', test: magic(0x7f, 0x45, 0x4c, 0x46) },
];
