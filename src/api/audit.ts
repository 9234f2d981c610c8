import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import { auditList, auditQuery } from './schemas.js';

/** Who asked for what. */
export function auditRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/ops/audit',
      operationId: 'listAudit',
      tag: 'operations',
      auth: 'key',
      scopes: ['ops'],
      summary: 'Who asked for what, newest first',
      description:
        'A row for every write: in the transaction of the change where the catalogue makes it, before a workflow is asked for it otherwise. Signing further parts of an upload is none.',
      query: auditQuery,
      answers: { 200: { description: 'A page.', schema: auditList } },
      async handle({ query: { limit, cursor, tenant_id } }) {
        const wanted = { ...(tenant_id === undefined ? {} : { tenantId: tenant_id }), before: cursor ?? null, limit: limit + 1 };
        const rows = await deps.catalogue.listAudit(wanted);
        const data = rows.slice(0, limit).map(({ position, at, tenantId, keyId, route: operation, targetId, requestId }) => {
          return { position, at, tenant_id: tenantId, key_id: keyId, route: operation, target_id: targetId, request_id: requestId };
        });
        const more = rows.length > limit;
        return { status: 200, body: { object: 'list', data, next_cursor: more ? String(data.at(-1)?.position) : null, has_more: more } };
      },
    }),
  ];
}
