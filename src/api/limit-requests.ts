import { PipelineError } from '../domain/errors.js';
import type { Decision, Rate } from '../domain/token-bucket.js';
import type { ApiContext, Next } from './context.js';
import type { ApiDeps } from './deps.js';
import { createMemoryLimiter } from './limiter.js';
import { createTenantLimits } from './tenant-limits.js';

/**
 * One bucket a tenant. Behind the key and before the body: who asks too often is sent away before anything is read of him.
 * What belongs to an upload that is under way is never counted: an upload that has begun can always be finished. How many may
 * begin is limited where they are made (`open_uploads`, `bytes_per_day`).
 */
export function limitRequests(deps: Pick<ApiDeps, 'catalogue' | 'logger' | 'limiter'>) {
  const limiter = deps.limiter ?? createMemoryLimiter();
  const limitsOf = createTenantLimits(deps);

  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const { caller } = ctx.state;
    if (caller?.keyId === 'upload-token') ctx.state.underWay = true;
    if (caller && !ctx.state.underWay) {
      const { requests: rate } = await limitsOf(caller.tenantId);
      if (rate !== null) {
        const decision = await limiter.take(caller.tenantId, rate);
        ctx.set(headersOf(rate, decision));
        if (!decision.allowed) {
          ctx.set('Retry-After', String(seconds(decision.retryMs)));
          throw new PipelineError('RATE_LIMITED');
        }
      }
    }
    await next();
  };
}

/** RateLimit header fields for HTTP (draft-ietf-httpapi-ratelimit-headers-11): the window is the time in which an empty bucket fills. */
function headersOf(rate: Rate, { remaining, fullMs }: Decision): Record<string, string> {
  return {
    'RateLimit-Policy': `"requests";q=${rate.burst};w=${seconds((rate.burst / rate.perS) * 1000)}`,
    RateLimit: `"requests";r=${remaining};t=${Math.ceil(fullMs / 1000)}`,
  };
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
