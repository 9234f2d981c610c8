import { randomBytes } from 'node:crypto';
import type { StoredPart } from '../../src/domain/upload.js';
import { MIB, type ObjectStoreUnderTest, refusal, sha256, useObjectStore } from './object-store-harness.js';

/** Multiparts: what uploads rest on. */
export function describeMultiparts(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name}: multiparts`, () => {
    const { under, store, at, bytesOf, newMultipart, sendPart, partsOf } = useObjectStore(make);
    const bodies = [randomBytes(5 * MIB), randomBytes(5 * MIB), randomBytes(1234)] as const;
    const whole = Buffer.concat(bodies);

    it('joins parts that came out of order, one of them twice, into one object with its type and metadata', async () => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      await sendPart(key, id, 3, bodies[2]);
      await sendPart(key, id, 1, randomBytes(5 * MIB));
      await sendPart(key, id, 2, bodies[1]);
      await sendPart(key, id, 1, bodies[0]);
      const parts = await partsOf(key, id);
      expect(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes])).toEqual([
        [1, 5 * MIB],
        [2, 5 * MIB],
        [3, 1234],
      ]);
      expect(await store().head(key)).toBeNull();
      expect(await store().completeMultipart(key, id, [...parts].reverse())).toBe('completed');
      expect(await store().head(key)).toMatchObject({ sizeBytes: whole.length, contentType: 'video/mp4', metadata: { upload: 'u-1' } });
      expect(sha256(await bytesOf(key))).toBe(sha256(whole));
    });

    it('takes parts that this process sends itself, the last of one number, and knows none of a multipart that is gone', async () => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      await store().uploadPart(key, id, 2, Buffer.from('an earlier try'));
      const sent = [await store().uploadPart(key, id, 1, bodies[0]), await store().uploadPart(key, id, 2, bodies[2])];
      expect(sent).toEqual(await partsOf(key, id));
      expect(
        await store().completeMultipart(
          key,
          id,
          sent.filter((part) => part !== null),
        ),
      ).toBe('completed');
      expect(sha256(await bytesOf(key))).toBe(sha256(Buffer.concat([bodies[0], bodies[2]])));
      expect(await store().uploadPart(key, id, 1, bodies[2])).toBeNull();
      expect(sha256(await bytesOf(key))).toBe(sha256(Buffer.concat([bodies[0], bodies[2]])));
    });

    it('survives a second complete, a late abort and a late part with the object intact', async () => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      await sendPart(key, id, 1, bodies[2]);
      const parts = await partsOf(key, id);
      const late = await store().presignPart({ key, multipartId: id, partNumber: 1, sizeBytes: 3, ttlS: 60 });
      const [first, twin] = await Promise.all([
        store().completeMultipart(key, id, parts),
        store()
          .completeMultipart(key, id, parts)
          .catch(() => 'later'),
      ]);
      expect([first, twin]).toContain('completed');
      expect(['completed', 'gone']).toContain(await store().completeMultipart(key, id, parts));
      expect(await under().putPart(late, Buffer.from('xyz'))).toBe(404);
      await store().abortMultipart(key, id);
      expect(await store().listParts(key, id)).toBeNull();
      expect(await store().listMultiparts(key)).toEqual([]);
      expect(await bytesOf(key)).toEqual(bodies[2]);
    });

    it('tells more parts than one page holds, in order', async () => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      const numbers = Array.from({ length: 2 * under().pageSize + 1 }, (_, n) => n + 1);
      for (const n of [...numbers].reverse()) await sendPart(key, id, n, Buffer.alloc(n));
      expect((await partsOf(key, id)).map((part) => [part.partNumber, part.sizeBytes])).toEqual(numbers.map((n) => [n, n]));
      await store().abortMultipart(key, id);
    });

    it('knows a new multipart without parts, and forgets an aborted one, twice', async () => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      expect(await store().listParts(key, id)).toEqual([]);
      await sendPart(key, id, 1, bodies[2]);
      const parts = await partsOf(key, id);
      await store().abortMultipart(key, id);
      await store().abortMultipart(key, id);
      expect(await store().listParts(key, id)).toBeNull();
      expect(await store().completeMultipart(key, id, parts)).toBe('gone');
      expect(await store().head(key)).toBeNull();
    });

    it('is not taken in by an object that another multipart made at the key', async () => {
      const key = `${at()}source`;
      const [lost, won] = [await newMultipart(key), await newMultipart(key)];
      await sendPart(key, lost, 1, Buffer.from('lost'));
      await sendPart(key, won, 1, Buffer.from('won'));
      const lostParts = await partsOf(key, lost);
      await store().abortMultipart(key, lost);
      expect(await store().completeMultipart(key, won, await partsOf(key, won))).toBe('completed');
      expect(await store().completeMultipart(key, lost, lostParts)).toBe('gone');
      expect(await bytesOf(key)).toEqual(Buffer.from('won'));
    });

    it.each([
      ['a part of under 5 MiB that is not the last', 2, (parts: StoredPart[]) => parts, 'EntityTooSmall'],
      ['a part that was never sent', 1, (parts: StoredPart[]) => parts.map((part) => ({ ...part, partNumber: 2 })), 'InvalidPart'],
      ['an etag of other bytes', 1, (parts: StoredPart[]) => parts.map((part) => ({ ...part, etag: '0'.repeat(32) })), 'InvalidPart'],
    ])('refuses to complete with %s, and keeps the parts', async (_case, count, change, s3Code) => {
      const key = `${at()}source`;
      const id = await newMultipart(key);
      for (let n = 1; n <= count; n += 1) await sendPart(key, id, n, Buffer.from('small'));
      const parts = await partsOf(key, id);
      const error = await refusal(store().completeMultipart(key, id, change(parts)));
      expect([error.code, error.details.s3Code]).toEqual(['INTERNAL', s3Code]);
      expect(await store().head(key)).toBeNull();
      expect(await store().listParts(key, id)).toEqual(parts);
      await store().abortMultipart(key, id);
    });

    it('lists open multiparts of a prefix over many pages, two of one key among them', async () => {
      const keys = Array.from({ length: under().pageSize + 1 }, (_, n) => [`${at()}k${n}`, `${at()}k${n}`]).flat();
      const ids = new Set<string>();
      for (const key of keys) ids.add(await newMultipart(key));
      const elsewhere = await newMultipart(`${at().slice(0, -1)}x`);
      const found = await store().listMultiparts(at());
      expect(found.map((one) => one.key).sort()).toEqual(keys);
      expect(new Set(found.map((one) => one.multipartId))).toEqual(ids);
      for (const one of found) expect(Math.abs(Date.now() - Date.parse(one.initiatedAt))).toBeLessThan(600_000);
      for (const one of found) await store().abortMultipart(one.key, one.multipartId);
      await store().abortMultipart(`${at().slice(0, -1)}x`, elsewhere);
      expect(await store().listMultiparts(at())).toEqual([]);
    });

    it('refuses metadata that would not come back as it was sent', async () => {
      for (const metadata of [{ name: 'Ferien – Süd.mp4' }, { Name: 'x' }, { name: ' x' }, { name: 'x'.repeat(3000) }] as Record<string, string>[]) {
        expect((await refusal(store().createMultipart(`${at()}k`, { contentType: 'video/mp4', metadata }))).code).toBe('INTERNAL');
      }
    });
  });
}
