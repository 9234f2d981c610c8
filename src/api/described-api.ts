import { apiRoutes } from './app.js';
import type { ApiDeps } from './deps.js';
import { openApiDocument } from './openapi.js';

/** The document of all routes, for who has no services: nothing is asked of what a route stands on before it is called. */
export function describedApi(version: string) {
  const config: Partial<ApiDeps['config']> = { version, uploadTokenSecrets: [''] };
  const deps = { config, clock: () => new Date() } as unknown as Parameters<typeof apiRoutes>[0];
  return openApiDocument(apiRoutes(deps), version);
}
