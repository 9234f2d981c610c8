import fc from 'fast-check';
import { checkExtent } from '../../src/domain/container-extent.js';
import type { ReadRange } from '../../src/domain/extent.js';
import { type Container, sniffContainer, sniffRefused } from '../../src/domain/sniff.js';

const reader = (bytes: Uint8Array): ReadRange & { calls: number } => {
  const read = async (start: number, length: number): Promise<Uint8Array> => {
    read.calls += 1;
    return bytes.subarray(start, start + length);
  };
  read.calls = 0;
  return read;
};
const check = (kind: Container, bytes: Uint8Array) => checkExtent(kind, bytes.length, reader(bytes));

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const box = (type: string, payload: Uint8Array = Buffer.alloc(100, 7), size = payload.length + 8): Buffer =>
  Buffer.concat([u32(size), Buffer.from(type), payload]);
const largeBox = (type: string, payload: Uint8Array): Buffer => Buffer.concat([u32(1), Buffer.from(type), u32(0), u32(payload.length + 16), payload]);
const mfra = Buffer.concat([u32(24), Buffer.from('mfra'), u32(16), Buffer.from('mfro'), u32(0), u32(24)]);
const sidx = (...sizes: number[]): Buffer =>
  box(
    'sidx',
    Buffer.concat([
      u32(0),
      u32(1),
      u32(1000),
      u32(0),
      u32(0),
      u32(sizes.length),
      ...sizes.map((size) => Buffer.concat([u32(size), u32(1000), u32(0)])),
    ]),
  );

const ftyp = box('ftyp', Buffer.from('isom\0\0\0\0'));
const [moov, mdat, moof] = [box('moov'), box('mdat'), box('moof')];
const film = Buffer.concat([ftyp, mdat, moov]);

describe('MP4 and MOV', () => {
  test.each<[string, Uint8Array, 'whole' | 'cut' | 'unknown', Partial<{ indexed: boolean; declaredBytes: number | null }>]>([
    ['index last', film, 'whole', { indexed: true, declaredBytes: film.length }],
    ['index first', Buffer.concat([ftyp, moov, mdat]), 'whole', { indexed: true }],
    ['a long media box', Buffer.concat([ftyp, largeBox('mdat', Buffer.alloc(50)), moov]), 'whole', { indexed: true }],
    ['old QuickTime', Buffer.concat([box('wide', Buffer.alloc(0)), mdat, moov]), 'whole', { indexed: true }],
    ['fragmented with its closing index', Buffer.concat([ftyp, moov, moof, mdat, moof, mdat, mfra]), 'whole', { indexed: false }],
    ['fragmented without one may go on', Buffer.concat([ftyp, moov, moof, mdat]), 'unknown', { indexed: false }],
    ['fragmented under a segment index', Buffer.concat([ftyp, moov, sidx(216), moof, mdat]), 'whole', { indexed: false }],
    ['fragments of a segment index missing', Buffer.concat([ftyp, moov, sidx(216, 216), moof, mdat]), 'cut', {}],
    ['media data to the end of the file', Buffer.concat([ftyp, moov, box('mdat', Buffer.alloc(100), 0)]), 'unknown', { indexed: false }],
    ['a trailer of the camera', Buffer.concat([film, Buffer.from('SEFT and other words of a phone')]), 'whole', { indexed: true }],
    ['padding that runs over the end', Buffer.concat([film, box('free', Buffer.alloc(10), 4000)]), 'whole', { indexed: true }],
    ['zeros behind', Buffer.concat([film, Buffer.alloc(5)]), 'whole', { indexed: true }],
    ['cut in the media data', film.subarray(0, 60), 'cut', { declaredBytes: ftyp.length + mdat.length }],
    ['cut in the index', film.subarray(0, film.length - 1), 'cut', { declaredBytes: film.length }],
    ['cut between media data and index', film.subarray(0, ftyp.length + mdat.length), 'cut', { declaredBytes: null }],
    ['cut behind the index that stands first', Buffer.concat([ftyp, moov]), 'cut', {}],
    ['cut behind the first box', ftyp, 'cut', {}],
    ['cut in a box header of a fragmented file', Buffer.concat([ftyp, moov, moof, mdat, moof.subarray(0, 6)]), 'cut', {}],
    ['cut in the first bytes of one, which are zeros', Buffer.concat([ftyp, moov, moof, mdat, moof.subarray(0, 2)]), 'cut', {}],
    ['cut in the closing index', Buffer.concat([ftyp, moov, moof, mdat, mfra.subarray(0, 20)]), 'cut', {}],
    ['a lone segment', Buffer.concat([box('styp'), moof, mdat]), 'unknown', {}],
    ['bytes that are no boxes behind the first', Buffer.concat([ftyp, Buffer.alloc(64, 0xff)]), 'unknown', {}],
  ])('%s', async (_name, bytes, verdict, more) => expect(await check('mp4', bytes)).toMatchObject({ verdict, presentBytes: bytes.length, ...more }));

  test('a day of fragments costs few reads', async () => {
    const day = Buffer.concat([
      ftyp,
      moov,
      ...Array.from({ length: 5000 }, () => Buffer.concat([box('moof', Buffer.alloc(8)), box('mdat', Buffer.alloc(8))])),
    ]);
    for (const [bytes, verdict] of [
      [day, 'unknown'],
      [Buffer.concat([day, mfra]), 'whole'],
    ] as const) {
      const readRange = reader(bytes);
      expect((await checkExtent('mp4', bytes.length, readRange)).verdict).toBe(verdict);
      expect(readRange.calls).toBeLessThan(300);
    }
  });
});

