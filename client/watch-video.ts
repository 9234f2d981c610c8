import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import { isEnd, readVideo, type VideoJson } from './video-json.js';

const WAIT_S = 10;
const PAUSE_MS = 150;

/** Follows a video until it is published, refused, or waits for a person. Each change is told, the last one too. */
export async function watchVideo(api: ApiClient, videoId: string, onChange: (video: VideoJson) => void, signal: AbortSignal): Promise<VideoJson> {
  let etag: string | undefined;
  for (;;) {
    const answer = await api.request({ method: 'GET', path: `/v1/videos/${videoId}?wait=${etag === undefined ? 0 : WAIT_S}`, etag, signal });
    if (answer) {
      etag = answer.etag;
      const video = readVideo(answer.body);
      onChange(video);
      if (isEnd(video.status)) return video;
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
