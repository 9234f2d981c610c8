import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CommandContext, CommandRun } from './context.js';
import type { KeysWish } from './ops-arguments.js';

const keyRow = z.object({
  id: z.string(),
  name: z.string(),
  mode: z.string(),
  scopes: z.array(z.string()),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});
type KeyRow = z.output<typeof keyRow>;

const DAY_MS = 86_400_000;

/** `reelmill keys create|list|revoke`. */
export async function runKeys(wish: KeysWish, { api, reporter, signal }: CommandContext): CommandRun {
  if (wish.act === 'revoke') {
    await api.request({ method: 'DELETE', path: `/v1/ops/keys/${wish.key}`, signal });
    reporter.answer({ id: wish.key, revoked: true }, () => `${wish.key} is revoked: it opens nothing any more, everywhere within half a minute.`);
    return 0;
  }
  const path = `/v1/ops/tenants/${wish.tenant}/keys`;
  if (wish.act === 'list') {
    const answer = await api.request({ method: 'GET', path, signal });
    const rows = z.object({ data: z.array(keyRow) }).parse(answer?.body).data;
    for (const row of rows) reporter.answer(row, () => words(row));
    if (rows.length === 0) reporter.say('There are no keys.');
    return 0;
  }
  const { name, mode, scopes, expiresDays } = wish;
  const expires_at = expiresDays === undefined ? null : new Date(Date.now() + expiresDays * DAY_MS).toISOString();
  // An answer that is lost on the way is asked for again: the key stands nowhere else.
  const answer = await api.request({ method: 'POST', path, body: { name, mode, scopes, expires_at }, idempotencyKey: randomUUID(), signal });
  const made = keyRow.extend({ key: z.string() }).parse(answer?.body);
  reporter.answer(answer?.body, () => `${made.key}\n${words(made)}\nKeep it now: it is shown this once.`);
  return 0;
}

function words(key: KeyRow): string {
  const end = key.revoked_at ? `revoked ${key.revoked_at}` : key.expires_at ? `until ${key.expires_at}` : 'live';
  return `${key.id}  ${key.mode}  ${key.name}  ${key.scopes.join(',')}  ${end}; ${key.last_used_at ? `used ${key.last_used_at}` : 'never used'}`;
}
