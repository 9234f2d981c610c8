import { randomBytes } from 'node:crypto';
import { describePartChecksums } from './object-store-checksums.js';
import { describeCopies } from './object-store-copies.js';
import { MIB, type ObjectStoreUnderTest, readAll, refusal, sha256, useObjectStore } from './object-store-harness.js';
import { describeMultiparts } from './object-store-multiparts.js';
import { describePartUrls } from './object-store-part-urls.js';
import { describeWhole } from './object-store-whole.js';

/** Holds an adapter to everything that src/storage/object-store.ts promises. `make` is called once for each group of tests. */
export function describeObjectStore(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describeObjects(name, make);
  describeCopies(name, make);
  describeMultiparts(name, make);
  describePartUrls(name, make);
  describePartChecksums(name, make);
  describeWhole(name, make);
}

function describeObjects(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name}: objects`, () => {
    const { under, store, at, open, put, bytesOf, newMultipart, sendPart, partsOf } = useObjectStore(make);

    describe('single objects', () => {
      it('answers a ping', async () => {
        await expect(store().ping()).resolves.toBeUndefined();
      });

      it('gives back what was put, by get and by head', async () => {
        const body = randomBytes(300_000);
        expect(await put(`${at()}a b+c/é.bin`, body)).toBe('stored');
        const object = await open(`${at()}a b+c/é.bin`);
        expect(object).toMatchObject({ sizeBytes: 300_000, contentLength: 300_000, contentType: 'text/plain', metadata: {} });
        expect((await readAll(object.body)).equals(body)).toBe(true);
        const { modifiedAt, ...facts } = (await store().head(`${at()}a b+c/é.bin`)) ?? { modifiedAt: '' };
        expect(facts).toEqual({ sizeBytes: 300_000, etag: object.etag, contentType: 'text/plain', metadata: {} });
        expect(Math.abs(Date.now() - Date.parse(modifiedAt))).toBeLessThan(600_000);
        const [listed] = (await store().list(`${at()}a b+c/`)).objects;
        expect(listed).toMatchObject({ etag: object.etag, modifiedAt: expect.stringContaining(modifiedAt.slice(0, 19)) });
        expect(object.etag).toMatch(/^[^"]+$/);
      });

      it('proves that an object is what came, reading all of it', async () => {
        const body = randomBytes(300_000);
        for (const [key, bytes] of [
          ['whole', body],
          ['empty', new Uint8Array(0)],
        ] as const)
          await put(`${at()}${key}`, bytes);
        const multipart = await newMultipart(`${at()}joined`);
        await sendPart(`${at()}joined`, multipart, 1, randomBytes(5 * MIB));
        await sendPart(`${at()}joined`, multipart, 2, body);
        await store().completeMultipart(`${at()}joined`, multipart, await partsOf(`${at()}joined`, multipart));
        for (const [key, sizeBytes] of [
          ['whole', 300_000],
          ['empty', 0],
          ['joined', 5 * MIB + 300_000],
        ] as const) {
          let readBytes = 0;
          const { etag } = (await store().head(`${at()}${key}`)) ?? { etag: '' };
          const onRead = (bytes: number): void => {
            readBytes = bytes;
          };
          expect([key, await store().prove(`${at()}${key}`, { etag, onRead })]).toEqual([key, 'proven']);
          expect(readBytes).toBe(sizeBytes);
        }
        expect(await store().prove(`${at()}nothing`, { etag: 'e' })).toBeNull();
        expect((await refusal(store().prove(`${at()}whole`, { etag: 'another' }))).code).toBe('SOURCE_CHANGED');
        await expect(store().prove(`${at()}whole`, { etag: 'e', signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
      });

      it('keeps an object of no bytes', async () => {
        await put(`${at()}empty`, new Uint8Array(0));
        const object = await open(`${at()}empty`);
        expect(object).toMatchObject({ sizeBytes: 0, contentLength: 0 });
        expect(await readAll(object.body)).toHaveLength(0);
      });

      it('answers null for keys that are absent, a folder of keys among them', async () => {
        await put(`${at()}folder/key`, Buffer.from('x'));
        for (const key of [`${at()}nothing`, `${at()}folder`, `${at()}folder/key/below`]) {
          expect(await store().get(key)).toBeNull();
          expect(await store().head(key)).toBeNull();
        }
      });

      it('replaces an object that is put again, and its etag', async () => {
        await put(`${at()}k`, Buffer.from('one'));
        const first = await store().head(`${at()}k`);
        expect(await put(`${at()}k`, Buffer.from('two!'))).toBe('stored');
        expect(await bytesOf(`${at()}k`)).toEqual(Buffer.from('two!'));
        expect((await store().head(`${at()}k`))?.etag).not.toBe(first?.etag);
      });

      it.each([
        ['the sha256 of other bytes', sha256(Buffer.from('other'))],
        ['no sha256 at all', ''],
        ['a sha256 in upper case', sha256(Buffer.from('body')).toUpperCase()],
      ])('refuses a body with %s and stores nothing', async (_case, wrong) => {
        const error = await refusal(store().put(`${at()}k`, Buffer.from('body'), { contentType: 'text/plain', sha256: wrong }));
        expect(error.code).toBe('INTERNAL');
        expect(await store().head(`${at()}k`)).toBeNull();
      });

      it('deletes what is there and takes absent keys for no fault', async () => {
        await put(`${at()}a`, Buffer.from('a'));
        await put(`${at()}b`, Buffer.from('b'));
        await store().delete([`${at()}a`, `${at()}never`]);
        await store().delete([`${at()}a`]);
        await store().delete([]);
        expect(await store().head(`${at()}a`)).toBeNull();
        expect(await bytesOf(`${at()}b`)).toEqual(Buffer.from('b'));
      });
    });

    describe('ranges and pins', () => {
      const body = randomBytes(200_000);
      it.each([
        ['a piece, both ends inclusive', { start: 10, end: 19 }, 10, 20],
        ['one byte', { start: 0, end: 0 }, 0, 1],
        ['all from an offset', { start: 199_990 }, 199_990, 200_000],
        ['all up to an end', { end: 4 }, 0, 5],
        ['no more than there is', { start: 199_999, end: 500_000 }, 199_999, 200_000],
      ])('reads %s', async (_case, range, from, to) => {
        await put(`${at()}k`, body);
        const object = await open(`${at()}k`, range);
        expect(object).toMatchObject({ sizeBytes: 200_000, contentLength: to - from });
        expect((await readAll(object.body)).equals(body.subarray(from, to))).toBe(true);
      });

      it('refuses a range behind the end', async () => {
        await put(`${at()}k`, Buffer.from('12345'));
        expect((await refusal(store().get(`${at()}k`, { start: 5 }))).code).toBe('INTERNAL');
      });

      it('reads only the object that an etag pins, and says so when it is another one now', async () => {
        await put(`${at()}k`, Buffer.from('old bytes'));
        const etag = (await store().head(`${at()}k`))?.etag;
        const pinned = await open(`${at()}k`, { etag, start: 4 });
        expect(await readAll(pinned.body)).toEqual(Buffer.from('bytes'));
        await put(`${at()}k`, Buffer.from('new bytes'));
        expect((await refusal(store().get(`${at()}k`, { etag, start: 4 }))).code).toBe('SOURCE_CHANGED');
        expect(await store().get(`${at()}absent`, { etag })).toBeNull();
      });

      it('gives an aborted caller its own reason, before a get and in the middle of a body', async () => {
        await put(`${at()}k`, randomBytes(4 * MIB));
        const reason = new Error('the worker is draining');
        await expect(store().get(`${at()}k`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
        const controller = new AbortController();
        const object = await open(`${at()}k`, { signal: controller.signal });
        const reading = (async () => {
          for await (const _piece of object.body) controller.abort(reason);
        })();
        await expect(reading).rejects.toBe(reason);
      });
    });

    describe('writes that must happen once', () => {
      it('has exactly one winner among eight writers, ten times', async () => {
        for (let round = 0; round < 10; round += 1) {
          const bodies = Array.from({ length: 8 }, (_, writer) => Buffer.from(`round ${round} writer ${writer}`));
          const outcomes = await Promise.all(bodies.map((body) => put(`${at()}${round}.json`, body, { onlyIfAbsent: true })));
          expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
          expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(7);
          expect(await bytesOf(`${at()}${round}.json`)).toEqual(bodies[outcomes.indexOf('stored')]);
        }
      });

      it('lets a loser change nothing, not even with the same bytes, and shows no trace of the race', async () => {
        expect(await put(`${at()}k`, Buffer.from('first'), { onlyIfAbsent: true })).toBe('stored');
        expect(await put(`${at()}k`, Buffer.from('second'), { onlyIfAbsent: true })).toBe('exists');
        expect(await put(`${at()}k`, Buffer.from('first'), { onlyIfAbsent: true })).toBe('exists');
        expect(await bytesOf(`${at()}k`)).toEqual(Buffer.from('first'));
        expect((await store().head(`${at()}k`))?.metadata).toEqual({});
        expect((await store().get(`${at()}k`, { end: 0 }))?.metadata).toEqual({});
      });

      it('can be won again after a delete', async () => {
        await put(`${at()}k`, Buffer.from('1'), { onlyIfAbsent: true });
        await store().delete([`${at()}k`]);
        expect(await put(`${at()}k`, Buffer.from('2'), { onlyIfAbsent: true })).toBe('stored');
      });
    });

    describe('a put that replaces one object only', () => {
      it('replaces the object with that ETag, and no other, and not what is absent', async () => {
        const key = `${at()}k`;
        await put(key, Buffer.from('first'));
        const first = (await store().head(key))?.etag ?? '';
        expect(await put(key, Buffer.from('second'), { onlyIfEtag: first })).toBe('stored');
        expect(await put(key, Buffer.from('stale'), { onlyIfEtag: first })).toBe('changed');
        expect(await bytesOf(key)).toEqual(Buffer.from('second'));
        await store().delete([key]);
        expect(await put(key, Buffer.from('late'), { onlyIfEtag: first })).toBe('changed');
        expect(await store().head(key)).toBeNull();
      });
    });

    describe('listing', () => {
      const listAll = async (prefix: string): Promise<{ keys: string[]; pages: number }> => {
        const keys: string[] = [];
        let [after, pages]: [string | null, number] = [null, 0];
        do {
          const page = await store().list(prefix, after);
          expect(page.objects.length).toBeLessThanOrEqual(under().pageSize);
          keys.push(...page.objects.map((object) => object.key));
          after = page.next;
          pages += 1;
        } while (after !== null && pages < 100);
        return { keys, pages };
      };

      it('shows every key once, in byte order, over many pages, and nothing beside the prefix', async () => {
        const names = ['B', 'a-b/1', 'a.b', 'a/1', 'a/2', 'a0', 'é', '𝄞'];
        await Promise.all(names.map((name) => put(`${at()}${name}`, Buffer.from(name))));
        await put(`${at().slice(0, -1)}x`, Buffer.from('beside'));
        const sorted = names.map((name) => `${at()}${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const { keys, pages } = await listAll(at());
        expect(keys).toEqual(sorted);
        expect(pages).toBe(Math.ceil(names.length / under().pageSize));
        expect((await listAll(`${at()}a`)).keys).toEqual(sorted.filter((key) => key.startsWith(`${at()}a`)));
      });

      it('says how large an object is, and ends without a further page where the last one is full', async () => {
        for (let n = 0; n < under().pageSize; n += 1) await put(`${at()}${n}`, Buffer.alloc(n + 1));
        const page = await store().list(at());
        expect(page.objects.map((object) => object.sizeBytes)).toEqual(Array.from({ length: under().pageSize }, (_, n) => n + 1));
        expect(page.next).toBeNull();
      });

      it('has no objects under a prefix that nobody used', async () => {
        expect(await store().list(`${at()}nobody`)).toEqual({ objects: [], next: null });
      });

      it('goes on behind a key that was deleted meanwhile', async () => {
        for (const name of ['1', '2', '3']) await put(`${at()}${name}`, Buffer.from(name));
        await store().delete([`${at()}1`]);
        expect((await store().list(at(), `${at()}1`)).objects.map((object) => object.key)).toEqual([`${at()}2`, `${at()}3`]);
      });
    });

    it('can be prepared again without harm', async () => {
      await put(`${at()}k`, Buffer.from('kept'));
      await store().prepareBucket({ corsOrigins: ['*'] });
      expect(await bytesOf(`${at()}k`)).toEqual(Buffer.from('kept'));
    });
  });
}
