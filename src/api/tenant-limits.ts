import type { Catalogue } from '../catalogue/catalogue.js';
import { type Limits, NO_LIMITS } from '../domain/tier.js';
import type { Logger } from '../runtime/logger.js';

/** A changed tier holds after this long at the latest. */
const FRESH_MS = 5_000;
const MAX_TENANTS = 10_000;

interface Known {
  readonly limits: Limits;
  readonly untilMs: number;
}

/**
 * What each tenant may use, as the catalogue last said. Only who has never been seen waits for it; after that a look at it is made
 * behind the request. A catalogue that is away leaves things as they were, and limits nobody whom it has not told of: what is
 * behind the limiter is away with it.
 */
export function createTenantLimits({ catalogue, logger }: { readonly catalogue: Pick<Catalogue, 'findAllowance'>; readonly logger: Logger }) {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<Limits>>();

  const ask = async (tenantId: string): Promise<Limits> => {
    const before = known.get(tenantId)?.limits ?? NO_LIMITS;
    try {
      const limits = (await catalogue.findAllowance(tenantId))?.tier.limits ?? NO_LIMITS;
      if (known.size >= MAX_TENANTS) known.delete(known.keys().next().value ?? tenantId);
      known.set(tenantId, { limits, untilMs: performance.now() + FRESH_MS });
      return limits;
    } catch (err) {
      logger.debug({ err, tenant_id: tenantId }, 'the limits of a tenant could not be read');
      return before;
    } finally {
      asked.delete(tenantId);
    }
  };

  return (tenantId: string): Limits | Promise<Limits> => {
    const found = known.get(tenantId);
    if (found && found.untilMs > performance.now()) return found.limits;
    const answer = asked.get(tenantId) ?? ask(tenantId);
    asked.set(tenantId, answer);
    return found?.limits ?? answer;
  };
}
