/** Shapes about tenants, keys, tiers and the audit; part of schemas.ts, which says how they are used. */
import { z } from 'zod';
import type {} from 'zod-openapi';
import { KEY_MODES } from '../catalogue/tenancy.js';
import { SCOPES } from '../domain/scopes.js';
import { USUAL_TIER } from '../domain/tier.js';
import { TRUNCATED_POLICIES } from '../domain/truncation.js';
import { AT, bytes, CLEAN, paging, time } from './schema-fields.js';

const name = z.string().min(1).max(100).regex(CLEAN, 'A name has no control characters.').regex(/\S/, 'A name has at least one visible character.');

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'An Idempotency-Key has 1 to 255 visible ASCII characters.')
    .optional()
    .meta({
      description:
        'Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422.',
    }),
});

export const tenantId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'A tenant id has 1 to 63 letters, digits, "-" and "_".')
  .meta({ id: 'TenantId', description: 'Id of a tenant; stands in the keys of its objects.', example: 'acme' });
export const keyId = z
  .string()
  .regex(/^[A-Za-z0-9]{1,64}$/, 'A key id has letters and digits.')
  .meta({ id: 'KeyId', description: 'Id of an API key: what stands between the second and the third "_" of it.', example: '4k7d0s9x2m1q8z5w' });
export const tierName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'The name of a tier has small letters, digits and "-".')
  .meta({ id: 'TierName', description: 'Name of a tier.', example: 'standard' });

const quota = bytes.nullable().meta({ description: 'Bytes that the tenant may hold in all; null: no limit.', example: 100_000_000_000 });

const damagedSources = z.enum(TRUNCATED_POLICIES).meta({
  description:
    'What becomes of a source that is cut or damaged: `refuse` ends it with a code and how much of it is there; `publish` shows what is whole, flagged. Holds for videos that are planned from then on.',
  example: 'refuse',
});

export const createTenantBody = z
  .strictObject({
    id: tenantId,
    name: name.meta({ description: 'For people.', example: 'Acme Films' }),
    tier: tierName.default(USUAL_TIER),
    quota_bytes: quota.default(null),
  })
  .meta({ id: 'CreateTenant', description: 'A new tenant.', example: { id: 'acme', name: 'Acme Films', tier: 'standard', quota_bytes: null } });

export const changeTenantBody = z
  .strictObject({ name: name.optional(), tier: tierName.optional(), quota_bytes: quota.optional(), damaged_sources: damagedSources.optional() })
  .meta({ id: 'ChangeTenant', description: 'What shall be different.', example: { tier: 'standard' } });

export const tenant = z
  .object({
    id: tenantId,
    object: z.literal('tenant'),
    name: z.string(),
    tier: z.string(),
    quota_bytes: bytes.nullable(),
    damaged_sources: damagedSources,
    created_at: time,
  })
  .meta({
    id: 'Tenant',
    description: 'Who owns videos, and what they may use.',
    example: { id: 'acme', object: 'tenant', name: 'Acme Films', tier: 'standard', quota_bytes: null, damaged_sources: 'refuse', created_at: AT },
  });
export type TenantJson = z.output<typeof tenant>;

export const listTenantsQuery = z.object({
  limit: paging.limit,
  cursor: tenantId.optional().meta({ description: 'next_cursor of the page before.' }),
});
export const tenantList = z
  .object({ object: z.literal('list'), data: z.array(tenant), next_cursor: z.string().nullable(), has_more: z.boolean() })
  .meta({ id: 'TenantList', description: 'A page of tenants, by id.', example: { object: 'list', data: [], next_cursor: null, has_more: false } });

export const createKeyBody = z
  .strictObject({
    name: name.meta({
      description: 'What the key is for. Two keys of one name may be live: the old one, and the one that takes its place.',
      example: 'web shop',
    }),
    mode: z
      .enum(KEY_MODES)
      .default('live')
      .meta({ description: 'Stands in the key, for people and for scanners of leaked secrets; both open the same.' }),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'Each scope stands once.')
      .meta({ description: 'What it may do. ops acts on all tenants, and holds none of the others.', example: ['uploads:write', 'videos:read'] }),
    expires_at: z.iso
      .datetime()
      .nullable()
      .default(null)
      .meta({ description: 'It opens nothing from then on; null: until it is revoked.', example: null }),
  })
  .meta({ id: 'CreateKey', description: 'A new API key.', example: { name: 'web shop', mode: 'live', scopes: ['uploads:write', 'videos:read'] } });

