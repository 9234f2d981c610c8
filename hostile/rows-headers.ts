import { deflateSync } from 'node:zlib';
import { flatten, piecesOf } from './pieces.js';
import { box, type Kit, type Row, text, u32 } from './row.js';

/** Small files whose headers promise what nobody can keep. */
export const HEADER_ROWS: readonly Row[] = [
  { name: 'no bytes', build: () => Buffer.alloc(0) },
  { name: 'one byte', build: () => Buffer.alloc(1) },
  { name: '64 kB of zeros', build: () => Buffer.alloc(65_536) },
  { name: '64 kB of noise', build: () => Buffer.from(Array.from({ length: 65_536 }, (_, n) => (Math.imul(n + 7, 2_654_435_761) >>> 13) & 0xff)) },
  { name: 'film cut inside its index', build: ({ film }) => film.subarray(0, 300) },
  { name: 'JPEG of 65 500 pixels', build: () => Buffer.from('ffd8ffc00011 08 ffdcffdc 03012200021101031101'.replaceAll(' ', ''), 'hex') },
  {
    name: 'GIF of 65 535 pixels',
    build: () => Buffer.concat([text('GIF89a'), Buffer.from('ffffffff800000000000ffffff2c00000000ffffffff0002024c01003b', 'hex')]),
  },
  { name: 'PNG of 20 000 pixels', build: () => png(20_000) },
  { name: 'GIF of 2 000 frames, 655 s each', build: () => slowGif(2000) },
  {
    name: 'MJPEG in AVI of 65 500 pixels',
    build: ({ make }) => patched(make('-f', 'lavfi', '-i', 'testsrc2=s=64x64:d=0.2', '-c:v', 'mjpeg', 'row-mjpeg.avi'), 'avih', 32, 65_500),
  },
  {
    name: 'a gap of a day',
    build: ({ film }) => patchedBox(film, 'stts', (body) => Buffer.concat([body.subarray(0, 4), u32(2, 24, 512, 1, 86_400 * 12_800)])),
  },
  { name: '50 000 edits', build: ({ film }) => manyEdits(film, 50_000) },
  { name: '60 years', build: ({ film }) => patchedBox(film, 'mvhd', (body) => put(body, 16, 0x7fffffff)) },
  { name: '292 years of one track', build: ({ film }) => patchedBox(film, 'mdhd', (body) => put(body, 16, 0xffffffff)) },
  { name: 'a million frames a second', build: ({ film }) => patchedBox(film, 'mdhd', (body) => put(body, 12, 512_000_000)) },
  { name: '120 000 frames a second', build: ({ film }) => patchedBox(film, 'mdhd', (body) => put(body, 12, 61_440_000)) },
  { name: 'a time scale of 2³²−1', build: ({ film }) => patchedBox(film, 'mdhd', (body) => put(body, 12, 0xffffffff)) },
  { name: 'a time scale of 0', build: ({ film }) => patchedBox(film, 'mdhd', (body) => put(body, 12, 0)) },
  { name: 'an edit that begins before time', build: ({ film }) => patchedBox(film, 'elst', (body) => put(body, 12, -900_000)) },
  { name: '2³¹ samples in a table', build: ({ film }) => patchedBox(film, 'stsz', (body) => put(put(body, 4, 1), 8, 0x7fffffff)) },
  { name: '2³² entries in a table', build: ({ film }) => patchedBox(film, 'stts', (body) => put(body, 4, 0xffffffff)) },
  {
    name: 'all samples at one place',
    build: ({ film }) => patchedBox(film, 'stco', (body) => Buffer.concat([body.subarray(0, 8), Buffer.alloc(body.length - 8)])),
  },
  { name: '16 384 × 16 384 by its header', build: ({ film }) => patchedBox(film, 'avc1', (body) => put(body, 24, (16_384 << 16) | 16_384)) },
  { name: '20 000 boxes in boxes', build: ({ film }) => Buffer.concat([film, nested(20_000)]) },
  { name: 'a box of 2 GB', build: ({ film }) => Buffer.concat([film.subarray(0, 40), u32(0x7fffffff), text('mdat'), film]) },
  { name: 'a box of 2⁶³ bytes', build: ({ film }) => Buffer.concat([film.subarray(0, 32), u32(1), text('moov'), u32(0x7fffffff, 0xffffffff), film]) },
  { name: 'a compressed index of 200 MB', heavy: true, build: () => zlibIndex(200 * 1024 ** 2) },
  { name: 'a compressed index of 20 MB', build: () => zlibIndex(20 * 1024 ** 2) },
  { name: '900 tracks', build: ({ film }) => manyTracks(film, 900) },
  { name: '10 000 tracks', heavy: true, build: ({ film }) => manyTracks(film, 10_000) },
  {
    name: 'data that lies in another file',
    build: ({ film, canary }) => patchedBox(film, 'dref', () => Buffer.concat([u32(0, 1), box('url ', u32(0), text(`file://${canary.file}\0`))])),
  },
  {
    name: 'data that lies on a server',
    build: ({ film, canary }) =>
      patchedBox(film, 'dref', () => Buffer.concat([u32(0, 1), box('url ', u32(0), text(`http://127.0.0.1:${canary.port}/x\0`))])),
  },
  {
    name: 'WAV of 65 535 channels',
    build: () =>
      Buffer.concat([
        text('RIFF\xff\xff\0\0WAVEfmt '),
        Buffer.from('100000000100ffff44ac000088580100feff1000', 'hex'),
        text('data'),
        Buffer.alloc(4096),
      ]),
  },
  {
    name: 'AVI with a playlist for subtitles',
    build: ({ film, canary }) =>
      Buffer.concat([text('RIFF\xff\xff\0\0AVI LIST\x40\0\0\0movi01tx\x30\0\0\0GAB2\0'), text(`#EXTM3U\nhttp://127.0.0.1:${canary.port}/`), film]),
  },
  { name: 'Matroska of 500 MB in one compressed block', build: ({ make }) => compressedMatroska(make) },
  { name: '3 000 attachments that climb', heavy: true, build: ({ make }) => attachments(make) },
];

