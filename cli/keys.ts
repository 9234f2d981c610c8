import { bodyOf, type components } from '../client/index.js';
import type { CommandContext, CommandRun } from './context.js';
import type { KeysWish } from './ops-arguments.js';

type KeyRow = components['schemas']['ApiKey'];

const DAY_MS = 86_400_000;

/** `reelmill keys create|list|revoke`. */
export async function runKeys(wish: KeysWish, { client, reporter, signal }: CommandContext): CommandRun {
  const { api } = client;
  if (wish.act === 'revoke') {
    await api.DELETE('/v1/ops/keys/{key_id}', { params: { path: { key_id: wish.key } }, signal });
    reporter.answer({ id: wish.key, revoked: true }, () => `${wish.key} is revoked: it opens nothing any more, everywhere within half a minute.`);
    return 0;
  }
  const params = { path: { tenant_id: wish.tenant } };
  if (wish.act === 'list') {
    const { data: rows } = await bodyOf(api.GET('/v1/ops/tenants/{tenant_id}/keys', { params, signal }));
    for (const row of rows) reporter.answer(row, () => words(row));
    if (rows.length === 0) reporter.say('There are no keys.');
    return 0;
  }
  const { name, mode, scopes, expiresDays } = wish;
  const expires_at = expiresDays === undefined ? null : new Date(Date.now() + expiresDays * DAY_MS).toISOString();
  // An answer that is lost on the way is asked for again, by the client's Idempotency-Key: the key stands nowhere else.
  const made = await bodyOf(api.POST('/v1/ops/tenants/{tenant_id}/keys', { params, body: { name, mode, scopes: [...scopes], expires_at }, signal }));
  reporter.answer(made, () => `${made.key}\n${words(made)}\nKeep it now: it is shown this once.`);
  return 0;
}

function words(key: KeyRow): string {
  const end = key.revoked_at ? `revoked ${key.revoked_at}` : key.expires_at ? `until ${key.expires_at}` : 'live';
  return `${key.id}  ${key.mode}  ${key.name}  ${key.scopes.join(',')}  ${end}; ${key.last_used_at ? `used ${key.last_used_at}` : 'never used'}`;
}
