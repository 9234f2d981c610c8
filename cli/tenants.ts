import { bodyOf, type components } from '../client/index.js';
import { bytesText } from '../src/domain/summary.js';
import type { CommandContext, CommandRun } from './context.js';
import type { TenantsWish } from './ops-arguments.js';

type Schemas = components['schemas'];

/** `reelmill tenants create|change|list`. */
export async function runTenants(wish: TenantsWish, { client, reporter, signal }: CommandContext): CommandRun {
  if (wish.act === 'create') {
    const { tenant: id, name, tier, quotaBytes } = wish;
    const body = { id, name, ...(tier === undefined ? {} : { tier }), quota_bytes: quotaBytes ?? null };
    const made = await bodyOf(client.api.POST('/v1/ops/tenants', { body, signal }));
    reporter.answer(made, () => `${words(made)}\nIts first key:  reelmill keys create ${made.id} --name NAME`);
    return 0;
  }
  if (wish.act === 'change') {
    const { tenant, name, tier, quotaBytes, damagedSources } = wish;
    const params = { path: { tenant_id: tenant } };
    const body = { name, tier, quota_bytes: quotaBytes, damaged_sources: damagedSources };
    const changed = await bodyOf(client.api.PATCH('/v1/ops/tenants/{tenant_id}', { params, body, signal }));
    reporter.answer(changed, () => words(changed));
    return 0;
  }
  let cursor: string | undefined;
  do {
    const query = { limit: 100, cursor };
    const page: Schemas['TenantList'] = await bodyOf(client.api.GET('/v1/ops/tenants', { params: { query }, signal }));
    for (const row of page.data) reporter.answer(row, () => words(row));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return 0;
}

function words(tenant: Schemas['Tenant']): string {
  const quota = tenant.quota_bytes === null ? 'no quota' : `${bytesText(tenant.quota_bytes)} quota`;
  const damaged = tenant.damaged_sources === 'publish' ? '  publishes damaged sources' : '';
  return `${tenant.id}  ${tenant.name}  ${tenant.tier}  ${quota}${damaged}`;
}
