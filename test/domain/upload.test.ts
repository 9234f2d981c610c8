import fc from 'fast-check';
import {
  expectedPartBytes,
  extendedExpiry,
  isChecksum,
  MAX_PARTS,
  MAX_UPLOAD_BYTES,
  MAX_UPLOAD_LIFE_MS,
  missingParts,
  partCount,
  partSizeFor,
  type StoredPart,
} from '../../src/domain/upload.js';

const MIB = 1024 * 1024;
const sizes = fc.oneof(fc.integer({ min: 1, max: 64 * MIB }), fc.integer({ min: 1, max: MAX_UPLOAD_BYTES }));
const uploadOf = (sizeBytes: number) => ({ sizeBytes, partSizeBytes: partSizeFor(sizeBytes) });
const allParts = (upload: { sizeBytes: number; partSizeBytes: number }): StoredPart[] =>
  Array.from({ length: partCount(upload) }, (_, i) => ({ partNumber: i + 1, sizeBytes: expectedPartBytes(upload, i + 1), etag: 'e' }));

test('parts add up to the file and keep to the limits of S3', () => {
  fc.assert(
    fc.property(sizes, (sizeBytes) => {
      const upload = uploadOf(sizeBytes);
      const parts = allParts(upload);
      expect(parts.reduce((sum, part) => sum + part.sizeBytes, 0)).toBe(sizeBytes);
      expect(parts.length).toBeLessThanOrEqual(MAX_PARTS);
      expect(parts.every((part) => part.sizeBytes > 0 && part.sizeBytes <= 5 * 1024 * MIB)).toBe(true);
      expect(parts.slice(0, -1).every((part) => part.sizeBytes >= 5 * MIB)).toBe(true);
      expect(missingParts(upload, parts)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test.each([
  [8 * MIB, 1],
  [8 * MIB + 1, 2],
  [16 * MIB, 2],
])('%d bytes are %d parts', (sizeBytes, count) => expect(partCount(uploadOf(sizeBytes))).toBe(count));

test('the part size doubles where a thousand parts are not enough', () => {
  expect(partSizeFor(8000 * MIB)).toBe(8 * MIB);
  expect(partSizeFor(8000 * MIB + 1)).toBe(16 * MIB);
});

test('a part that is absent or has another size is missing; one that nobody asked for is not looked at', () => {
  const upload = uploadOf(20 * MIB);
  const [first, second, third] = allParts(upload);
  expect(missingParts(upload, [])).toEqual([1, 2, 3]);
  if (!first || !second || !third) throw new Error('expected three parts');
  expect(missingParts(upload, [third, first])).toEqual([2]);
  expect(missingParts(upload, [first, { ...second, sizeBytes: second.sizeBytes - 1 }, third])).toEqual([2]);
  expect(missingParts(upload, [first, second, third, { partNumber: 4, sizeBytes: 1, etag: 'e' }])).toEqual([]);
});

test('an empty file is one empty part', () => {
  expect(missingParts(uploadOf(0), [])).toEqual([1]);
  expect(missingParts(uploadOf(0), [{ partNumber: 1, sizeBytes: 0, etag: 'e' }])).toEqual([]);
});

describe('the life of a session', () => {
  const HOUR = 3_600_000;
  const createdMs = Date.parse('2026-11-21T10:00:00.000Z');
  const at = (ms: number): string => new Date(createdMs + ms).toISOString();
  const ending = (ms: number) => ({ createdAt: at(0), expiresAt: at(ms) });
  const extendedAt = (upload: { createdAt: string; expiresAt: string }, ms: number, lifeMs = 24 * HOUR) =>
    extendedExpiry(upload, createdMs + ms, lifeMs);

  test.each<[string, number, number, number | null]>([
    ['more than half is left', 24, 11, null],
    ['half is left', 24, 12, null],
    ['less than half is left', 24, 13, 37],
    ['the last moment', 24, 23.999, 47.999],
    ['its time is up', 24, 24, null],
    ['its time has long been up', 24, 100, null],
    ['near a week', 160, 150, 168],
    ['at a week', 168, 167, null],
  ])('%s', (_name, endH, nowH, wantedH) => expect(extendedAt(ending(endH * HOUR), nowH * HOUR)).toBe(wantedH === null ? null : at(wantedH * HOUR)));

  test('never ends earlier than it did, never later than a life from now or a week from its creation', () => {
    const ms = fc.integer({ min: 0, max: 10 * 86_400_000 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 1000, max: 8 * 86_400_000 }), (endMs, nowMs, lifeMs) => {
        const extended = extendedAt(ending(endMs), nowMs, lifeMs);
        if (extended === null) return;
        const newEndMs = Date.parse(extended) - createdMs;
        expect(newEndMs).toBeGreaterThan(endMs);
        expect(newEndMs).toBeLessThanOrEqual(Math.min(nowMs + lifeMs, MAX_UPLOAD_LIFE_MS));
      }),
    );
  });

  test('a client that is always at work costs two writes a life', () => {
    let [upload, writes] = [ending(24 * HOUR), 0];
    for (let nowMs = 0; nowMs < MAX_UPLOAD_LIFE_MS; nowMs += 60_000) {
      const extended = extendedAt(upload, nowMs);
      if (extended === null) continue;
      writes += 1;
      upload = { ...upload, expiresAt: extended };
    }
    expect(upload.expiresAt).toBe(at(MAX_UPLOAD_LIFE_MS));
    expect(writes).toBeLessThanOrEqual(14);
  });
});

test.each(['sha256', 'crc32c'] as const)('a %s in base64 is told from anything else', (algorithm) => {
  const sizes = { sha256: 32, crc32c: 4 };
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), (bytes) => {
      expect(isChecksum(algorithm, Buffer.from(bytes).toString('base64'))).toBe(bytes.length === sizes[algorithm]);
    }),
  );
  for (const other of ['', 'AAAAAB==', 'AAAA', `${'A'.repeat(42)}B=`, 'AAAAAA==\n', '%AAAAA==']) expect(isChecksum(algorithm, other)).toBe(false);
});
