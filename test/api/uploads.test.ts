import { PipelineError } from '../../src/domain/errors.js';
import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const FILE = { file_name: 'clip.mp4', size_bytes: 20, content_type: 'video/mp4' };
const create = (body: unknown = FILE, headers: Record<string, string> = {}) => api.call('POST', '/v1/uploads', { body, headers });
const MIB = 1024 * 1024;

describe('creating an upload', () => {
  test('gives an upload with its parts, its video and an address that works', async () => {
    const made = await create({ ...FILE, size_bytes: 20 * MIB });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ object: 'upload', status: 'waiting', part_size_bytes: 8 * MIB, part_count: 3, missing_parts: [1, 2, 3] });
    expect(made.body.url).toBe(`${api.url}/v1/uploads/${made.body.id}`);
    expect(made.headers.get('location')).toBe(made.body.url);
    const read = await api.call('GET', new URL(made.body.url).pathname);
    expect(read.body).toEqual(made.body);
    expect((await api.call('GET', `/v1/videos/${made.body.video_id}`)).body).toMatchObject({
      name: 'clip.mp4',
      status: 'waiting',
      source: { size_bytes: 20 * MIB },
    });
  });

  test('starts the workflow before it answers, with the facts of the row', async () => {
    const { body } = await create();
    expect(api.pipeline.started).toEqual([
      { uploadId: body.id, videoId: body.video_id, tenantId: 'acme', fileName: 'clip.mp4', sizeBytes: 20, expiresAtMs: Date.parse(body.expires_at) },
    ]);
  });

  test('the same Idempotency-Key 50 times in parallel gives one upload and 50 equal answers', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => create(FILE, { 'idempotency-key': 'k-1' })));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([201]));
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
    expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
  });

  test('a retry with the key starts the workflow that the first try could not start', async () => {
    api.pipeline.setDown(true);
    const failed = await create(FILE, { 'idempotency-key': 'k-1' });
    expect(failed.status).toBe(503);
    expect(failed.body.code).toBe('WORKFLOWS_UNAVAILABLE');
    expect(failed.headers.get('retry-after')).toBe('2');
    expect(api.pipeline.started).toEqual([]);
    api.pipeline.setDown(false);
    const made = await create(FILE, { 'idempotency-key': 'k-1' });
    expect(api.pipeline.started.map((input) => input.uploadId)).toEqual([made.body.id]);
    expect((await api.call('GET', '/v1/videos')).body.data).toHaveLength(1);
  });

  test('the same key with another request is refused, and another tenant or key has its own', async () => {
    const first = await create(FILE, { 'idempotency-key': 'k-1' });
    for (const other of [
      { ...FILE, size_bytes: 21 },
      { ...FILE, file_name: 'x.mp4' },
      { ...FILE, content_type: 'video/webm' },
    ]) {
      const refused = await create(other, { 'idempotency-key': 'k-1' });
      expect([refused.status, refused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    const rival = await api.call('POST', '/v1/uploads', { as: 'rival', body: FILE, headers: { 'idempotency-key': 'k-1' } });
    const second = await create(FILE, { 'idempotency-key': 'k-2' });
    expect(new Set([first.body.id, rival.body.id, second.body.id]).size).toBe(3);
  });

  test('a repeated create of a closed upload starts nothing', async () => {
    const { body } = await create(FILE, { 'idempotency-key': 'k-1' });
    await api.call('DELETE', `/v1/uploads/${body.id}`);
    expect((await create(FILE, { 'idempotency-key': 'k-1' })).body).toEqual(body);
    // The answer is forgotten after a day; the id goes on standing for the key.
    api.setNow(new Date(Date.now() + 86_401_000));
    const again = await create(FILE, { 'idempotency-key': 'k-1' });
    expect(again.body).toMatchObject({ id: body.id, status: 'cancelled', missing_parts: [] });
    expect(api.pipeline.started).toHaveLength(1);
  });

  test.each([
    ['an empty name', { ...FILE, file_name: '' }, '/file_name'],
    ['a blank name', { ...FILE, file_name: '   ' }, '/file_name'],
    ['a control character', { ...FILE, file_name: 'a\u0000b.mp4' }, '/file_name'],
    ['an escape sequence', { ...FILE, file_name: '\u001b[31mred.mp4' }, '/file_name'],
    ['half a surrogate', { ...FILE, file_name: 'a\ud800.mp4' }, '/file_name'],
    ['a name of 256', { ...FILE, file_name: 'x'.repeat(256) }, '/file_name'],
    ['a negative size', { ...FILE, size_bytes: -1 }, '/size_bytes'],
    ['a broken size', { ...FILE, size_bytes: 1.5 }, '/size_bytes'],
    ['a size in text', { ...FILE, size_bytes: '20' }, '/size_bytes'],
    ['a header in the type', { ...FILE, content_type: 'video/mp4\r\nx-evil: 1' }, '/content_type'],
    ['an unknown field', { ...FILE, extra: 1 }, '/extra'],
    ['a list', [FILE], ''],
  ])('%s is refused with a pointer to it', async (_what, body, pointer) => {
    const refused = await create(body);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(refused.body.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
    expect(api.pipeline.started).toEqual([]);
  });

  test('nothing has to be said of the file: what is not known is null, and said later', async () => {
    for (const body of [{}, { size_bytes: null }, { file_name: 'clip.mp4' }, { size_bytes: 20 }]) {
      const made = await create(body);
      expect(made.status).toBe(201);
      const known = 'size_bytes' in body && body.size_bytes === 20;
      expect(made.body).toMatchObject(
        known
          ? { size_bytes: 20, part_count: 1, missing_parts: [1] }
          : { size_bytes: null, part_size_bytes: null, part_count: null, missing_parts: [1] },
      );
      expect(made.body.file_name).toBe('file_name' in body ? 'clip.mp4' : '');
      expect((await api.call('GET', `/v1/videos/${made.body.video_id}`)).body.source.size_bytes).toBe(known ? 20 : null);
    }
    expect(api.pipeline.started.map(({ fileName, sizeBytes }) => [fileName, sizeBytes])).toContainEqual(['', null]);
  });

  test('the same Idempotency-Key finds an upload that has learnt its name and size meanwhile', async () => {
    const first = await create({}, { 'idempotency-key': 'k-1' });
    const multipart = await api.call('POST', `/v1/uploads/${first.body.id}/s3/multipart`, { body: { filename: 'told.mp4', type: 'video/mp4' } });
    expect(multipart.status).toBe(200);
    api.setNow(new Date(Date.now() + 86_401_000));
    expect((await create({}, { 'idempotency-key': 'k-1' })).body).toMatchObject({ id: first.body.id, file_name: 'told.mp4' });
    expect((await create({ file_name: 'other.mp4' }, { 'idempotency-key': 'k-1' })).status).toBe(422);
  });

  test('10 GiB is taken, and one byte more is not', async () => {
    const most = await create({ ...FILE, size_bytes: 10 * 1024 * MIB });
    expect(most.body.part_count).toBe(most.body.missing_parts.length);
    for (const size_bytes of [10 * 1024 * MIB + 1, 11 * 1024 * MIB]) {
      const refused = await create({ ...FILE, size_bytes });
      expect([refused.status, refused.body.code]).toEqual([413, 'UPLOAD_TOO_LARGE']);
    }
  });

  test('names of people and types of recorders are taken', async () => {
    const made = await create({ file_name: 'Ferien — 夏休み 🏖️.webm', size_bytes: 1, content_type: 'video/webm;codecs="vp9,opus"' });
    expect(made.body).toMatchObject({ file_name: 'Ferien — 夏休み 🏖️.webm', content_type: 'video/webm;codecs="vp9,opus"' });
  });
});

describe('signing parts', () => {
  const sign = (id: string, part_numbers: unknown) => api.call('POST', `/v1/uploads/${id}/parts`, { body: { part_numbers } });

  test('gives each part its exact size, and the upload one multipart however many calls race', async () => {
    const { createMultipart } = api.store;
    let made = 0;
    api.store.createMultipart = async (...wish) => {
      made += 1;
      // Long enough that all calls have read the row before the first attaches.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return await createMultipart(...wish);
    };
    const { body } = await create({ ...FILE, size_bytes: 20 * MIB });
    const replies = await Promise.all([1, 2, 3, 1, 2, 3].map((n) => sign(body.id, [n])));
    expect(replies.map((reply) => reply.body.parts[0].size_bytes)).toEqual([8 * MIB, 8 * MIB, 4 * MIB, 8 * MIB, 8 * MIB, 4 * MIB]);
    expect(made).toBeGreaterThan(1);
    expect(await api.store.listMultiparts('sources/')).toHaveLength(1);
    expect(new Set(replies.map((reply) => new URL(reply.body.parts[0].url).searchParams.get('uploadId'))).size).toBe(1);
  });

  test('the stored object carries the ids of upload and video', async () => {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20));
    await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    const row = await api.catalogue.getUpload(uploadId);
    expect(await api.store.head(row?.key ?? '')).toMatchObject({
      contentType: 'video/mp4',
      metadata: { 'upload-id': uploadId, 'video-id': videoId },
    });
  });

  test.each([
    ['none', []],
    ['zero', [0]],
    ['one beyond the last', [2]],
    ['a broken number', [1.5]],
    ['one twice', [1, 1]],
    ['101 at once', Array.from({ length: 101 }, (_, index) => index + 1)],
    ['no list', 1],
  ])('%s is refused', async (_what, numbers) => {
    const { body } = await create();
    const refused = await sign(body.id, numbers);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(await api.store.listMultiparts('sources/')).toEqual([]);
  });

  test('an expired session signs nothing, and is not revived', async () => {
    const { body } = await create();
    api.setNow(new Date(Date.parse(body.expires_at)));
    const refused = await sign(body.id, [1]);
    expect([refused.status, refused.body.code]).toEqual([409, 'UPLOAD_EXPIRED']);
    expect((await api.call('GET', `/v1/uploads/${body.id}`)).body.expires_at).toBe(body.expires_at);
  });

  test('keeps a session alive, with one write in half its life', async () => {
    const { body } = await create();
    const createdMs = Date.parse(body.created_at);
    let writes = 0;
    const { extendUpload } = api.catalogue;
    api.catalogue.extendUpload = (...wish) => {
      writes += 1;
      return extendUpload(...wish);
    };
    const endAfterSigningAt = async (afterS: number): Promise<number> => {
      api.setNow(new Date(createdMs + afterS * 1000));
      await sign(body.id, [1]);
      return (Date.parse((await api.call('GET', `/v1/uploads/${body.id}`)).body.expires_at) - createdMs) / 1000;
    };
    const ends = [];
    for (const afterS of [0, 1700, 1900, 1901, 3600, 3800, 5399, 5401]) ends.push(await endAfterSigningAt(afterS));
    expect(ends.map(Math.round)).toEqual([3600, 3600, 5500, 5500, 5500, 7400, 7400, 7400]);
    expect(writes).toBe(2);
  });

  test('no session lives longer than a week, and no URL outlives the session', async () => {
    const { body } = await create();
    const lastMs = Date.parse(body.created_at) + 7 * 86_400_000;
    api.setNow(new Date(Date.parse(body.expires_at) - 10_000));
    await api.catalogue.extendUpload(body.id, 30 * 86_400_000);
    api.setNow(new Date(lastMs - 10_000));
    expect((await sign(body.id, [1])).body.expires_at).toBe(new Date(lastMs).toISOString());
    api.setNow(new Date(lastMs));
    expect((await sign(body.id, [1])).body.code).toBe('UPLOAD_EXPIRED');
  });

  test('a session that was closed in the moment of its extension signs nothing', async () => {
    const { body } = await create();
    api.setNow(new Date(Date.parse(body.expires_at) - 10_000));
    const { extendUpload } = api.catalogue;
    api.catalogue.extendUpload = async (...wish) => {
      await api.catalogue.closeUpload(body.id, 'cancelled', null);
      return await extendUpload(...wish);
    };
    expect((await sign(body.id, [1])).body.code).toBe('UPLOAD_CLOSED');
  });

  test('where attaching fails, the multipart is left alone: the row may hold it', async () => {
    const { body } = await create();
    const { attachMultipart } = api.catalogue;
    api.catalogue.attachMultipart = async (...wish) => {
      await attachMultipart(...wish);
      throw new PipelineError('CATALOGUE_UNAVAILABLE');
    };
    expect((await sign(body.id, [1])).status).toBe(503);
    const again = await sign(body.id, [1]);
    expect(await api.putPart(again.body.parts[0].url, Buffer.alloc(20))).toBe(200);
  });

  test('a closed upload signs nothing', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(20));
    await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    const refused = await sign(uploadId, [1]);
    expect([refused.status, refused.body.code]).toEqual([409, 'UPLOAD_CLOSED']);
  });
});