describe('Matroska and WebM', () => {
  const header = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x84]), Buffer.alloc(4, 1)]);
  const segment = (size: number[], bytes: number): Buffer =>
    Buffer.concat([header, Buffer.from([0x18, 0x53, 0x80, 0x67, ...size]), Buffer.alloc(bytes, 1)]);
  test.each<[string, Uint8Array, string, number | null]>([
    ['whole', segment([0x40, 0x64], 100), 'whole', 115],
    ['with bytes behind', segment([0x40, 0x64], 120), 'whole', 115],
    ['a byte short', segment([0x40, 0x64], 99), 'cut', 115],
    ['a length of eight bytes', segment([0x01, 0, 0, 0, 0, 0, 0x10, 0], 100), 'cut', 4117],
    ['an unknown length', segment([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 100), 'unknown', null],
    ['an unknown length in one byte', segment([0xff], 100), 'unknown', null],
    [
      'room behind the header',
      Buffer.concat([header, Buffer.from([0xec, 0x82, 0, 0]), segment([0x40, 0x64], 100).subarray(header.length)]),
      'whole',
      119,
    ],
    ['cut in the header', header.subarray(0, 7), 'cut', null],
    ['cut behind the header', header, 'cut', null],
    ['cut in the length', segment([0x40], 0), 'cut', null],
  ])('%s', async (_name, bytes, verdict, declaredBytes) => expect(await check('matroska', bytes)).toMatchObject({ verdict, declaredBytes }));
});

describe('AVI', () => {
  const list = (kind: string, size: number, bytes = size - 4): Buffer => {
    const head = Buffer.from(`RIFF\0\0\0\0${kind}`);
    head.writeUInt32LE(size, 4);
    return Buffer.concat([head, Buffer.alloc(bytes, 1)]);
  };
  test.each<[string, Uint8Array, string]>([
    ['one list', list('AVI ', 104), 'whole'],
    ['several lists', Buffer.concat([list('AVI ', 104), list('AVIX', 50)]), 'whole'],
    ['an odd list, padded', Buffer.concat([list('AVI ', 105), Buffer.alloc(1), list('AVIX', 50)]), 'whole'],
    ['an odd list at the end without its padding', list('AVI ', 105), 'whole'],
    ['cut in the first', list('AVI ', 104, 90), 'cut'],
    ['cut in the second', Buffer.concat([list('AVI ', 104), list('AVIX', 50, 20)]), 'cut'],
    ['cut in the header', Buffer.from('RIFF\x01\0\0\0AV'), 'cut'],
    ['never closed', list('AVI ', 0, 100), 'unknown'],
    ['other bytes behind', Buffer.concat([list('AVI ', 104), Buffer.alloc(40)]), 'whole'],
  ])('%s', async (_name, bytes, verdict) => expect((await check('avi', bytes)).verdict).toBe(verdict));
});

describe('MPEG-TS', () => {
  const packets = (length: number, count: number): Buffer => {
    const one = Buffer.alloc(length, 0x11);
    one[length === 192 ? 4 : 0] = 0x47;
    return Buffer.concat(Array.from({ length: count }, () => one));
  };
  test.each([188, 192, 204])('whole packets of %d bytes are not cut, a part of one is', async (length) => {
    const stream = packets(length, 40);
    expect((await check('mpegts', stream)).verdict).toBe('unknown');
    for (const lost of [1, 100, length - 6]) {
      expect(await check('mpegts', stream.subarray(0, stream.length - lost))).toMatchObject({ verdict: 'cut', declaredBytes: stream.length });
    }
  });

  test('a beat that was lost on the way does not matter', async () => {
    expect((await check('mpegts', Buffer.concat([packets(188, 20), Buffer.alloc(77, 1), packets(188, 20)]))).verdict).toBe('unknown');
  });

  test('something else behind the last packet is not a cut packet', async () => {
    expect((await check('mpegts', Buffer.concat([packets(188, 40), Buffer.alloc(50, 1)]))).verdict).toBe('unknown');
  });
});

test('any bytes at all get an answer, in few reads', async () => {
  const heads = [ftyp, Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.from('RIFF\0\0\0\0AVI '), Buffer.alloc(0)];
  const property = fc.asyncProperty(
    fc.constantFrom(...heads),
    fc.uint8Array({ maxLength: 3000 }),
    fc.constantFrom<Container>('mp4', 'matroska', 'avi', 'mpegts'),
    async (head, tail, kind) => {
      const bytes = Buffer.concat([head, tail]);
      const readRange = reader(bytes);
      expect(['whole', 'cut', 'unknown']).toContain((await checkExtent(kind, bytes.length, readRange)).verdict);
      expect(readRange.calls).toBeLessThan(450);
      sniffContainer(bytes);
      sniffRefused(bytes);
    },
  );
  await fc.assert(property, { numRuns: 300 });
});

test.each<[string, Uint8Array, Container | null]>([
  ['a film', film, 'mp4'],
  ['a picture in boxes', box('ftyp', Buffer.from('heic\0\0\0\0')), null],
  ['media data first', largeBox('mdat', Buffer.alloc(10)), 'mp4'],
  ['a sentence', Buffer.from('The free software'), null],
  ['one transport packet', Buffer.concat([Buffer.from('G'), Buffer.alloc(187)]), null],
])('%s is sniffed', (_name, bytes, expected) => expect(sniffContainer(bytes)).toBe(expected));
