import type { RequestListener } from 'node:http';
import cors from '@koa/cors';
import { Router } from '@koa/router';
import Koa from 'koa';
import { accessLog } from './access-log.js';
import { createAdmission } from './admission.js';
import { auditRoutes } from './audit.js';
import { authenticate } from './authenticate.js';
import { changeVideoRoutes } from './change-video.js';
import type { ApiContext, ApiState, Next } from './context.js';
import type { ApiDeps } from './deps.js';
import { documentRoutes } from './documents.js';
import { atTheDoor } from './door.js';
import { errorMiddleware } from './error-middleware.js';
import { eventRoutes } from './events.js';
import { generationRoutes } from './generations.js';
import { healthRoutes } from './health.js';
import { createRunOnce } from './idempotency.js';
import { jsonBody } from './json-body.js';
import { keyRoutes } from './keys.js';
import { limitRequests } from './limit-requests.js';
import { metricsRoutes } from './metrics.js';
import { opsRoutes } from './ops.js';
import { opsTenantRoutes } from './ops-tenants.js';
import { reviewRoutes } from './review.js';
import type { Route, RunOnce } from './route.js';
import { SAFE_HEADERS } from './safe-headers.js';
import { createStreamCounts } from './stream-counts.js';
import { createUploadTokens } from './upload-token.js';
import { uploadRoutes } from './uploads.js';
import { uppyRoutes } from './uppy.js';
import { usageRoutes } from './usage.js';
import { videoRoutes } from './videos.js';
import { webhookRoutes } from './webhooks.js';

/** The API over whatever it is given; listens to nothing. */
export function createApp(deps: ApiDeps): RequestListener {
  const clock = deps.clock ?? (() => new Date());
  const app = new Koa<ApiState>();
  // Errors behind the error middleware: a connection that broke while its answer was written.
  app.on('error', (err: unknown) => {
    // Its client has left, as clients of streams do; the access log tells it.
    if (err instanceof Error && 'code' in err && err.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    deps.logger.warn({ err }, 'an answer could not be written');
  });

  const routes = apiRoutes({ ...deps, clock });
  const router = routerOf(routes, createRunOnce({ ...deps, clock }));
  const admission = createAdmission(routes, deps);
  app.use(errorMiddleware(deps.logger));
  app.use(accessLog(deps.logger));
  app.use(safeHeaders(deps.closing));
  app.use(crossOrigin(deps.config.corsOrigins));
  app.use(admission.markUnderWay);
  // Before the body is read: who has no key sends none. It also turns a token's address into its upload's.
  app.use(
    authenticate(deps.catalogue, createUploadTokens(deps.config.uploadTokenSecrets), {
      clock,
      logger: deps.logger,
      proxies: deps.config.proxies ?? 0,
    }),
  );
  app.use(limitRequests(deps));
  app.use(jsonBody(routes));
  app.use(admission.toAPlace);
  app.use(router.routes());
  app.use(nearestOnly);
  app.use(router.allowedMethods());
  return atTheDoor(admission, app.callback());
}

/** Every route, the documents about them included. */
export function apiRoutes(deps: ApiDeps & { clock: () => Date }): Route[] {
  const streams = createStreamCounts();
  const routes = [
    ...uploadRoutes(deps),
    ...uppyRoutes(deps),
    ...usageRoutes(deps),
    ...videoRoutes(deps),
    ...changeVideoRoutes(deps),
    ...generationRoutes(deps),
    ...eventRoutes(deps, streams),
    ...webhookRoutes(deps),
    ...opsRoutes(deps),
    ...reviewRoutes(deps),
    ...opsTenantRoutes(deps),
    ...keyRoutes(deps),
    ...auditRoutes(deps),
    ...metricsRoutes(deps, streams),
    ...healthRoutes(deps),
  ];
  return [...routes, ...documentRoutes(routes, deps.config.version)];
}

/** Exact paths only: /V1/… or a slash at the end is another address, so no rule by path can be slipped past. */
export function routerOf(routes: readonly Route[], once: RunOnce): Router<ApiState> {
  const router = new Router<ApiState>({ sensitive: true, strict: true });
  for (const route of routes)
    router.register(route.path.replaceAll(/\{(\w+)\}/g, ':$1'), [route.method], (ctx) => route.run(ctx as unknown as ApiContext, once));
  return router;
}

/** Which methods an address takes is said by the route that names it: …/complete is no {part_number}. */
async function nearestOnly(ctx: ApiContext, next: Next): Promise<void> {
  const found = ctx as ApiContext & { matched?: readonly { readonly paramNames: readonly unknown[] }[] };
  const least = Math.min(...(found.matched ?? []).map(({ paramNames }) => paramNames.length));
  if (found.matched) found.matched = found.matched.filter(({ paramNames }) => paramNames.length === least);
  await next();
}

function safeHeaders(closing: AbortSignal | undefined) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    for (const [name, value] of SAFE_HEADERS) ctx.res.setHeader(name, value);
    if (closing?.aborted) ctx.set('Connection', 'close');
    await next();
  };
}

function crossOrigin(origins: readonly string[]) {
  return cors({
    // No credentials are ever allowed: the key travels in Authorization, so `*` gives nothing away.
    origin: (ctx) => (origins.includes('*') ? '*' : (origins.find((origin) => origin === ctx.get('Origin')) ?? '')),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'X-Request-Id'],
    exposeHeaders: ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
    maxAge: 86_400,
  });
}