describe('parts with checksums', () => {
  const bytes = Buffer.from('twenty bytes of film');
  const checksum = 'qEhppQ==';
  const sign = (id: string, body: unknown) => api.call('POST', `/v1/uploads/${id}/parts`, { body });
  const begin = async (how: string | undefined = 'crc32c'): Promise<string> => (await create({ ...FILE, checksum: how })).body.id;
  const putWith = (part: { url: string; headers: Record<string, string> }, body: Uint8Array) => api.putPart(part.url, body, part.headers);

  test('are signed with the headers that they are sent with, and other bytes are refused', async () => {
    const id = await begin();
    const { body } = await sign(id, { parts: [{ part_number: 1, checksum }] });
    expect(body.parts[0]).toMatchObject({ part_number: 1, size_bytes: 20, headers: { 'x-amz-checksum-crc32c': checksum } });
    expect(await putWith(body.parts[0], Buffer.from('twenty bytes of filn'))).toBe(400);
    expect((await api.call('GET', `/v1/uploads/${id}`)).body).toMatchObject({ checksum: 'crc32c', missing_parts: [1] });
    expect(await putWith(body.parts[0], bytes)).toBe(200);
    expect((await api.call('POST', `/v1/uploads/${id}/complete`)).body).toMatchObject({ status: 'completed', checksum: 'crc32c' });
  });

  test('an upload without them signs bare URLs', async () => {
    const { body } = await sign((await create()).body.id, { part_numbers: [1] });
    expect(body.parts[0].headers).toEqual({});
  });

  test.each([
    ['numbers where checksums are due', 'crc32c', { part_numbers: [1] }],
    ['a part without its checksum', 'crc32c', { parts: [{ part_number: 1 }] }],
    ['a checksum of another kind', 'sha256', { parts: [{ part_number: 1, checksum }] }],
    ['a checksum that is no base64', 'crc32c', { parts: [{ part_number: 1, checksum: 'qEhppR==' }] }],
    ['checksums where none was announced', undefined, { parts: [{ part_number: 1, checksum }] }],
    ['both forms', 'crc32c', { part_numbers: [1], parts: [{ part_number: 1, checksum }] }],
    ['neither form', 'crc32c', {}],
    ['a part twice', 'crc32c', { parts: Array(2).fill({ part_number: 1, checksum }) }],
  ])('%s: refused', async (_what, how, body) => {
    const id = (await create({ ...FILE, ...(how ? { checksum: how } : {}) })).body.id;
    const refused = await sign(id, body);
    expect([refused.status, refused.body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect(await api.store.listMultiparts('sources/')).toEqual([]);
  });

  test('the same Idempotency-Key with another checksum is another request', async () => {
    await create({ ...FILE, checksum: 'crc32c' }, { 'idempotency-key': 'k-1' });
    for (const other of [FILE, { ...FILE, checksum: 'sha256' }]) {
      const refused = await create(other, { 'idempotency-key': 'k-1' });
      expect([refused.status, refused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    }
    expect((await create({ ...FILE, checksum: 'md5' })).status).toBe(400);
  });
});

describe('completing', () => {
  const complete = (id: string) => api.call('POST', `/v1/uploads/${id}/complete`);

  test('names the parts that are missing, in number or in size, and goes on when they are there', async () => {
    const { body } = await create({ ...FILE, size_bytes: 10 * MIB });
    expect((await complete(body.id)).body).toMatchObject({ status: 409, code: 'UPLOAD_INCOMPLETE', missing_parts: [1, 2] });
    const signed = await api.call('POST', `/v1/uploads/${body.id}/parts`, { body: { part_numbers: [1, 2] } });
    await api.putPart(signed.body.parts[0].url, Buffer.alloc(8 * MIB));
    expect((await api.call('GET', `/v1/uploads/${body.id}`)).body).toMatchObject({ status: 'uploading', missing_parts: [2] });
    expect((await complete(body.id)).body.missing_parts).toEqual([2]);
    await api.putPart(signed.body.parts[1].url, Buffer.alloc(2 * MIB));
    expect((await complete(body.id)).body).toMatchObject({ status: 'completed', missing_parts: [] });
    expect((await api.call('GET', `/v1/videos/${body.video_id}`)).body).toMatchObject({ status: 'queued', generation: 1 });
  });

  test('50 in parallel, and one long after, give one and the same answer', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(20));
    const replies = await Promise.all(Array.from({ length: 50 }, () => complete(uploadId)));
    api.pipeline.forget(uploadId);
    replies.push(await complete(uploadId));
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200]));
    expect(new Set(replies.map((reply) => JSON.stringify(reply.body))).size).toBe(1);
    expect((await api.catalogue.listEvents(0, 100)).filter((event) => event.type === 'upload.completed')).toHaveLength(1);
  });

  test('an upload whose workflow was never started gets one, and is completed', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(20));
    api.pipeline.forget(uploadId);
    expect((await complete(uploadId)).body.status).toBe('completed');
    expect(api.pipeline.started).toHaveLength(2);
    expect(api.pipeline.started[1]).toEqual(api.pipeline.started[0]);
  });

  test('an empty file is one empty part', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(0));
    expect((await complete(uploadId)).body).toMatchObject({ status: 'completed', size_bytes: 0, part_count: 1 });
  });

  test('with Temporal away it is 503 with Retry-After, and the host stays our secret', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(20));
    api.pipeline.setDown(true);
    const failed = await complete(uploadId);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    expect(JSON.stringify(failed.body)).not.toContain('secret-host');
    expect(api.logs.join('')).toContain('secret-host');
  });

  test('how a session ended is what it answers', async () => {
    const { body: cancelled } = await create();
    await api.catalogue.closeUpload(cancelled.id, 'cancelled', null);
    expect((await complete(cancelled.id)).body).toMatchObject({ status: 409, code: 'UPLOAD_CLOSED' });
    const { body: errored } = await create();
    const { message } = new PipelineError('SOURCE_EMPTY', { note: 'Not one byte.' });
    await api.catalogue.closeUpload(errored.id, 'errored', { code: 'SOURCE_EMPTY', message });
    expect((await complete(errored.id)).body).toMatchObject({ status: 422, code: 'SOURCE_EMPTY', detail: message });
    const { body: expired } = await create();
    api.setNow(new Date(Date.parse(expired.expires_at)));
    await api.catalogue.closeUpload(expired.id, 'expired', null);
    expect((await complete(expired.id)).body).toMatchObject({ status: 409, code: 'UPLOAD_EXPIRED' });
  });
});

describe('giving up', () => {
  test('is 204 however often, and the video is cancelled', async () => {
    const { body } = await create();
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await api.call('DELETE', `/v1/uploads/${body.id}`)).status);
    expect(statuses).toEqual([204, 204, 204]);
    expect((await api.call('GET', `/v1/videos/${body.video_id}`)).body.status).toBe('cancelled');
    expect(api.pipeline.asked).toBe(1);
  });

  test('a completed upload is kept', async () => {
    const { uploadId } = await sendFile(api, Buffer.alloc(20));
    await api.call('POST', `/v1/uploads/${uploadId}/complete`);
    const refused = await api.call('DELETE', `/v1/uploads/${uploadId}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'UPLOAD_CLOSED']);
    expect((await api.call('GET', `/v1/uploads/${uploadId}`)).body.status).toBe('completed');
  });
});
