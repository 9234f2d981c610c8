import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../../client/api-client.js';
import { codeOf } from '../../stack/fault.js';
import type { UploadIds } from './points.js';

const session = z.object({ id: z.string(), video_id: z.string() });
const signed = z.object({ parts: z.array(z.object({ url: z.string() })).length(1) });
const PAUSE_MS = 200;

/** An upload of a file of one part that is signed, and not sent yet. */
export async function beginUpload(api: ApiClient, file: string, signal: AbortSignal): Promise<UploadIds & { finish(): Promise<void> }> {
  const bytes = await readFile(file);
  const post = async (path: string, body?: unknown): Promise<unknown> =>
    (await api.request({ method: 'POST', path, body, idempotencyKey: randomUUID(), signal }))?.body;
  const upload = session.parse(await post('/v1/uploads', { file_name: basename(file), size_bytes: bytes.length, content_type: 'video/mp4' }));
  const sign = async (): Promise<string> => signed.parse(await post(`/v1/uploads/${upload.id}/parts`, { part_numbers: [1] })).parts[0]?.url ?? '';
  const firstUrl = await sign();
  return {
    uploadId: upload.id,
    videoId: upload.video_id,
    /** Sends the part and says that all is sent, until it is acknowledged. */
    async finish() {
      for (let url = firstUrl; ; url = await sign()) {
        const answer = await fetch(url, { method: 'PUT', body: bytes, signal }).catch(() => null);
        if (answer?.ok) break;
        await sleep(PAUSE_MS, undefined, { signal });
      }
      for (;;) {
        const refusal = await post(`/v1/uploads/${upload.id}/complete`).then(
          () => null,
          (error: unknown) => error,
        );
        if (refusal === null) return;
        // Its patience ends; a user's does not.
        if (codeOf(refusal) !== 'API_UNAVAILABLE') throw refusal;
      }
    },
  };
}
