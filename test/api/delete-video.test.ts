import { progressAt } from '../../src/domain/video.js';
import { reportFor } from '../contract/catalogue.js';
import { type Api, sendFile, startApi } from './harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const queued = async (): Promise<{ uploadId: string; videoId: string }> => {
  const ids = await sendFile(api, Buffer.alloc(20));
  await api.call('POST', `/v1/uploads/${ids.uploadId}/complete`);
  return ids;
};
const remove = (videoId: string, as: 'acme' | 'rival' = 'acme') => api.call('DELETE', `/v1/videos/${videoId}`, { as });
const listed = async (): Promise<string[]> => (await api.call('GET', '/v1/videos')).body.data.map((video: { id: string }) => video.id);
const expectGone = async (videoId: string): Promise<void> => {
  expect((await api.call('GET', `/v1/videos/${videoId}`)).status).toBe(404);
  expect((await api.call('GET', `/v1/videos/${videoId}?wait=30`, { headers: { 'if-none-match': '"v1"' } })).status).toBe(404);
  expect((await api.call('POST', `/v1/videos/${videoId}/resolve`, { body: { action: 'retry' } })).status).toBe(404);
  expect(await listed()).not.toContain(videoId);
  expect((await api.call('GET', '/v1/videos?status=deleted')).body.data).toEqual([]);
};

describe('deleting a video', () => {
  test.each(['waiting', 'uploading', 'queued', 'encoding', 'published'] as const)('that is %s: gone at once, and cleared away', async (moment) => {
    const ids = moment === 'waiting' || moment === 'uploading' ? await sendFile(api, Buffer.alloc(20)) : await queued();
    if (moment === 'encoding') await api.catalogue.saveProgress(ids.videoId, 1, progressAt('encode', 1, 2));
    if (moment === 'published') {
      const report = reportFor({ ...(await draftOf(ids.uploadId)), videoId: ids.videoId });
      expect(await api.catalogue.publish(ids.videoId, 1, report)).toBe(true);
    }
    const other = await queued();
    const reply = await remove(ids.videoId);
    expect([reply.status, reply.body]).toEqual([204, '']);
    expect(api.pipeline.deletions).toEqual([{ videoId: ids.videoId, tenantId: 'acme' }]);
    await expectGone(ids.videoId);
    expect(await listed()).toEqual([other.videoId]);
    const told = (await api.catalogue.listEvents(0, 100)).filter((event) => event.videoId === ids.videoId).map((event) => event.type);
    expect(told.filter((type) => type === 'video.deleted')).toHaveLength(1);
  });

  test('its open upload takes no part and no completion any more, and says why', async () => {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20));
    await remove(videoId);
    expect((await api.call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({ status: 'cancelled', missing_parts: [] });
    for (const [path, body] of [['parts', { part_numbers: [1] }], ['complete']] as const) {
      const refused = await api.call('POST', `/v1/uploads/${uploadId}/${path}`, { body });
      expect([path, refused.status, refused.body.code]).toEqual([path, 409, 'UPLOAD_CLOSED']);
    }
    expect((await api.call('DELETE', `/v1/uploads/${uploadId}`)).status).toBe(204);
  });

  test('twice is once; the second time what was not started is started', async () => {
    const { videoId } = await queued();
    api.pipeline.setDown(true);
    const unsure = await remove(videoId);
    expect([unsure.status, unsure.body.code]).toEqual([503, 'WORKFLOWS_UNAVAILABLE']);
    await expectGone(videoId);
    api.pipeline.setDown(false);
    expect((await remove(videoId)).status).toBe(204);
    expect((await remove(videoId)).status).toBe(204);
    expect(api.pipeline.deletions).toHaveLength(2);
    const told = (await api.catalogue.listEvents(0, 100)).map((event) => event.type);
    expect(told.filter((type) => type === 'video.deleted')).toHaveLength(1);
  });

  test('what is purged is not cleared away again', async () => {
    const { videoId } = await queued();
    await remove(videoId);
    await api.catalogue.markPurged(videoId);
    expect((await remove(videoId)).status).toBe(204);
    expect(api.pipeline.deletions).toHaveLength(1);
  });

  test('of another tenant is 404, and it stays', async () => {
    const { videoId } = await queued();
    expect((await remove(videoId, 'rival')).status).toBe(404);
    expect((await remove(`vid_${'0'.repeat(32)}`)).status).toBe(404);
    expect(api.pipeline.deletions).toEqual([]);
    expect(await listed()).toEqual([videoId]);
  });

  test('whoever waits for a change hears of it', async () => {
    const { videoId } = await queued();
    const waiting = api.call('GET', `/v1/videos/${videoId}?wait=30`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await remove(videoId);
    expect((await waiting).status).toBe(404);
  });

  test('an upload that was given up leaves its video to be read, and that can be deleted too', async () => {
    const { uploadId, videoId } = await sendFile(api, Buffer.alloc(20));
    await api.call('DELETE', `/v1/uploads/${uploadId}`);
    expect((await api.call('GET', `/v1/videos/${videoId}`)).body.status).toBe('cancelled');
    expect((await remove(videoId)).status).toBe(204);
    await expectGone(videoId);
  });
});

async function draftOf(uploadId: string) {
  const upload = await api.catalogue.getUpload(uploadId);
  if (!upload) throw new Error(`no upload ${uploadId}`);
  return upload;
}
