import { z } from 'zod';
import type { KeyRecord } from '../catalogue/tenancy.js';
import { PipelineError } from '../domain/errors.js';
import { createApiKeyText } from './api-key.js';
import type { ApiDeps } from './deps.js';
import { type Answer, type Route, route } from './route.js';
import { type ApiKeyJson, apiKeyList, createKeyBody, keyId, newApiKey, tenantId } from './schemas.js';

/** API keys, for operators: made, listed, revoked. */
export function keyRoutes(deps: ApiDeps & { clock: () => Date }): Route[] {
  const common = { tag: 'operations', auth: 'key', scopes: ['ops'] } as const;
  const params = z.object({ tenant_id: tenantId });
  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/ops/tenants/{tenant_id}/keys',
      operationId: 'createKey',
      summary: 'Make an API key',
      description: 'The answer is the only place where the key stands; send an Idempotency-Key, and a lost answer can be asked for again.',
      params,
      body: createKeyBody,
      answers: { 201: { description: 'The key, shown once.', schema: newApiKey } },
      problems: ['CONFLICT'],
      async handle({ params: { tenant_id }, body: { name, mode, scopes, expires_at }, trace, seal }) {
        if (expires_at !== null && Date.parse(expires_at) <= deps.clock().getTime()) {
          throw new PipelineError('REQUEST_INVALID', { note: 'expires_at is in the past.' });
        }
        const { id, text, secretHash } = createApiKeyText(mode);
        const answer = (key: KeyRecord): Answer => ({ status: 201, body: { ...keyJson(key), key: text } });
        const draft = { id, tenantId: tenant_id, secretHash, name, mode, scopes, expiresAt: expires_at };
        const row = await deps.catalogue.createApiKey(draft, trace, (key) => seal(answer(key)));
        return answer(row);
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/ops/tenants/{tenant_id}/keys',
      operationId: 'listKeys',
      summary: 'The API keys of a tenant',
      description: 'Newest first, those that have ended included; never a secret.',
      params,
      answers: { 200: { description: 'All of them.', schema: apiKeyList } },
      async handle({ params: { tenant_id } }) {
        const keys = await deps.catalogue.listApiKeys(tenant_id);
        if (keys.length === 0 && !(await deps.catalogue.hasTenant(tenant_id))) throw new PipelineError('NOT_FOUND');
        return { status: 200, body: { object: 'list', data: keys.map(keyJson), next_cursor: null, has_more: false } };
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/v1/ops/keys/{key_id}',
      operationId: 'revokeKey',
      summary: 'Revoke an API key',
      description: 'It opens nothing any more, in every process within half a minute. Safe to repeat; a key cannot be brought back.',
      params: z.object({ key_id: keyId }),
      answers: { 204: { description: 'It is revoked.', schema: null } },
      async handle({ params: { key_id }, trace }) {
        if ((await deps.catalogue.revokeApiKey(key_id, trace)) === null) throw new PipelineError('NOT_FOUND');
        return { status: 204 };
      },
    }),
  ];
}

function keyJson(key: KeyRecord): ApiKeyJson {
  const { id, tenantId: tenant_id, name, mode, scopes, createdAt, expiresAt, revokedAt, lastUsedAt } = key;
  const times = { created_at: createdAt, expires_at: expiresAt, revoked_at: revokedAt, last_used_at: lastUsedAt };
  return { id, object: 'api_key', tenant_id, name, mode, scopes: [...scopes], ...times };
}
