import { z } from 'zod';
import type { Tenant, TenantChange } from '../catalogue/tenancy.js';
import { PipelineError } from '../domain/errors.js';
import type { Tier } from '../domain/tier.js';
import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import {
  changeTenantBody,
  createTenantBody,
  listTenantsQuery,
  saveTierBody,
  type TenantJson,
  type TierJson,
  tenantId,
  tenantList,
  tenant as tenantSchema,
  tierList,
  tierName,
  tier as tierSchema,
} from './schemas.js';

/** Tenants and tiers, for operators. */
export function opsTenantRoutes(deps: ApiDeps): Route[] {
  const common = { tag: 'operations', auth: 'key', scopes: ['ops'] } as const;
  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/ops/tenants',
      operationId: 'createTenant',
      summary: 'Make a tenant',
      body: createTenantBody,
      answers: { 201: { description: 'The tenant; made before with the same facts, as it stands.', schema: tenantSchema } },
      problems: ['CONFLICT'],
      async handle({ body: { id, name, tier, quota_bytes }, trace }) {
        return { status: 201, body: tenantJson(await deps.catalogue.createTenant({ id, name, tier, quotaBytes: quota_bytes }, trace)) };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/ops/tenants',
      operationId: 'listTenants',
      summary: 'Tenants, by id',
      query: listTenantsQuery,
      answers: { 200: { description: 'A page.', schema: tenantList } },
      async handle({ query: { limit, cursor } }) {
        const rows = await deps.catalogue.listTenants(cursor ?? null, limit + 1);
        const data = rows.slice(0, limit).map(tenantJson);
        const more = rows.length > limit;
        return { status: 200, body: { object: 'list', data, next_cursor: more ? (data.at(-1)?.id ?? null) : null, has_more: more } };
      },
    }),
    route({
      ...common,
      method: 'patch',
      path: '/v1/ops/tenants/{tenant_id}',
      operationId: 'changeTenant',
      summary: 'Give a tenant another tier, quota, name or policy',
      description: 'Each process follows within seconds.',
      params: z.object({ tenant_id: tenantId }),
      body: changeTenantBody,
      answers: { 200: { description: 'As it stands.', schema: tenantSchema } },
      problems: ['CONFLICT'],
      async handle({ params, body: { name, tier, quota_bytes, damaged_sources }, trace }) {
        const change: TenantChange = {
          ...(name === undefined ? {} : { name }),
          ...(tier === undefined ? {} : { tier }),
          ...(quota_bytes === undefined ? {} : { quotaBytes: quota_bytes }),
          ...(damaged_sources === undefined ? {} : { truncatedSources: damaged_sources }),
        };
        const row = await deps.catalogue.changeTenant(params.tenant_id, change, trace);
        if (row === null) throw new PipelineError('NOT_FOUND');
        return { status: 200, body: tenantJson(row) };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/ops/tiers',
      operationId: 'listTiers',
      summary: 'Tiers and their limits',
      answers: { 200: { description: 'All of them.', schema: tierList } },
      async handle() {
        return { status: 200, body: { object: 'list', data: (await deps.catalogue.listTiers()).map(tierJson), next_cursor: null, has_more: false } };
      },
    }),
    route({
      ...common,
      method: 'put',
      path: '/v1/ops/tiers/{tier_name}',
      operationId: 'saveTier',
      summary: 'Make a tier, or give it other limits',
      description: 'Each process follows within seconds; no restart.',
      params: z.object({ tier_name: tierName }),
      body: saveTierBody,
      answers: { 200: { description: 'As it stands.', schema: tierSchema } },
      async handle({ params: { tier_name: name }, body, trace }) {
        const { requests, open_uploads: openUploads, bytes_per_day: bytesPerDay, encode_minutes_per_day: encodeMinutesPerDay } = body;
        const bucket = requests && { perS: requests.per_second, burst: requests.burst };
        const tier = { name, limits: { requests: bucket, openUploads, bytesPerDay, encodeMinutesPerDay } };
        await deps.catalogue.saveTier(tier, trace);
        return { status: 200, body: tierJson(tier) };
      },
    }),
  ];
}

function tenantJson({ id, name, tier, quotaBytes, truncatedSources, createdAt }: Tenant): TenantJson {
  return { id, object: 'tenant', name, tier, quota_bytes: quotaBytes, damaged_sources: truncatedSources, created_at: createdAt };
}

export function tierJson({ name, limits }: Tier): TierJson {
  const { requests, openUploads, bytesPerDay, encodeMinutesPerDay } = limits;
  return {
    name,
    object: 'tier',
    requests: requests && { per_second: requests.perS, burst: requests.burst },
    open_uploads: openUploads,
    bytes_per_day: bytesPerDay,
    encode_minutes_per_day: encodeMinutesPerDay,
  };
}
