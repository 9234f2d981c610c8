import fc from 'fast-check';
import { checkExtent } from '../../src/domain/container-extent.js';
import { preflight } from '../../src/domain/preflight.js';
import { sniffContainer } from '../../src/domain/sniff.js';

const END = 65_536;
/** The look of a client at a file that is all there. */
const look = (file: Uint8Array, endBytes = END) =>
  preflight({ sizeBytes: file.length, head: file.subarray(0, endBytes), tail: file.subarray(Math.max(0, file.length - endBytes)) });

const header = (type: string, sizeBytes: number): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(1);
  bytes.write(type, 4, 'latin1');
  bytes.writeBigUInt64BE(BigInt(sizeBytes), 8);
  return bytes;
};
const box = (type: string, payloadBytes: number): Buffer => Buffer.concat([header(type, payloadBytes + 16), Buffer.alloc(payloadBytes, 7)]);
const ftyp = Buffer.from('\0\0\0\u0010ftypisom\0\0\0\0', 'latin1');
const film = Buffer.concat([ftyp, box('mdat', 300_000), box('moov', 5_000)]);
const GB = 1e9;

describe('a film of 9 GB, by its ends', () => {
  const sizeBytes = ftyp.length + 9 * GB + 5_016;
  const head = Buffer.concat([ftyp, header('mdat', 9 * GB), Buffer.alloc(60_000, 7)]);

  test('with its index at the end is accepted', async () => {
    const tail = Buffer.concat([Buffer.alloc(40_000, 7), box('moov', 5_000)]);
    expect(await preflight({ sizeBytes, head, tail })).toEqual({ verdict: 'accepted' });
  });

  test('without an index is refused', async () => {
    expect(await preflight({ sizeBytes: ftyp.length + 9 * GB, head, tail: Buffer.alloc(END, 7) })).toMatchObject({
      verdict: 'refused',
      reason: { code: 'SOURCE_TRUNCATED', message: expect.stringContaining('Its index (moov) is missing.') },
    });
  });

  test('cut in its media data is refused without a look at its tail', async () => {
    expect(await preflight({ sizeBytes: 4 * GB, head, tail: new Uint8Array() })).toMatchObject({
      verdict: 'refused',
      reason: { code: 'SOURCE_TRUNCATED', details: { declaredBytes: ftyp.length + 9 * GB, presentBytes: 4 * GB } },
    });
  });

  test('with an index larger than what was sent of it is unknown', async () => {
    const large = 20_000_000;
    expect(await preflight({ sizeBytes: ftyp.length + 9 * GB + large, head, tail: Buffer.alloc(END, 7) })).toEqual({ verdict: 'unknown' });
    expect(await preflight({ sizeBytes, head, tail: new Uint8Array() })).toEqual({ verdict: 'unknown' });
  });
});

test.each<[string, Uint8Array, string, string]>([
  ['nothing', new Uint8Array(), 'SOURCE_EMPTY', '0 bytes'],
  ['a text', Buffer.from('1\n00:00:01,000 --> 00:00:02,000\nGrüße.\n'), 'SOURCE_NOT_MEDIA', 'It is a text.'],
  ['a text whose last character is cut', Buffer.concat([Buffer.alloc(4095, 'a'), Buffer.from([0xc3])]), 'SOURCE_NOT_MEDIA', 'It is a text.'],
  ['a document', Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), 'SOURCE_NOT_MEDIA', 'It is a PDF document.'],
  ['an archive', Buffer.from('PK\u0003\u0004\0\0\0\0', 'latin1'), 'SOURCE_NOT_MEDIA', 'ZIP'],
  ['a picture', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\0', 'latin1'), 'SOURCE_STILL_PICTURE', 'It is a PNG picture.'],
  ['an animation', Buffer.from('GIF89a\x01\0', 'latin1'), 'SOURCE_UNSUPPORTED', 'It is a GIF animation.'],
  ['a cut WebM', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x44, 0x00, 1, 2, 3]), 'SOURCE_TRUNCATED', '14 of 1035 bytes'],
])('%s is refused', async (_name, file, code, words) => {
  expect(await look(file)).toMatchObject({ verdict: 'refused', reason: { code, message: expect.stringContaining(words) } });
});

test.each<[string, Uint8Array]>([
  ['noise', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 251))],
  ['zeros', Buffer.alloc(5000)],
  ['a lone fragment', Buffer.concat([box('styp', 0), box('moof', 10), box('mdat', 10)])],
])('%s proves nothing', async (_name, file) => expect(await look(file)).toEqual({ verdict: 'unknown' }));

test('says only what the whole file says too, however little of it is seen', async () => {
  const piece = fc.record({
    type: fc.constantFrom('moov', 'mdat', 'moov', 'mdat', 'moof', 'free', 'mfra', 'sidx', 'junk'),
    bytes: fc.integer({ min: 0, max: 100 }),
  });
  const files = fc.array(piece, { maxLength: 6 }).map((pieces) => Buffer.concat([ftyp, ...pieces.map(({ type, bytes }) => box(type, bytes))]));
  const seen = { accepted: 0, unknown: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(files, fc.constantFrom(0, 0, 1, 40), fc.nat(400), fc.nat(400), async (bytes, lostBytes, headBytes, tailBytes) => {
      const file = bytes.subarray(0, bytes.length - lostBytes);
      const container = sniffContainer(file.subarray(0, headBytes));
      const answer = await preflight({
        sizeBytes: file.length,
        head: file.subarray(0, headBytes),
        tail: file.subarray(Math.max(0, file.length - tailBytes)),
      });
      seen[answer.verdict] += 1;
      if (container === null || answer.verdict === 'unknown') return;
      const whole = await checkExtent(container, file.length, async (start, length) => file.subarray(start, start + length));
      expect(whole.verdict).toBe(answer.verdict === 'accepted' ? 'whole' : 'cut');
    }),
    { numRuns: 400 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
});

test('what was cut off a film is noticed at every length', async () => {
  expect(await look(film)).toEqual({ verdict: 'accepted' });
  for (const lostBytes of [1, 100, 5_016, 5_017, 200_000]) {
    expect([lostBytes, await look(film.subarray(0, film.length - lostBytes))]).toEqual([
      lostBytes,
      { verdict: 'refused', reason: expect.objectContaining({ code: 'SOURCE_TRUNCATED' }) },
    ]);
  }
});
