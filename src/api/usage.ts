import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { tierJson } from './ops-tenants.js';
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
      scopes: ['uploads:write', 'videos:read'],
      answers: { 200: { description: 'The account.', schema: usageSchema } },
      async handle({ caller }) {
        const { tenantId } = caller;
        const [usage, allowance] = await Promise.all([deps.catalogue.findUsage(tenantId), deps.catalogue.findAllowance(tenantId)]);
        // The key's own tenant: every key refers to one.
        if (usage === null || allowance === null)
          throw new PipelineError('INTERNAL', { note: 'The tenant of this key is gone.', details: { tenantId } });
        const { bytes, encodeMs } = allowance.today;
        const body: UsageJson = {
          object: 'usage',
          quota_bytes: usage.quotaBytes,
          reserved_bytes: usage.reservedBytes,
          stored_bytes: usage.storedBytes,
          open_uploads: usage.openUploads,
          today: { bytes, encode_minutes: Math.ceil(encodeMs / 60_000) },
          tier: tierJson(allowance.tier),
        };
        return { status: 200, body };
      },
    }),
  ];
}
