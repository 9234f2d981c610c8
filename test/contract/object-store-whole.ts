import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PresignedForm } from '../../src/storage/object-store.js';
import { MIB, type ObjectStoreUnderTest, useObjectStore } from './object-store-harness.js';

/** The form and the file as a browser sends them, the file last. */
export async function postForm({ url, fields }: PresignedForm, file: Uint8Array): Promise<number> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(file)]));
  const answer = await fetch(url, { method: 'POST', body: form });
  await answer.arrayBuffer();
  return answer.status;
}

/** Files that come in one piece: by PUT, by form, and made the store's own by a copy that happens once. */
export function describeWhole(name: string, make: () => Promise<ObjectStoreUnderTest>): void {
  describe(`${name}: files in one piece`, () => {
    const { under, store, at, put, bytesOf } = useObjectStore(make);
    const body = Buffer.from('ten bytes!');
    const metadata = { 'upload-id': 'u-1' };

    it('are put to a URL, again and again, in any size where none was said', async () => {
      const key = `${at()}file`;
      const url = await store().presignPut({ key, sizeBytes: null, ttlS: 60 });
      for (const file of [body, randomBytes(6 * MIB), new Uint8Array()]) {
        expect(await under().putPart(url, file)).toBe(200);
        expect(Buffer.compare(await bytesOf(key), file)).toBe(0);
      }
    });

    it('are refused by a URL of another size, key or time', async () => {
      const key = `${at()}file`;
      const url = await store().presignPut({ key, sizeBytes: 10, ttlS: 60 });
      for (const sizeBytes of [0, 9, 11]) expect(await under().putPart(url, Buffer.alloc(sizeBytes))).toBe(403);
      expect(await under().putPart(url.replace('/file?', '/filf?'), body)).toBe(403);
      const short = await store().presignPut({ key, sizeBytes: 10, ttlS: 1 });
      await sleep(2500);
      expect(await under().putPart(short, body)).toBe(403);
      expect(await store().head(key)).toBeNull();
      expect(await under().putPart(url, body)).toBe(200);
    });

    it('come in a form, with their type, and empty ones too', async () => {
      for (const file of [body, new Uint8Array()]) {
        const key = `${at()}form-${file.byteLength}`;
        const form = await store().presignPost({ key, contentType: 'video/mp4', minBytes: 0, maxBytes: 100, ttlS: 60 });
        expect(form.fields).toMatchObject({ key, success_action_status: '201' });
        expect(await under().postForm(form, file)).toBe(201);
        expect(await store().head(key)).toMatchObject({ sizeBytes: file.byteLength, contentType: 'video/mp4' });
      }
    });

    it('are refused by a form for another size, key or type', async () => {
      const key = `${at()}form`;
      const form = await store().presignPost({ key, contentType: 'video/mp4', minBytes: 10, maxBytes: 10, ttlS: 60 });
      for (const sizeBytes of [9, 11]) expect(await under().postForm(form, Buffer.alloc(sizeBytes))).toBe(400);
      for (const wrong of [{ key: `${at()}other` }, { 'Content-Type': 'text/html' }] as Record<string, string>[]) {
        expect(await under().postForm({ ...form, fields: { ...form.fields, ...wrong } }, body)).toBe(403);
      }
      expect([await store().head(key), await store().head(`${at()}other`)]).toEqual([null, null]);
      expect(await under().postForm(form, body)).toBe(201);
    });

    const copyOf = async (from: string, to: string, more: { etag?: string } = {}) => {
      const { etag, sizeBytes } = (await store().head(from)) ?? { etag: 'none', sizeBytes: 1 };
      return await store().copyOnce(from, to, { etag: more.etag ?? etag, sizeBytes, contentType: 'video/mp4', metadata });
    };

    it.each([['some bytes', randomBytes(300_000)] as const, ['no byte', Buffer.alloc(0)] as const])(
      'of %s are copied once, with a type and metadata of their own',
      async (_case, file) => {
        const [from, to] = [`${at()}a b+é`, `${at()}copy`];
        await put(from, file);
        expect(await copyOf(from, to)).toBe('stored');
        expect(Buffer.compare(await bytesOf(to), file)).toBe(0);
        expect(await store().head(to)).toMatchObject({ sizeBytes: file.length, contentType: 'video/mp4', metadata });
        await put(from, Buffer.from('another one'));
        expect(await copyOf(from, to)).toBe('exists');
        expect(Buffer.compare(await bytesOf(to), file)).toBe(0);
        expect(await store().listMultiparts(to)).toEqual([]);
      },
    );

    it('are not copied where they changed or went away', async () => {
      const [from, to] = [`${at()}file`, `${at()}copy`];
      await put(from, body);
      const before = await store().head(from);
      await put(from, Buffer.from('other'));
      expect(await copyOf(from, to, { etag: before?.etag ?? '' })).toBe('changed');
      expect(await copyOf(`${at()}nothing`, to)).toBe('changed');
      expect(await store().head(to)).toBeNull();
      expect(await store().listMultiparts(to)).toEqual([]);
    });

    it('have one winner where many copy different ones to one key at once', async () => {
      const to = `${at()}copy`;
      const files = Array.from({ length: 6 }, (_, n) => Buffer.from(`file ${n}`));
      await Promise.all(files.map((file, n) => put(`${at()}f${n}`, file)));
      const outcomes = await Promise.all(
        files.map((_, n) =>
          copyOf(`${at()}f${n}`, to).catch((error: { code?: string }) => (error.code === 'STORAGE_UNAVAILABLE' ? 'later' : Promise.reject(error))),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      expect(await bytesOf(to)).toEqual(files[outcomes.indexOf('stored')]);
    });
  });
}
