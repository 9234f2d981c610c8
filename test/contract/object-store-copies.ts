import { randomBytes } from 'node:crypto';
import { MIB, type ObjectStoreUnderTest, refusal, sha256, useObjectStore } from './object-store-harness.js';

/** Copies inside the store, and deletions of one object only. */
export function describeCopies(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name}: copies`, () => {
    const { store, at, put, bytesOf } = useObjectStore(make);
    const metadata = { 'upload-id': 'upl_1' };
    const etagOf = async (key: string): Promise<string> => (await store().head(key))?.etag ?? '';

    it.each([
      ['no bytes', 0],
      ['one piece', 1000],
      ['exactly one piece', 5 * MIB],
      ['several pieces, the last of them short', 11 * MIB + 7],
    ])('copies an object of %s under a type and metadata of its own, twice', async (_case, sizeBytes) => {
      const [from, to] = [`${at()}in/Ferien + Süd.mp4`, `${at()}source`];
      const body = randomBytes(sizeBytes);
      await put(from, body);
      for (let round = 0; round < 2; round += 1) {
        expect(await store().copy(from, to, { etag: await etagOf(from), contentType: 'video/mp4', metadata })).toBe('copied');
        expect(await store().head(to)).toMatchObject({ sizeBytes, contentType: 'video/mp4', metadata });
        expect(sha256(await bytesOf(to))).toBe(sha256(body));
      }
      expect(await store().listMultiparts(to)).toEqual([]);
      expect(sha256(await bytesOf(from))).toBe(sha256(body));
    });

    it('copies nothing where the source is another object now, or gone', async () => {
      const [from, to] = [`${at()}in`, `${at()}source`];
      await put(from, Buffer.from('first'));
      const etag = await etagOf(from);
      await put(from, Buffer.from('second'));
      expect(await store().copy(from, to, { etag, contentType: 'video/mp4', metadata })).toBe('changed');
      await store().delete([from]);
      expect(await store().copy(from, to, { etag, contentType: 'video/mp4', metadata })).toBe('changed');
      expect(await store().head(to)).toBeNull();
    });

    it('refuses metadata that would not come back as it was sent', async () => {
      await put(`${at()}in`, Buffer.from('x'));
      const wrong = { etag: await etagOf(`${at()}in`), contentType: 'video/mp4', metadata: { name: 'Süd' } };
      expect((await refusal(store().copy(`${at()}in`, `${at()}source`, wrong))).code).toBe('INTERNAL');
    });

    it('deletes the object with that ETag and no other, and takes an absent one for deleted', async () => {
      const key = `${at()}k`;
      await put(key, Buffer.from('first'));
      const first = await etagOf(key);
      await put(key, Buffer.from('second'));
      expect(await store().deleteExactly(key, first)).toBe('changed');
      expect(await bytesOf(key)).toEqual(Buffer.from('second'));
      expect(await store().deleteExactly(key, await etagOf(key))).toBe('deleted');
      expect(await store().head(key)).toBeNull();
      expect(await store().deleteExactly(key, first)).toBe('deleted');
    });
  });
}
