import { bodyOf, type components } from '../client/index.js';
import type { CommandContext, CommandRun } from './context.js';
import type { ReviewWish } from './ops-arguments.js';

type ReviewList = components['schemas']['ReviewList'];

/** `reelmill review list|resolve`. */
export async function runReview(wish: ReviewWish, { client, reporter, signal }: CommandContext): CommandRun {
  if (wish.act === 'resolve') {
    const { id, action, note } = wish;
    const params = { path: { video_id: id } };
    const video = await bodyOf(client.api.POST('/v1/ops/review/{video_id}/resolve', { params, body: { action, note }, signal }));
    reporter.answer(video, () => `${action} is taken: ${id} is ${video.status}.`);
    return 0;
  }
  let [cursor, seen]: [string | undefined, number] = [undefined, 0];
  do {
    const query = { limit: 100, cursor, tenant_id: wish.tenant };
    const page: ReviewList = await bodyOf(client.api.GET('/v1/ops/review', { params: { query }, signal }));
    for (const row of page.data) reporter.answer(row, () => words(row));
    [cursor, seen] = [page.next_cursor ?? undefined, seen + page.data.length];
  } while (cursor !== undefined);
  if (seen === 0) reporter.say('No video waits for a person.');
  return 0;
}

function words(row: ReviewList['data'][number]): string {
  const before = row.tried.map(({ code, retried_at }) => `${code}, again ${retried_at}`).join('; ');
  return [
    `${row.video_id}  ${row.tenant_id}  ${row.title ?? row.name}  since ${row.since}`,
    `  ${row.code} in ${row.stage ?? 'no stage'}: ${row.message}`,
    ...(before === '' ? [] : [`  tried before: ${before}`]),
    ...row.actions.map(({ action, description }) => `  reelmill review resolve ${row.video_id} ${action}   ${description}`),
  ].join('\n');
}
