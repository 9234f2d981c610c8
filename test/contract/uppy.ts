import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { completeUpload } from '../../src/activities/complete-upload.js';
import type { Api, Reply } from '../api/harness.js';
import { readAll } from './object-store-harness.js';

const MIB = 1024 * 1024;
const PART = 5 * MIB;

/**
 * What an unchanged Uppy relies on, call by call, as it makes them: without a key, without headers but the content type.
 * `make` is called once.
 */
export function describeUppy(name: string, make: () => Promise<{ readonly api: Api; close(): Promise<void> }>): void {
  jest.setTimeout(60_000);

  describe(`${name}: the calls of Uppy`, () => {
    let under: Awaited<ReturnType<typeof make>>;
    let api: Api;
    beforeAll(async () => {
      under = await make();
      api = under.api;
    });
    afterAll(() => under?.close());

    /** A session, and its calls as a browser makes them. */
    const session = async (body: Record<string, unknown> = {}) => {
      const made = await api.call('POST', '/v1/uploads', { body });
      expect(made.status).toBe(201);
      const base = new URL(made.body.client_url).pathname;
      const call = (method: string, path: string, json?: unknown): Promise<Reply> =>
        api.call(method, `${base}${path}`, { as: null, ...(json === undefined ? {} : { body: json }) });
      const row = async () => {
        const found = await api.catalogue.getUpload(made.body.id);
        if (found === null) throw new Error('the upload is not there');
        return found;
      };
      return {
        id: made.body.id as string,
        videoId: made.body.video_id as string,
        made,
        call,
        row,
        async begin(filename = 'clip.mp4', type = 'video/mp4') {
          const begun = await call('POST', '/s3/multipart', { filename, type, metadata: { name: filename, type } });
          expect([begun.status, begun.body]).toEqual([200, { key: expect.any(String), uploadId: expect.any(String) }]);
          const at = `/s3/multipart/${encodeURIComponent(begun.body.uploadId)}`;
          const query = `?key=${encodeURIComponent(begun.body.key)}`;
          const url = async (n: number): Promise<string> => (await call('GET', `${at}/${n}${query}`)).body.url;
          return {
            multipartId: begun.body.uploadId as string,
            url,
            sign: (n: number) => call('GET', `${at}/${n}${query}`),
            send: async (n: number, bytes: Uint8Array): Promise<void> => expect(await api.putPart(await url(n), bytes)).toBe(200),
            list: () => call('GET', `${at}${query}`),
            batch: (numbers: string) => call('GET', `${at}/batch${query}&partNumbers=${numbers}`),
            complete: (...numbers: number[]) =>
              call('POST', `${at}/complete${query}`, {
                parts: numbers.map((PartNumber) => ({ PartNumber, ETag: PartNumber % 2 ? 'bare' : '"quoted"' })),
              }),
            abort: () => call('DELETE', `${at}${query}`),
          };
        },
        async form(filename: string, type = 'video/mp4') {
          const query = new URLSearchParams({ filename, type, 'metadata[name]': filename, 'metadata[type]': type });
          return await call('GET', `/s3/params?${query}`);
        },
      };
    };
    const sourceOf = async (videoId: string): Promise<Buffer> => {
      const source = await api.catalogue.getSource(videoId);
      const object = source && (await api.store.get(source.key, { etag: source.etag }));
      if (!object) throw new Error('there is no source');
      return await readAll(object.body);
    };
    const file = randomBytes(PART + 1234);
    const [first, second] = [file.subarray(0, PART), file.subarray(PART)];

    it('a file in parts: begun, signed, sent, listed, completed', async () => {
      const { id, videoId, made, begin, row } = await session();
      expect(made.body).toMatchObject({
        status: 'waiting',
        file_name: '',
        size_bytes: null,
        part_size_bytes: null,
        part_count: null,
        missing_parts: [1],
      });
      const uppy = await begin('Ferien 🏖️.mp4');
      expect((await uppy.list()).body).toEqual([]);
      await uppy.send(1, first);
      await uppy.send(2, second);
      // The one that was sent last may have broken off: whoever goes on sends it again.
      expect((await uppy.list()).body).toEqual([{ PartNumber: 1, ETag: expect.stringMatching(/^".+"$/), Size: PART }]);
      expect((await api.call('GET', `/v1/uploads/${id}`)).body).toMatchObject({ status: 'uploading', file_name: 'Ferien 🏖️.mp4', missing_parts: [] });
      const done = await uppy.complete(1, 2);
      expect(done).toMatchObject({
        status: 200,
        body: { location: expect.stringContaining(`/v1/uploads/${id}`), key: (await row()).key, video_id: videoId },
      });
      expect(await row()).toMatchObject({ state: 'completed', sizeBytes: file.length, partSizeBytes: PART });
      const video = await api.call('GET', `/v1/videos/${videoId}`);
      expect(video.body).toMatchObject({ status: 'queued', name: 'Ferien 🏖️.mp4', source: { size_bytes: file.length, content_type: 'video/mp4' } });
      expect(Buffer.compare(await sourceOf(videoId), file)).toBe(0);
    });

    it('an answer to complete that was lost: list and complete answer as before, and nothing more is signed', async () => {
      const { begin, id } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      await uppy.send(2, second);
      const done = await uppy.complete(1, 2);
      const listed = await uppy.list();
      expect(listed.body.map((part: { PartNumber: number; Size: number }) => [part.PartNumber, part.Size])).toEqual([
        [1, PART],
        [2, 1234],
      ]);
      for (const part of listed.body) expect(part.ETag).toMatch(/^"[^"]+"$/);
      const again = await Promise.all(Array.from({ length: 10 }, () => uppy.complete(1, 2)));
      for (const answer of again) expect(answer.body).toEqual(done.body);
      expect(
        (await api.catalogue.listEvents(0, 10_000)).filter((event) => event.type === 'upload.completed' && JSON.stringify(event.data).includes(id)),
      ).toHaveLength(1);
      const late = await uppy.sign(3);
      expect([late.status, late.body.code]).toEqual([409, 'UPLOAD_CLOSED']);
    });

    it('while the joined file is read before it is believed, list answers as it will afterwards', async () => {
      const { begin, id, row } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      await uppy.send(2, second);
      expect(await completeUpload(api)(id)).toMatchObject({ state: 'joined' });
      expect((await row()).state).toBe('uploading');
      const during = await uppy.list();
      expect(during.body.map((part: { PartNumber: number; Size: number }) => [part.PartNumber, part.Size])).toEqual([
        [1, PART],
        [2, 1234],
      ]);
      expect((await uppy.complete(1, 2)).status).toBe(200);
      expect((await uppy.list()).body).toEqual(during.body);
    });

    it('a part that is missing, or has another size than the first, is named, not listed, and cured by sending it', async () => {
      const { begin, videoId } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      await uppy.send(3, second);
      expect((await uppy.complete(1, 2, 3)).body).toMatchObject({ status: 409, code: 'UPLOAD_INCOMPLETE', missing_parts: [2] });
      await uppy.send(2, Buffer.alloc(PART + 1));
      expect((await uppy.complete(1, 2, 3)).body).toMatchObject({ code: 'UPLOAD_INCOMPLETE', missing_parts: [2] });
      expect((await uppy.list()).body.map((part: { PartNumber: number }) => part.PartNumber)).toEqual([1]);
      await uppy.send(2, first);
      expect((await uppy.complete(1, 2, 3)).status).toBe(200);
      expect(Buffer.compare(await sourceOf(videoId), Buffer.concat([first, first, second]))).toBe(0);
    });

    it('of a file whose size nobody declared, only the client knows where it ends', async () => {
      const { begin } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      expect((await uppy.complete(1, 2)).body).toMatchObject({ code: 'UPLOAD_INCOMPLETE', missing_parts: [2] });
      await uppy.send(2, second);
      expect((await uppy.complete(1)).body).toMatchObject({ status: 409, code: 'UPLOAD_MISMATCH' });
      expect((await uppy.complete()).status).toBe(200);
    });

    it('of a file whose size nobody declared, the account is asked when it is complete; with room made, the same call ends well', async () => {
      const { begin, row } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      await uppy.send(2, second);
      const { tenantId, key } = await row();
      const { reservedBytes = 0, storedBytes = 0 } = (await api.catalogue.findUsage(tenantId)) ?? {};
      await api.catalogue.setQuota(tenantId, reservedBytes + storedBytes + file.length - 1);
      expect((await uppy.complete(1, 2)).body).toMatchObject({ status: 403, code: 'QUOTA_EXCEEDED' });
      expect([(await row()).state, await api.store.head(key)]).toEqual(['uploading', null]);
      await api.catalogue.setQuota(tenantId, reservedBytes + storedBytes + file.length);
      expect((await uppy.complete(1, 2)).status).toBe(200);
      await api.catalogue.setQuota(tenantId, null);
    });

    it('a declared size holds, whatever part size the client took', async () => {
      const { begin, id } = await session({ file_name: 'a.mp4', size_bytes: file.length });
      const uppy = await begin('b.mp4');
      await uppy.send(1, first);
      expect((await api.call('GET', `/v1/uploads/${id}`)).body).toMatchObject({ file_name: 'a.mp4', missing_parts: [2] });
      await uppy.send(2, Buffer.alloc(77));
      expect((await uppy.complete(1, 2)).body).toMatchObject({ code: 'UPLOAD_INCOMPLETE', missing_parts: [2] });
      await uppy.send(2, second);
      await uppy.send(3, Buffer.alloc(5));
      expect((await uppy.complete(1, 2, 3)).body).toMatchObject({ code: 'UPLOAD_MISMATCH' });
      const again = await begin('b.mp4');
      await again.send(1, first);
      await again.send(2, second);
      expect((await again.complete(1, 2)).status).toBe(200);
      expect((await api.call('GET', `/v1/uploads/${id}`)).body).toMatchObject({ size_bytes: file.length, part_size_bytes: PART, part_count: 2 });
    });

    it('ten thousand parts may be named, as long as the list is', async () => {
      const { begin } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      const answer = await uppy.complete(...Array.from({ length: 10_000 }, (_, index) => index + 1));
      expect([answer.status, answer.body.code, answer.body.missing_parts.length]).toEqual([409, 'UPLOAD_INCOMPLETE', 9_999]);
      expect((await uppy.complete(10_001)).status).toBe(400);
    });

    it('many parts signed at once', async () => {
      const uppy = await (await session()).begin();
      const { body } = await uppy.batch('1,2,10000');
      expect(Object.keys(body.presignedUrls)).toEqual(['1', '2', '10000']);
      expect(await api.putPart(body.presignedUrls['2'], Buffer.from('x'))).toBe(200);
      for (const numbers of ['', '0', '10001', 'x', '1,,2']) expect((await uppy.batch(numbers)).status).toBe(400);
      expect((await uppy.sign(10_001)).status).toBe(404);
    });

    it('giving up: the multipart is gone, the session has ended, and its address is nothing any more', async () => {
      const { begin, id, row, call } = await session();
      const uppy = await begin();
      await uppy.send(1, first);
      expect((await uppy.abort()).body).toEqual({});
      expect((await row()).state).toBe('cancelled');
      expect(await api.store.listMultiparts((await row()).key)).toEqual([]);
      expect((await call('GET', '')).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect((await api.call('GET', `/v1/uploads/${id}`)).body.status).toBe('cancelled');
    });

    it('the file begun last is the one: parts of two files never meet', async () => {
      const { begin, row, videoId } = await session();
      const lost = await begin('wrong.mp4');
      await lost.send(1, randomBytes(PART));
      const late = await lost.url(2);
      const won = await begin('right.mp4');
      expect(await api.putPart(late, second)).toBe(404);
      for (const answer of [await lost.sign(2), await lost.list(), await lost.complete(1)])
        expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
      expect((await lost.abort()).status).toBe(200);
      expect(await api.store.listMultiparts((await row()).key)).toMatchObject([{ multipartId: won.multipartId }]);
      await won.send(1, first);
      await won.send(2, second);
      expect((await won.complete(1, 2)).status).toBe(200);
      expect(Buffer.compare(await sourceOf(videoId), file)).toBe(0);
      expect((await api.call('GET', `/v1/videos/${videoId}`)).body.name).toBe('right.mp4');
    });

    it.each([
      ['small', randomBytes(1000)],
      ['empty', Buffer.alloc(0)],
    ])('a file that is %s: a form, and it is found without another call', async (_case, small) => {
      const { form, row, videoId } = await session();
      const { status, body } = await form('small.mp4');
      expect([status, body.fields.key, body.fields.success_action_status]).toEqual([200, expect.stringMatching(/^arrivals\/[^$]+$/), '201']);
      await api.pipeline.look();
      expect((await row()).state).toBe('uploading');
      expect(await api.postForm(body, small)).toBe(201);
      await api.pipeline.look();
      expect(await row()).toMatchObject({ state: 'completed', sizeBytes: small.length, fileName: 'small.mp4' });
      expect(Buffer.compare(await sourceOf(videoId), small)).toBe(0);
      expect(await api.store.head(body.fields.key)).toBeNull();
      // Sent again after the end, as a browser may whose answer was lost: the source is another object.
      expect(await api.postForm(body, Buffer.from('something else'))).toBe(201);
      expect(Buffer.compare(await sourceOf(videoId), small)).toBe(0);
    });

    it('a form takes the declared size and no other', async () => {
      const { form, row } = await session({ size_bytes: 10 });
      const { body } = await form('small.mp4');
      for (const sizeBytes of [9, 11]) expect(await api.postForm(body, Buffer.alloc(sizeBytes))).toBe(400);
      expect(await api.postForm(body, Buffer.alloc(10))).toBe(201);
      await api.pipeline.look();
      expect((await row()).state).toBe('completed');
    });

    it('a large file after a small one that never came, and the other way round', async () => {
      const one = await session();
      await one.form('small.mp4');
      const uppy = await one.begin('large.mp4');
      await uppy.send(1, first);
      await uppy.send(2, second);
      await api.pipeline.look();
      expect((await uppy.complete(1, 2)).status).toBe(200);
      expect(Buffer.compare(await sourceOf(one.videoId), file)).toBe(0);

      const other = await session();
      const dropped = await other.begin('large.mp4');
      await dropped.send(1, first);
      const { body } = await other.form('small.mp4');
      expect((await dropped.sign(2)).status).toBe(404);
      expect(await api.postForm(body, Buffer.from('small'))).toBe(201);
      await api.pipeline.look();
      expect(await sourceOf(other.videoId)).toEqual(Buffer.from('small'));
      expect(await api.store.listMultiparts((await other.row()).key)).toEqual([]);
    });

    it('one PUT, with nothing else; a second one changes nothing', async () => {
      const made = await api.call('POST', '/v1/uploads', { body: { file_name: 'put.mp4', method: 'put' } });
      expect(await api.putPart(made.body.put_url, file)).toBe(200);
      await api.pipeline.look();
      const { videoId, key, state, sizeBytes } = (await api.catalogue.getUpload(made.body.id)) ?? { videoId: '', key: '' };
      expect([state, sizeBytes]).toEqual(['completed', file.length]);
      expect(await api.putPart(made.body.put_url, second)).toBe(200);
      expect(Buffer.compare(await sourceOf(videoId), file)).toBe(0);
      expect((await api.store.head(key))?.metadata).toMatchObject({ 'upload-id': made.body.id, 'video-id': videoId });
      expect((await api.call('POST', `/v1/uploads/${made.body.id}/put-url`)).body).toMatchObject({ status: 409, code: 'UPLOAD_CLOSED' });
    });

    it('a PUT of a declared size takes no other, and can be asked for again', async () => {
      const made = await api.call('POST', '/v1/uploads', { body: { size_bytes: 10 } });
      const { put_url } = (await api.call('POST', `/v1/uploads/${made.body.id}/put-url`)).body;
      expect(await api.putPart(put_url, Buffer.alloc(11))).toBe(403);
      expect((await api.call('POST', `/v1/uploads/${made.body.id}/complete`)).body).toMatchObject({ code: 'UPLOAD_INCOMPLETE', missing_parts: [1] });
      const again = (await api.call('POST', `/v1/uploads/${made.body.id}/put-url`)).body;
      expect(await api.putPart(again.put_url, Buffer.alloc(10))).toBe(200);
      expect((await api.call('POST', `/v1/uploads/${made.body.id}/complete`)).body).toMatchObject({
        status: 'completed',
        part_count: 1,
        size_bytes: 10,
      });
    });

    it('a session has one door: our own parts and other ways do not mix', async () => {
      const own = await session({ file_name: 'a.mp4', size_bytes: 20 });
      expect((await own.call('POST', '/parts', { part_numbers: [1] })).status).toBe(200);
      for (const answer of [await own.call('POST', '/s3/multipart', {}), await own.form('x'), await own.call('POST', '/put-url')]) {
        expect([answer.status, answer.body.code]).toEqual([409, 'CONFLICT']);
      }
      const uppys = await session({ file_name: 'a.mp4', size_bytes: 20 });
      await uppys.begin();
      expect((await uppys.call('POST', '/parts', { part_numbers: [1] })).body).toMatchObject({ status: 409, code: 'CONFLICT' });
      const unknown = await session();
      expect((await unknown.call('POST', '/parts', { part_numbers: [1] })).body).toMatchObject({
        code: 'CONFLICT',
        detail: expect.stringContaining('size_bytes'),
      });
      expect(await api.store.listMultiparts((await own.row()).key)).toHaveLength(1);
    });
  });
}
