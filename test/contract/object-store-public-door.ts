import { IMMUTABLE } from '../../src/storage/object-store.js';
import { type ObjectStoreUnderTest, useObjectStore } from './object-store-harness.js';

/** A store that speaks HTTP. */
export interface PublicStoreUnderTest extends ObjectStoreUnderTest {
  /** The address at which anyone may try to GET a key. */
  readonly url: (key: string) => string;
  /** The one origin that `prepareBucket` was told to let in. */
  readonly corsOrigin: string;
}

/** What strangers and browsers get from a prepared bucket. */
export function describePublicDoor(name: string, make: () => Promise<PublicStoreUnderTest>): void {
  describe(`${name}: the public door`, () => {
    const { under, store, at, put, newMultipart } = useObjectStore(make);

    it('serves media/* to anyone, whole and in ranges, and nothing else', async () => {
      const { url } = under();
      const key = `media/${at()}seg.m4s`;
      await put(key, Buffer.from('0123456789'), { cacheControl: IMMUTABLE });
      await put(`${at()}chunk.json`, Buffer.from('{}'));
      await put(`sources/${at()}original`, Buffer.from('private'));
      const open = await fetch(url(key));
      expect([open.status, await open.text(), open.headers.get('content-type')]).toEqual([200, '0123456789', 'text/plain']);
      expect(open.headers.get('cache-control')).toBe(IMMUTABLE);
      const range = await fetch(url(key), { headers: { range: 'bytes=2-4' } });
      expect([range.status, await range.text(), range.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
      for (const closed of [`${at()}chunk.json`, `sources/${at()}original`, '', `?list-type=2&prefix=media/`, 'media']) {
        expect((await fetch(url(closed))).status).toBe(403);
      }
      for (const method of ['PUT', 'DELETE']) expect((await fetch(url(key), { method })).status).toBe(403);
      expect((await fetch(url(key))).status).toBe(200);
    });

    it('lets the configured origin PUT and read the ETag, and no other', async () => {
      const { url, corsOrigin } = under();
      const ask = (origin: string, method: string) =>
        fetch(url(`${at()}source`), {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'content-type' },
        });
      for (const method of ['PUT', 'GET', 'HEAD', 'POST']) {
        const answer = await ask(corsOrigin, method);
        expect(answer.status).toBeLessThan(300);
        expect(answer.headers.get('access-control-allow-origin')).toBe(corsOrigin);
        expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      }
      expect((await ask(corsOrigin, 'DELETE')).status).toBe(403);
      expect((await ask('https://elsewhere.example', 'PUT')).status).toBe(403);
      const id = await newMultipart(`${at()}source`);
      const signed = await store().presignPart({ key: `${at()}source`, multipartId: id, partNumber: 1, sizeBytes: 1, ttlS: 60 });
      const sent = await fetch(signed, { method: 'PUT', body: 'x', headers: { origin: corsOrigin } });
      expect(sent.headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
      expect(sent.headers.get('etag')).toBeTruthy();
      await store().abortMultipart(`${at()}source`, id);
    });
  });
}
