import { setTimeout as sleep } from 'node:timers/promises';
import { type ObjectStoreUnderTest, useObjectStore } from './object-store-harness.js';

/** Presigned part URLs: what a client outside may do with them. */
export function describePartUrls(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name}: presigned part URLs`, () => {
    const { under, store, at, newMultipart, partsOf } = useObjectStore(make);
    const body = Buffer.from('ten bytes!');
    let key: string;
    let id: string;
    beforeEach(async () => {
      key = `${at()}source`;
      id = await newMultipart(key);
    });
    afterEach(() => store().abortMultipart(key, id));
    const sign = (ttlS = 60) => store().presignPart({ key, multipartId: id, partNumber: 1, sizeBytes: body.length, ttlS });

    it('take a bare PUT, and the same one again', async () => {
      const url = await sign();
      expect(await under().putPart(url, body)).toBe(200);
      expect(await under().putPart(url, body)).toBe(200);
      expect(await partsOf(key, id)).toMatchObject([{ partNumber: 1, sizeBytes: 10 }]);
    });

    it.each([
      ['one byte less', 9],
      ['one byte more', 11],
      ['nothing', 0],
    ])('refuse a body of another size: %s', async (_case, sizeBytes) => {
      expect(await under().putPart(await sign(), Buffer.alloc(sizeBytes))).toBe(403);
      expect(await partsOf(key, id)).toEqual([]);
    });

    it('without a size take a part of any size, the last one stays', async () => {
      const url = await store().presignPart({ key, multipartId: id, partNumber: 1, sizeBytes: null, ttlS: 60 });
      for (const sizeBytes of [3, 70_000, 7]) expect(await under().putPart(url, Buffer.alloc(sizeBytes))).toBe(200);
      expect(await partsOf(key, id)).toMatchObject([{ partNumber: 1, sizeBytes: 7 }]);
      expect(await under().putPart(url.replace('partNumber=1', 'partNumber=2'), body)).toBe(403);
    });

    it('refuse another part number, another key and another signature', async () => {
      const url = await sign();
      const other = url.replace(/(ignature=)(.)/, (_all, name: string, first: string) => `${name}${first === '0' ? '1' : '0'}`);
      for (const tampered of [url.replace('partNumber=1', 'partNumber=2'), url.replace('/source?', '/sourcf?'), other]) {
        expect(tampered).not.toBe(url);
        expect(await under().putPart(tampered, body)).toBe(403);
      }
      expect(await partsOf(key, id)).toEqual([]);
    });

    it('refuse to be used after their time', async () => {
      const url = await sign(1);
      await sleep(2500);
      expect(await under().putPart(url, body)).toBe(403);
      expect(await partsOf(key, id)).toEqual([]);
    });
  });
}
