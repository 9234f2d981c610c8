import { performance } from 'node:perf_hooks';
import type { Logger } from '../runtime/logger.js';
import type { ApiContext, Next } from './context.js';

/**
 * One line a request, when its answer has left or its client has gone. The route's pattern and the ids in it, never the
 * query or a header: neither can then carry a secret into the log.
 */
export function accessLog(logger: Logger) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const startedMs = performance.now();
    ctx.res.once('close', () => {
      const { requestId, route, ids, caller } = ctx.state;
      const facts = {
        request_id: requestId,
        method: ctx.method,
        route: route ?? null,
        status: ctx.res.statusCode,
        ms: Math.round(performance.now() - startedMs),
        ...(ctx.res.writableFinished ? {} : { client_gone: true }),
        ...(caller ? { tenant_id: caller.tenantId, key_id: caller.keyId } : {}),
        ...ids,
      };
      // Probes come every second from every load balancer; who was turned away did not come to a route, and is counted elsewhere.
      const isDull = route === '/healthz' || route === '/readyz' ? facts.status < 400 : route === undefined && facts.status === 503;
      logger[isDull ? 'debug' : 'info'](facts, 'request');
    });
    await next();
  };
}
