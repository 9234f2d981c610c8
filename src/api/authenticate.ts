import type { ApiKey, Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { hashSecret, parseApiKey, secretMatches } from './api-key.js';
import { ARRIVALS_PATH } from './arrivals.js';
import type { ApiContext, Next } from './context.js';

/** A revoked key works at most this long. Long enough that a client's burst asks the database once. */
const CACHE_MS = 30_000;
const CACHE_KEYS = 1_000;

/** Compared with where the id is unknown, so that an answer takes the same time whether the id exists or not. */
const NOBODY = hashSecret('');

/**
 * Everything under /v1 needs a key, the store's events aside. By the path, before any route: what does not exist is 401 too, so that nothing can
 * be learnt without a key. Routes ask for their caller once more (route.ts), so a path that slips past here gets nothing.
 */
export function authenticate(catalogue: Pick<Catalogue, 'findApiKey'>, clock: () => Date) {
  const known = new Map<string, { key: ApiKey; untilMs: number }>();

  const find = async (id: string): Promise<ApiKey | null> => {
    const cached = known.get(id);
    if (cached && cached.untilMs > clock().getTime()) return cached.key;
    known.delete(id);
    const key = await catalogue.findApiKey(id);
    // Only hits are kept: a key that was just made works at once, and made-up ids cannot push real ones out.
    if (key) {
      if (known.size >= CACHE_KEYS) known.delete(known.keys().next().value ?? id);
      known.set(id, { key, untilMs: clock().getTime() + CACHE_MS });
    }
    return key;
  };

  return async (ctx: ApiContext, next: Next): Promise<void> => {
    if (!/^\/v1(\/|$)/i.test(ctx.path)) {
      await next();
      return;
    }
    // The store's own events carry a secret of their own, which the route asks for.
    if (ctx.path === ARRIVALS_PATH) {
      await next();
      return;
    }
    const [, token] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    const presented = token === undefined ? null : parseApiKey(token);
    if (!presented) throw new PipelineError('UNAUTHENTICATED');
    const key = await find(presented.id);
    if (!secretMatches(presented.secret, key?.secretHash ?? NOBODY) || !key) throw new PipelineError('UNAUTHENTICATED');
    ctx.state.caller = { tenantId: key.tenantId, keyId: key.id, scopes: key.scopes };
    await next();
  };
}
