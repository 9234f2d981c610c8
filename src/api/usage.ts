import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import { type UsageJson, usage as usageSchema } from './schemas.js';

export function usageRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/usage',
      operationId: 'getUsage',
      summary: 'What the account may hold, and what it holds',
      tag: 'account',
      auth: 'key',
      answers: { 200: { description: 'The account.', schema: usageSchema } },
      async handle({ caller }) {
        const usage = await deps.catalogue.findUsage(caller.tenantId);
        // The key's own tenant: every key refers to one.
        if (usage === null) throw new PipelineError('INTERNAL', { note: 'The tenant of this key is gone.', details: { tenantId: caller.tenantId } });
        const { quotaBytes, reservedBytes, storedBytes } = usage;
        const body: UsageJson = { object: 'usage', quota_bytes: quotaBytes, reserved_bytes: reservedBytes, stored_bytes: storedBytes };
        return { status: 200, body };
      },
    }),
  ];
}
