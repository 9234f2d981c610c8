import { patienceFor, patiently } from '../../src/api/patient.js';
import { PipelineError } from '../../src/domain/errors.js';
import { describeUppy } from '../contract/uppy.js';
import { startApi } from './harness.js';

describeUppy('memory', async () => {
  const api = await startApi();
  return { api, close: () => api.close() };
});

describe('what a browser cannot ask twice is tried again for it', () => {
  const NEVER = new AbortController().signal;
  const away = () => Promise.reject(new PipelineError('STORAGE_UNAVAILABLE'));

  test('calls to Uppy ride out a catalogue, a store and a workflow service that are away for a moment', async () => {
    const api = await startApi();
    const { body } = await api.call('POST', '/v1/uploads', { body: {} });
    const base = `${new URL(body.client_url).pathname}/s3`;
    let faults = 0;
    const failsTwice = (port: object, name: string): void => {
      const real = Reflect.get(port, name) as (...args: unknown[]) => Promise<unknown>;
      let left = 2;
      Reflect.set(port, name, (...args: unknown[]) => {
        left -= 1;
        if (left < 0) return real(...args);
        faults += 1;
        return away();
      });
    };
    for (const name of ['getUpload', 'findUpload', 'openDoor']) failsTwice(api.catalogue, name);
    for (const name of ['createMultipart', 'listParts', 'presignPart']) failsTwice(api.store, name);
    const begun = await api.call('POST', `${base}/multipart`, { as: null, body: { filename: 'a.mp4', type: 'video/mp4' } });
    expect(begun.status).toBe(200);
    const at = `${base}/multipart/${begun.body.uploadId}`;
    const { url } = (await api.call('GET', `${at}/1`, { as: null })).body;
    expect(await api.putPart(url, Buffer.from('the file'))).toBe(200);
    failsTwice(api.pipeline, 'completeUpload');
    expect((await api.call('POST', `${at}/complete`, { as: null, body: { parts: [{ PartNumber: 1, ETag: 'x' }] } })).status).toBe(200);
    expect(faults).toBe(14);
    await api.close();
  }, 60_000);

  test('patience ends, at once for what no waiting cures and when the client is gone', async () => {
    let tries = 0;
    const failing = (code: 'STORAGE_UNAVAILABLE' | 'NOT_FOUND') => () => {
      tries += 1;
      return Promise.reject(new PipelineError(code));
    };
    await expect(patiently(failing('STORAGE_UNAVAILABLE'), patienceFor(NEVER, 700))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(tries).toBeGreaterThan(1);
    tries = 0;
    await expect(patiently(failing('NOT_FOUND'), patienceFor(NEVER, 10_000))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(patiently(failing('STORAGE_UNAVAILABLE'), patienceFor(AbortSignal.abort(), 10_000))).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
    expect(tries).toBe(2);
  });

  test('a failure says its name in the one line that Uppy shows', async () => {
    const api = await startApi();
    const { body } = await api.call('POST', '/v1/uploads', { body: { file_name: 'a', size_bytes: 6 * 1024 ** 3 } });
    const answer = await fetch(`${body.client_url}/s3/params?filename=a&type=b`);
    expect([answer.status, answer.statusText, ((await answer.json()) as { code: string }).code]).toEqual([
      413,
      'Upload too large',
      'UPLOAD_TOO_LARGE',
    ]);
    await api.close();
  });
});
