import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../client/api-client.js';
import { ClientFault } from '../client/client-fault.js';
import { uploadFile } from '../client/upload-file.js';
import { readVideo, type VideoJson } from '../client/video-json.js';
import { StackFault } from '../stack/fault.js';
import type { PlannedDeletion } from './delete-schedule.js';

export interface Reached {
  readonly videoId: string;
  /** Goes on while the deletion is on its way. Whether it is granted is left open. */
  readonly alongside: () => Promise<unknown>;
  /** Comes when the deletion was acknowledged. */
  readonly late: () => Promise<unknown>;
}

const nothing = async (): Promise<void> => undefined;
const PARTS_BYTES = 9 * 1024 * 1024;
const LIMIT_MS = 240_000;
const POLL_MS = 40;
const session = z.object({ id: z.string(), video_id: z.string() });
const signed = z.object({ parts: z.array(z.object({ url: z.string(), size_bytes: z.number() })) });

/** Takes a new video as far as the deletion wants it. @throws StackFault where it gets stuck on the way */
export async function reachMoment(api: ApiClient, source: string, deletion: PlannedDeletion): Promise<Reached> {
  const { moment, waitMs } = deletion;
  if (moment === 'waiting' || moment === 'uploading' || moment === 'completing') {
    const begun = await beginUpload(api);
    const sent = { waiting: 0, uploading: 1, completing: 2 }[moment];
    for (const part of begun.parts.slice(0, sent)) await part();
    await sleep(waitMs);
    return {
      videoId: begun.videoId,
      alongside: moment === 'completing' ? () => refusable(begun.complete()) : nothing,
      // A server may hang up before it has read a body that it does not want.
      late: moment === 'uploading' ? () => begun.parts[1]?.().catch(() => 0) ?? nothing() : nothing,
    };
  }
  let videoId = '';
  const onVideoId = (id: string): void => {
    videoId = id;
  };
  await uploadFile({ api, file: source, signal: AbortSignal.timeout(LIMIT_MS), onVideoId, onProgress: () => undefined });
  if (moment !== 'queued') await until(api, videoId, (video) => hasCome(moment, video));
  await sleep(waitMs);
  return { videoId, alongside: nothing, late: nothing };
}

function hasCome(moment: 'encoding' | 'packaging' | 'published' | 'zombie', video: VideoJson): boolean {
  if (video.status === 'ready' || moment === 'published') return video.status === 'ready';
  const stage = video.progress.stage ?? '';
  return (moment === 'packaging' ? ['package', 'verify', 'publish'] : ['encode', 'package', 'verify', 'publish']).includes(stage);
}

/** An upload of two parts, each sent when it is called for. */
async function beginUpload(api: ApiClient) {
  const post = async (path: string, body?: unknown): Promise<unknown> => {
    const answer = await api.request({ method: 'POST', path, body, idempotencyKey: randomUUID(), signal: AbortSignal.timeout(LIMIT_MS) });
    return answer?.body;
  };
  const upload = session.parse(await post('/v1/uploads', { file_name: 'noise.bin', size_bytes: PARTS_BYTES }));
  const { parts } = signed.parse(await post(`/v1/uploads/${upload.id}/parts`, { part_numbers: [1, 2] }));
  return {
    videoId: upload.video_id,
    parts: parts.map(
      ({ url, size_bytes }) =>
        async (): Promise<number> =>
          (await fetch(url, { method: 'PUT', body: randomBytes(size_bytes) })).status,
    ),
    complete: () => post(`/v1/uploads/${upload.id}/complete`),
  };
}

async function until(api: ApiClient, videoId: string, come: (video: VideoJson) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  for (;;) {
    const answer = await api.request({ method: 'GET', path: `/v1/videos/${videoId}`, signal });
    const video = readVideo(answer?.body);
    if (come(video)) return;
    if (['errored', 'cancelled', 'review'].includes(video.status)) throw new StackFault(`${videoId} is ${video.status}: ${video.errors[0]?.message}`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function refusable(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!(error instanceof ClientFault)) throw error;
  });
}
