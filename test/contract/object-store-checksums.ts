import { createHash, randomBytes } from 'node:crypto';
import { crc32c } from '@node-rs/crc32';
import { type ChecksumAlgorithm, checksumHeaders, type PartChecksum } from '../../src/domain/upload.js';
import { MIB, type ObjectStoreUnderTest, refusal, sha256, useObjectStore } from './object-store-harness.js';

const SUMS: Readonly<Record<ChecksumAlgorithm, (bytes: Uint8Array) => Buffer>> = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  crc32c(bytes) {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32c(Buffer.from(bytes)));
    return sum;
  },
};

/** Multiparts whose parts carry a checksum: the store looks at every byte. */
export function describePartChecksums(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe.each(['sha256', 'crc32c'] as const)(`${name}: parts with %s`, (algorithm) => {
    const { under, store, at, bytesOf, partsOf } = useObjectStore(make);
    const body = randomBytes(100_000);
    const flipped = Buffer.from(body);
    flipped.writeUInt8(body.readUInt8(50_000) ^ 1, 50_000);
    const checksumOf = (bytes: Uint8Array): PartChecksum => ({ algorithm, value: SUMS[algorithm](bytes).toString('base64') });
    let key: string;
    let id: string;
    beforeEach(async () => {
      key = `${at()}source`;
      id = await store().createMultipart(key, { contentType: 'video/mp4', metadata: {}, checksum: algorithm });
    });
    afterEach(() => store().abortMultipart(key, id));
    const sign = (bytes: Uint8Array, partNumber = 1): Promise<string> =>
      store().presignPart({ key, multipartId: id, partNumber, sizeBytes: bytes.length, ttlS: 60, checksum: checksumOf(bytes) });
    const send = async (bytes: Uint8Array, partNumber = 1): Promise<void> =>
      expect(await under().putPart(await sign(bytes, partNumber), bytes, checksumHeaders(checksumOf(bytes)))).toBe(200);

    it('are stored, listed with it, and joined', async () => {
      const first = randomBytes(5 * MIB);
      await send(body, 2);
      await send(first, 1);
      const parts = await partsOf(key, id);
      expect(parts.map(({ partNumber, checksum }) => [partNumber, checksum])).toEqual([
        [1, checksumOf(first)],
        [2, checksumOf(body)],
      ]);
      expect(await store().completeMultipart(key, id, parts)).toBe('completed');
      expect(sha256(await bytesOf(key))).toBe(sha256(Buffer.concat([first, body])));
    });

    it('are refused with 400 where one bit is another, and taken when they are sent again', async () => {
      const url = await sign(body);
      expect(await under().putPart(url, flipped, checksumHeaders(checksumOf(body)))).toBe(400);
      expect(await partsOf(key, id)).toEqual([]);
      expect(await under().putPart(url, body, checksumHeaders(checksumOf(body)))).toBe(200);
      expect(await partsOf(key, id)).toMatchObject([{ partNumber: 1, sizeBytes: body.length }]);
    });

    it('do not replace a part by a damaged one', async () => {
      await send(body);
      const before = await partsOf(key, id);
      expect(await under().putPart(await sign(body), flipped, checksumHeaders(checksumOf(body)))).toBe(400);
      expect(await partsOf(key, id)).toEqual(before);
    });

    it('are refused where the signed checksum is left out or another one is sent', async () => {
      const url = await sign(body);
      expect(await under().putPart(url, body)).toBe(403);
      expect(await under().putPart(url, flipped, checksumHeaders(checksumOf(flipped)))).toBe(403);
      expect(await partsOf(key, id)).toEqual([]);
    });

    it('are refused where their URL was signed without one', async () => {
      const url = await store().presignPart({ key, multipartId: id, partNumber: 1, sizeBytes: body.length, ttlS: 60 });
      expect(await under().putPart(url, body)).toBe(400);
      expect(await partsOf(key, id)).toEqual([]);
    });

    it('cannot be completed without it', async () => {
      await send(body);
      const parts = await partsOf(key, id);
      const bare = parts.map(({ checksum: _checksum, ...part }) => part);
      const error = await refusal(store().completeMultipart(key, id, bare));
      expect([error.code, error.details.s3Code]).toEqual(['INTERNAL', 'InvalidRequest']);
      expect(await store().listParts(key, id)).toEqual(parts);
    });
  });
}
