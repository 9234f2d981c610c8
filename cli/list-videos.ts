import { z } from 'zod';
import { readVideoPage, type VideoJson } from '../client/video-json.js';
import type { VideoState } from '../src/domain/video.js';
import type { CommandContext, CommandRun } from './context.js';
import { videoWords } from './show-status.js';

const PAGE = 100;
/** For programs: each video as the API tells it, with what this release does not know. */
const raw = z.object({ data: z.array(z.unknown()) });

/** `reelmill list`: as many pages as it takes. With --json one video a line. */
export async function listVideos(wish: { readonly status: readonly VideoState[]; readonly limit: number }, context: CommandContext): CommandRun {
  const { api, signal, reporter } = context;
  let left = wish.limit;
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(left, PAGE)) });
    if (wish.status.length > 0) query.set('status', wish.status.join(','));
    if (cursor !== null) query.set('cursor', cursor);
    const answer = await api.request({ method: 'GET', path: `/v1/videos?${query}`, signal });
    const page: { videos: readonly VideoJson[]; nextCursor: string | null } = readVideoPage(answer?.body);
    const rows = raw.parse(answer?.body).data;
    for (const [index, video] of page.videos.entries()) reporter.answer(rows[index], () => videoWords(video));
    left -= page.videos.length;
    cursor = page.nextCursor;
  } while (cursor !== null && left > 0);
  if (left === wish.limit) reporter.say('There are no such videos.');
  return 0;
}
