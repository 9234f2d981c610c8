import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type ApiClient, ApiRefusal } from '../../stack/client/api-client.js';
import { putPart } from '../../stack/client/put-part.js';
import type { UploadIds } from './points.js';

const session = z.object({ id: z.string(), video_id: z.string() });
const signed = z.object({ parts: z.array(z.object({ url: z.string() })).length(1) });
const PAUSE_MS = 200;

/** An upload of a file of one part that is signed, and not sent yet. */
export async function beginUpload(api: ApiClient, file: string, signal: AbortSignal): Promise<UploadIds & { finish(): Promise<void> }> {
  const sizeBytes = (await stat(file)).size;
  const post = async (path: string, body?: unknown): Promise<unknown> =>
    (await api.request({ method: 'POST', path, body, idempotencyKey: randomUUID(), signal }))?.body;
  const upload = session.parse(await post('/v1/uploads', { file_name: basename(file), size_bytes: sizeBytes, content_type: 'video/mp4' }));
  const sign = async (): Promise<string> => signed.parse(await post(`/v1/uploads/${upload.id}/parts`, { part_numbers: [1] })).parts[0]?.url ?? '';
  const firstUrl = await sign();
  return {
    uploadId: upload.id,
    videoId: upload.video_id,
    /** Sends the part and says that all is sent, until it is acknowledged. */
    async finish() {
      for (let url = firstUrl; ; url = await sign()) {
        const status = await putPart(url, { file, offset: 0, sizeBytes }, signal).catch(() => 0);
        if (status >= 200 && status < 300) break;
        await sleep(PAUSE_MS, undefined, { signal });
      }
      for (;;) {
        const refusal = await post(`/v1/uploads/${upload.id}/complete`).then(
          () => null,
          (error: unknown) => error,
        );
        if (refusal === null) return;
        // Its patience ends; a user's does not.
        if (!(refusal instanceof ApiRefusal) || refusal.code !== 'API_UNAVAILABLE') throw refusal;
      }
    },
  };
}
