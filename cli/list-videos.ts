import { bodyOf, type VideoList } from '../client/index.js';
import type { VideoState } from '../src/domain/video.js';
import type { CommandContext, CommandRun } from './context.js';
import { videoWords } from './show-status.js';

const PAGE = 100;

/** `reelmill list`: as many pages as it takes. With --json one video a line. */
export async function listVideos(wish: { readonly status: readonly VideoState[]; readonly limit: number }, context: CommandContext): CommandRun {
  const { client, signal, reporter } = context;
  let left = wish.limit;
  let cursor: string | undefined;
  do {
    const status = wish.status.length === 0 ? {} : { status: wish.status.join(',') };
    const query = { limit: Math.min(left, PAGE), ...status, cursor };
    const page: VideoList = await bodyOf(client.api.GET('/v1/videos', { params: { query }, signal }));
    for (const video of page.data) reporter.answer(video, () => videoWords(video));
    left -= page.data.length;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && left > 0);
  if (left === wish.limit) reporter.say('There are no such videos.');
  return 0;
}
