import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import { isEnd, type Video } from './api-types.js';

const WAIT_S = 10;
const PAUSE_MS = 150;

/** Follows a video until it is published, refused, or waits for a person. Each change is told, the last one too. @throws ClientFault */
export async function watchVideo(api: ApiClient, videoId: string, onChange: (video: Video) => void, signal: AbortSignal): Promise<Video> {
  let etag: string | undefined;
  for (;;) {
    const query = { wait: etag === undefined ? 0 : WAIT_S };
    const header = etag === undefined ? {} : { 'if-none-match': etag };
    const { data: video, response } = await api.GET('/v1/videos/{video_id}', { params: { path: { video_id: videoId }, query, header }, signal });
    if (video) {
      etag = response.headers.get('etag') ?? undefined;
      onChange(video);
      if (isEnd(video.status)) return video;
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