const keyFields = {
  id: keyId,
  object: z.literal('api_key'),
  tenant_id: tenantId,
  name: z.string(),
  mode: z.enum(KEY_MODES),
  scopes: z.array(z.string()),
  created_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  last_used_at: time.nullable().meta({ description: 'To the minute; null: never.' }),
};
const keyExample = {
  id: '4k7d0s9x2m1q8z5w',
  object: 'api_key',
  tenant_id: 'acme',
  name: 'web shop',
  mode: 'live',
  scopes: ['uploads:write', 'videos:read'],
  created_at: AT,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};
export const apiKey = z.object(keyFields).meta({ id: 'ApiKey', description: 'A key, without its secret.', example: keyExample });
export type ApiKeyJson = z.output<typeof apiKey>;
export const newApiKey = z
  .object({ ...keyFields, key: z.string().meta({ description: 'The key itself. It is shown this once; only its hash is kept.' }) })
  .meta({ id: 'NewApiKey', description: 'A key with its secret.', example: { ...keyExample, key: 'rm_live_4k7d0s9x2m1q8z5w_…' } });
export const apiKeyList = z
  .object({ object: z.literal('list'), data: z.array(apiKey), next_cursor: z.null(), has_more: z.literal(false) })
  .meta({ id: 'ApiKeyList', description: 'All keys of a tenant.', example: { object: 'list', data: [], next_cursor: null, has_more: false } });

const limitFields = {
  requests: z
    .strictObject({ per_second: z.number().positive().max(1_000_000), burst: z.int().min(1).max(10_000_000) })
    .nullable()
    .meta({
      description:
        'A bucket of `burst` requests that gets `per_second` new ones; null: no limit. Calls of an upload that is under way are not counted.',
    }),
  open_uploads: z.int().min(0).max(2_000_000_000).nullable().meta({ description: 'Upload sessions that may be open at a time.' }),
  bytes_per_day: bytes.nullable().meta({ description: 'Bytes of uploads that are begun on one day (UTC).' }),
  encode_minutes_per_day: z
    .int()
    .min(0)
    .max(2_000_000_000)
    .nullable()
    .meta({ description: 'Minutes of video planned on one day (UTC). Used up, new uploads are refused; what was accepted is made.' }),
};
const limitExample = { requests: { per_second: 50, burst: 200 }, open_uploads: 100, bytes_per_day: 1_000_000_000_000, encode_minutes_per_day: 6000 };
export const saveTierBody = z.strictObject(limitFields).meta({ id: 'SaveTier', description: 'All limits of a tier.', example: limitExample });
export const tier = z
  .object({ name: tierName, object: z.literal('tier'), ...limitFields })
  .meta({ id: 'Tier', description: 'What tenants of one kind may use.', example: { name: 'standard', object: 'tier', ...limitExample } });
export type TierJson = z.output<typeof tier>;
export const tierList = z
  .object({ object: z.literal('list'), data: z.array(tier), next_cursor: z.null(), has_more: z.literal(false) })
  .meta({ id: 'TierList', description: 'All tiers.', example: { object: 'list', data: [], next_cursor: null, has_more: false } });

export const auditQuery = z.object({
  limit: paging.limit,
  cursor: z.coerce.number().int().min(1).optional().meta({ description: 'next_cursor of the page before.', example: 4711 }),
  tenant_id: tenantId.optional().meta({ description: 'Only what keys of this tenant asked for.' }),
});
export const auditList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        position: z.int(),
        at: time,
        tenant_id: z.string().meta({ description: 'Of the key.' }),
        key_id: z.string().meta({ description: 'upload-token: whoever held the address of the upload.' }),
        route: z.string().meta({ description: 'operationId.' }),
        target_id: z.string().nullable(),
        request_id: z.string(),
      }),
    ),
    next_cursor: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({
    id: 'AuditList',
    description: 'Who asked for what, newest first.',
    example: { object: 'list', data: [], next_cursor: null, has_more: false },
  });
