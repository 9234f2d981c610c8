import fc from 'fast-check';
import { judgeParts, lackingParts, partsOnceSent, soundParts } from '../../src/domain/door-parts.js';
import { MAX_UPLOAD_BYTES, type StoredPart } from '../../src/domain/upload.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB;
const part = (partNumber: number, sizeBytes: number): StoredPart => ({ partNumber, sizeBytes, etag: 'e' });
const cut = (sizeBytes: number, partBytes: number): StoredPart[] =>
  Array.from({ length: Math.max(1, Math.ceil(sizeBytes / partBytes)) }, (_, index) =>
    part(index + 1, Math.min(partBytes, sizeBytes - index * partBytes)),
  );

const files = fc.tuple(fc.integer({ min: 0, max: 400 * MIB }), fc.integer({ min: PART, max: 64 * MIB }));

test('whatever size the parts have, a file that is there is whole, declared or not', () => {
  fc.assert(
    fc.property(files, fc.boolean(), ([sizeBytes, partBytes], declared) => {
      const stored = cut(sizeBytes, partBytes);
      const { whole, missing, fault } = judgeParts(declared ? sizeBytes : null, stored, stored.length);
      expect([missing, fault]).toEqual([[], null]);
      expect(whole?.sizeBytes).toBe(sizeBytes);
      expect(whole && partsOnceSent(whole).map((each) => each.sizeBytes)).toEqual(stored.map((each) => each.sizeBytes));
    }),
  );
});

test('one part that is absent or was cut short is missed, and sending that one is enough', () => {
  fc.assert(
    fc.property(files, fc.boolean(), fc.nat(), fc.boolean(), ([sizeBytes, partBytes], declared, pick, absent) => {
      const stored = cut(sizeBytes, partBytes);
      fc.pre(stored.length > 2);
      // The last part's size is nobody's to know where the file's is not declared.
      const n = pick % (stored.length - 1);
      const broken = stored.flatMap((each, index) => (index !== n ? [each] : absent ? [] : [{ ...each, sizeBytes: each.sizeBytes - 1 }]));
      const { whole, missing, fault } = judgeParts(declared ? sizeBytes : null, broken, stored.length);
      expect([whole, fault]).toEqual([null, null]);
      // Where part 1 itself has another size the others are measured against it; sending it again cures that too.
      if (n > 0) expect(missing).toEqual([n + 1]);
      else expect(missing.length).toBeGreaterThan(0);
    }),
  );
});

test.each([
  ['nothing at all', null, [], null, [1]],
  ['nothing of three parts', null, [], 3, [1, 2, 3]],
  ['a first part that is absent', null, [part(2, PART)], null, [1]],
  ['parts under 5 MiB', null, [part(1, MIB), part(2, MIB)], null, [1]],
  ['a first part cut short of a declared file', 20 * MIB, [part(1, 17)], null, [1]],
  ['a last part that is larger', null, [part(1, PART), part(2, PART + 1)], null, [2]],
  ['an empty last part', null, [part(1, PART), part(2, 0)], null, [2]],
  ['fewer than the client says', null, [part(1, PART)], 3, [2, 3]],
  ['less than was declared', 12 * MIB, [part(1, PART), part(2, PART)], 2, [3]],
])('%s is missing', (_case, declared, stored, named, missing) => {
  expect(judgeParts(declared, stored, named)).toEqual({ whole: null, missing, fault: null });
});

test.each([
  ['more parts than the client says', null, cut(12 * MIB, PART), 2, 'UPLOAD_MISMATCH'],
  ['more parts than the declared size has', 8 * MIB, cut(12 * MIB, PART), null, 'UPLOAD_MISMATCH'],
  ['more parts said than the declared size has', 8 * MIB, cut(8 * MIB, PART), 3, 'UPLOAD_MISMATCH'],
  ['more bytes than are taken', null, cut(MAX_UPLOAD_BYTES + 1, 64 * MIB), null, 'UPLOAD_TOO_LARGE'],
])('%s: refused', (_case, declared, stored, named, code) => {
  const { whole, missing, fault } = judgeParts(declared, stored, named);
  expect([whole, missing, fault?.code]).toEqual([null, [], code]);
});

test('a file of one part may have any size, none among them', () => {
  for (const sizeBytes of [0, 1, PART, 3 * 1024 * MIB]) {
    for (const declared of [null, sizeBytes]) {
      expect(judgeParts(declared, [part(1, sizeBytes)]).whole).toEqual({ sizeBytes, partSizeBytes: Math.max(1, sizeBytes) });
    }
  }
});

test('only parts of the right size are left as they are, and never the one that may have broken off', () => {
  const sound = (...stored: StoredPart[]) => soundParts(null, stored).map((each) => each.partNumber);
  expect(sound(part(1, PART), part(2, PART - 1), part(3, PART), part(4, 7))).toEqual([1, 3]);
  expect(sound(part(1, PART), part(2, PART))).toEqual([1]);
  expect(sound(part(1, PART))).toEqual([]);
});

test('what is known to be missing follows the door', () => {
  const sizes = { sizeBytes: 20 * MIB, partSizeBytes: 8 * MIB };
  const unknown = { sizeBytes: null, partSizeBytes: null };
  expect(lackingParts({ door: null, ...sizes }, [])).toEqual([1, 2, 3]);
  expect(lackingParts({ door: 'parts', ...sizes }, [part(2, 8 * MIB)])).toEqual([1, 3]);
  expect(lackingParts({ door: 'uppy', ...sizes }, [part(1, PART)])).toEqual([2, 3, 4]);
  expect(lackingParts({ door: 'whole', ...sizes }, [])).toEqual([1]);
  for (const door of [null, 'uppy', 'whole'] as const) expect(lackingParts({ door, ...unknown }, [])).toEqual([1]);
});