/** Changes the payload of the first box of that name, and the lengths of all around it. */
export function patchedBox(film: Buffer, name: string, change: (body: Buffer) => Buffer): Buffer {
  const all = flatten(piecesOf('boxes', film));
  const found = all.find((piece) => piece.name === name);
  // Sample descriptions are not looked into: found by their letters.
  if (!found) {
    const at = film.indexOf(name, 0, 'latin1') + 4;
    return Buffer.concat([film.subarray(0, at), change(film.subarray(at))]);
  }
  const body = change(Buffer.from(film.subarray(found.body, found.end)));
  const made = Buffer.concat([film.subarray(0, found.body), body, film.subarray(found.end)]);
  const grown = body.length - (found.end - found.body);
  for (const piece of all) if (piece.start <= found.start && piece.end >= found.end) made.writeUInt32BE(piece.end - piece.start + grown, piece.start);
  return made;
}

function put(body: Buffer, at: number, value: number): Buffer {
  const made = Buffer.from(body);
  if (at + 4 <= made.length) made.writeUInt32BE(value >>> 0, at);
  return made;
}

async function patched(made: Promise<Buffer>, name: string, offset: number, value: number): Promise<Buffer> {
  const bytes = Buffer.from(await made);
  const at = bytes.indexOf(name, 0, 'latin1');
  bytes.writeUInt32LE(value, at + 8 + offset);
  bytes.writeUInt32LE(value, at + 12 + offset);
  return bytes;
}

/** An edit list that shows the same frame over and over. */
export const manyEdits = (film: Buffer, count: number): Buffer =>
  patchedBox(film, 'elst', () => Buffer.concat([u32(0, count), ...Array.from({ length: count }, (_, n) => u32(85_899, n % 2 ? 512 : 0, 0x10000))]));

function manyTracks(film: Buffer, count: number): Buffer {
  return patchedBox(film, 'moov', (body) => {
    const track = piecesOf('boxes', body).find(({ name }) => name === 'trak');
    if (!track) throw new RangeError('the film has no track');
    const one = body.subarray(track.start, track.end);
    return Buffer.concat([body, ...Array.from({ length: count }, () => one)]);
  });
}

const nested = (depth: number): Buffer => Buffer.concat(Array.from({ length: depth }, (_, n) => Buffer.concat([u32((depth - n) * 8), text('udta')])));

function zlibIndex(sizeBytes: number): Buffer {
  const packed = deflateSync(Buffer.alloc(sizeBytes), { level: 9 });
  const compressed = box('cmov', box('dcom', text('zlib')), box('cmvd', u32(sizeBytes), packed));
  return Buffer.concat([box('ftyp', text('qt  '), u32(0), text('qt  ')), box('moov', compressed)]);
}

function png(side: number): Buffer {
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    u32(13),
    text('IHDR'),
    u32(side, side),
    Buffer.from('0802000000', 'hex'),
    u32(0, 0),
    text('IEND'),
    u32(0),
  ]);
}

function slowGif(frames: number): Buffer {
  const head = Buffer.concat([text('GIF89a'), Buffer.from('0a000a00800000000000ffffff', 'hex')]);
  const frame = Buffer.from('21f90404ffff00002c000000000a000a0000020884 8fa9cbed0f6300 3b'.replaceAll(' ', '').slice(0, -2), 'hex');
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), text(';')]);
}

async function compressedMatroska(make: Kit['make']): Promise<Buffer> {
  const bytes = await make('-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=0.5', '-c:v', 'libx264', '-threads', '1', 'row-plain.mkv');
  const packed = deflateSync(Buffer.alloc(100 * 1024 ** 2), { level: 9 });
  // A track entry's encodings say zlib; the block behind is 100 MB of zeros once it is unpacked.
  const encodings = Buffer.from('6d808b6240885034854254810050330101'.slice(0, 28), 'hex');
  const tracks = flatten(piecesOf('ebml', bytes)).find(({ name }) => name === 'ae');
  const cluster = flatten(piecesOf('ebml', bytes)).find(({ name }) => name === '1f43b675');
  if (!tracks || !cluster) throw new RangeError('the film has no tracks');
  const block = Buffer.concat([Buffer.from('a3', 'hex'), ebmlSize(packed.length + 4), Buffer.from('81000080', 'hex'), packed]);
  return Buffer.concat([bytes.subarray(0, tracks.end), encodings, bytes.subarray(tracks.end, cluster.end), block]);
}

const ebmlSize = (size: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(0x0100000000000000n | BigInt(size));
  return bytes;
};

async function attachments(make: Kit['make']): Promise<Buffer> {
  const bytes = await make('-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=0.5', '-c:v', 'libx264', '-threads', '1', 'row-attached.mkv');
  const element = (id: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(id, 'hex'), ebmlSize(body.length), body]);
  const file = (n: number): Buffer =>
    element(
      '61a7',
      Buffer.concat([
        element('466e', text(`../../../../../../tmp/reelmill-${n}.sh`)),
        element('4660', text('text/plain')),
        element('465c', text('id')),
        element('46ae', Buffer.from([1 + (n % 250)])),
      ]),
    );
  return Buffer.concat([bytes, element('1941a469', Buffer.concat(Array.from({ length: 3000 }, (_, n) => file(n))))]);
}
