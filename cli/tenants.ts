import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bytesText } from '../src/domain/summary.js';
import type { CommandContext, CommandRun } from './context.js';
import type { TenantsWish } from './ops-arguments.js';

const tenantRow = z.object({
  ...{ id: z.string(), name: z.string(), tier: z.string(), quota_bytes: z.number().nullable() },
  damaged_sources: z.string().optional(),
});
const tenantPage = z.object({ data: z.array(tenantRow), next_cursor: z.string().nullable() });

/** `reelmill tenants create|change|list`. */
export async function runTenants(wish: TenantsWish, { api, reporter, signal }: CommandContext): CommandRun {
  if (wish.act === 'create') {
    const { tenant: id, name, tier, quotaBytes } = wish;
    const body = { id, name, ...(tier === undefined ? {} : { tier }), quota_bytes: quotaBytes ?? null };
    const answer = await api.request({ method: 'POST', path: '/v1/ops/tenants', body, idempotencyKey: randomUUID(), signal });
    const made = tenantRow.parse(answer?.body);
    reporter.answer(answer?.body, () => `${words(made)}\nIts first key:  reelmill keys create ${made.id} --name NAME`);
    return 0;
  }
  if (wish.act === 'change') {
    const { tenant, name, tier, quotaBytes, damagedSources } = wish;
    const body = { name, tier, quota_bytes: quotaBytes, damaged_sources: damagedSources };
    const answer = await api.request({ method: 'PATCH', path: `/v1/ops/tenants/${tenant}`, body, signal });
    reporter.answer(answer?.body, () => words(tenantRow.parse(answer?.body)));
    return 0;
  }
  let cursor: string | null = null;
  do {
    const path: string = `/v1/ops/tenants?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`;
    const answer = await api.request({ method: 'GET', path, signal });
    const page = tenantPage.parse(answer?.body);
    for (const row of page.data) reporter.answer(row, () => words(row));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return 0;
}

function words(tenant: z.output<typeof tenantRow>): string {
  const quota = tenant.quota_bytes === null ? 'no quota' : `${bytesText(tenant.quota_bytes)} quota`;
  const damaged = tenant.damaged_sources === 'publish' ? '  publishes damaged sources' : '';
  return `${tenant.id}  ${tenant.name}  ${tenant.tier}  ${quota}${damaged}`;
}
