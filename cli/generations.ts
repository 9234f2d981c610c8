import { costWords, describe } from '../client/describe-video.js';
import { bodyOf, type Generation, type Video } from '../client/index.js';
import { bytesText } from '../src/domain/summary.js';
import type { CommandContext, CommandRun } from './context.js';
import type { GenerationWish } from './generation-arguments.js';
import { videoWords } from './show-status.js';

/** `reelmill reprocess | rollback | generations`. */
export async function runGenerations(wish: GenerationWish, { client, reporter, signal }: CommandContext): CommandRun {
  const { api } = client;
  const params = { path: { video_id: wish.id } };
  if (wish.command === 'generations') {
    const { data } = await bodyOf(api.GET('/v1/videos/{video_id}/generations', { params, signal }));
    for (const each of data) reporter.answer(each, () => words(each));
    return 0;
  }
  // An answer that is lost is asked for again, by the client's Idempotency-Key: it is not done twice.
  if (wish.command === 'rollback') {
    const body = wish.to === null ? {} : { generation: wish.to };
    const video = await bodyOf(api.POST('/v1/videos/{video_id}/rollback', { params, body, signal }));
    reporter.answer(video, () => `Generation ${video.live_generation} is live.\n${videoWords(video)}`);
    return 0;
  }
  const body = wish.reason === null ? {} : { reason: wish.reason };
  const begun = await bodyOf(api.POST('/v1/videos/{video_id}/reprocess', { params, body, signal }));
  if (!wish.wait) {
    reporter.answer(begun, () => `Generation ${begun.generation} is being made.\n${videoWords(begun)}`);
    return 0;
  }
  let last = '';
  const onChange = (video: Video): void => {
    const line = describe(video, true);
    if (line !== last) reporter.say(line);
    last = line;
  };
  const ended = await client.waitForVideo(wish.id, { onChange, signal });
  reporter.answer(ended, () => videoWords(ended));
  return ended.status === 'ready' && ended.live_generation === begun.generation ? 0 : 1;
}

function words(each: Generation): string {
  const error = each.errors[0];
  const state = each.live ? `${each.status}, live` : each.kept ? `${each.status}, kept` : each.status;
  const size = each.size_bytes === null ? '' : `  ${bytesText(each.size_bytes)}`;
  const spent = each.cost === null ? '' : `  ${costWords(each.cost)}`;
  const why = each.reason === null ? '' : `  "${each.reason}"`;
  return `g${each.generation}  ${state}${size}  ${each.created_at}${spent}${why}${error ? `  ${error.code}: ${error.message}` : ''}`;
}
