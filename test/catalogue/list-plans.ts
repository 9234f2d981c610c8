import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { NEWEST_FIRST, type VideoQuery } from '../../src/catalogue/catalogue.js';
import type { Tables } from '../../src/catalogue/tables.js';
import { videoPage } from '../../src/catalogue/videos.js';

/** What the server did for one page. */
export interface PlanFacts {
  readonly ms: number;
  /** Rows of tables that it looked at, wanted or not. */
  readonly visited: number;
  readonly scans: readonly string[];
}

const DAY = 86_400_000;
/** 2026-01-01; the videos of a tenant begin a minute apart. */
const START = Date.UTC(2026, 0, 1);
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

/**
 * Videos by the thousand, straight into the table: nine in ten are tenant `big`'s. Every 1000th is in review, every 50th errored;
 * `kind` has four values, `order` one for each video, and so has `passthrough`; half have a title, one of 5000 words and a number.
 */
export async function seedVideos(query: (text: string, values?: readonly unknown[]) => Promise<unknown>, rows: number): Promise<void> {
  await query("insert into tenants (id, name) values ('big', 'big'), ('small', 'small')");
  await query(
    `insert into videos (id, tenant_id, name, content_type, source_key, state, playable, progress, failure_code, failure_message, generation,
       title, title_key, metadata, passthrough, version, event_sequence, created_at, updated_at)
     select 'vid_' || md5(n::text), case when n % 10 = 0 then 'small' else 'big' end, 'clip.mp4', 'video/mp4', 'sources/' || n,
       case when n % 1000 = 1 then 'review' when n % 50 = 1 then 'errored' else 'waiting' end, false, '{"percent": 0}',
       case when n % 50 = 1 then 'ENCODE_FAILED' end, case when n % 50 = 1 then 'x' end, 0,
       title, title, case when n % 4 = 3 then '{}' else jsonb_build_object('order', n::text, 'kind', 'k' || n % 4) end, 'p-' || n, 1, 0,
       $1::timestamptz + n * interval '1 minute', $1::timestamptz + (n * 7919 % $2) * interval '1 minute'
     from generate_series(1, $2::int) n, lateral (select case when n % 2 = 0 then 'w' || n % 5000 || ' part ' || n end as title) t`,
    [at(0), rows],
  );
  await query('vacuum analyze videos');
}

/** The lists that clients ask for, of tenant `big` among `rows` videos: from the middle where they page. */
export function listsOf(rows: number): Readonly<Record<string, Omit<VideoQuery, 'limit'>>> {
  const tenantId = 'big';
  const half = { id: 'vid_8', createdAt: at(rows / 2), updatedAt: at(rows / 2) };
  const by = (field: 'createdAt' | 'updatedAt', newestFirst: boolean) => ({ order: { by: field, newestFirst } });
  const first = { tenantId, after: null };
  return {
    'newest first': first,
    'newest first, from the middle': { tenantId, after: half },
    'oldest first, from the middle': { tenantId, after: half, ...by('createdAt', false) },
    'changed last first, from the middle': { tenantId, after: half, ...by('updatedAt', true) },
    'changed first first, from the middle': { tenantId, after: half, ...by('updatedAt', false) },
    'a rare state': { ...first, states: ['review'] },
    'two rare states, changed last first': { ...first, states: ['review', 'errored'], ...by('updatedAt', true) },
    'most states': { ...first, states: ['waiting', 'ready', 'errored'] },
    'one entry of metadata that one has': { ...first, metadata: { order: String(rows / 2 + 1) } },
    'one entry of metadata that a quarter has': { ...first, metadata: { kind: 'k1' } },
    'two entries of metadata': { ...first, metadata: { kind: 'k1', order: String(rows / 2 + 1) } },
    passthrough: { ...first, passthrough: `p-${rows / 2 + 1}` },
    'the beginning of a title': { ...first, titleKeyPrefix: 'w4322 ' },
    'a day': { ...first, createdAfter: at(rows / 2), createdBefore: new Date(START + (rows / 2) * 60_000 + DAY).toISOString() },
    'a state, an entry and a title': { ...first, states: ['waiting'], metadata: { kind: 'k2' }, titleKeyPrefix: 'w432' },
  };
}

export async function explainLists(databaseUrl: string, rows: number): Promise<Map<string, PlanFacts>> {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl, max: 1 }) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  try {
    const facts = new Map<string, PlanFacts>();
    for (const [name, query] of Object.entries(listsOf(rows))) {
      const page = videoPage(db, { order: NEWEST_FIRST, ...query, limit: 26 });
      const [row] = (await page.explain('json', sql`analyze`)) as Record<string, [{ Plan: PlanNode; 'Execution Time': number }]>[];
      const [plan] = Object.values(row ?? {})[0] ?? [];
      if (plan === undefined) throw new Error(`no plan for "${name}"`);
      // The generations' plans come by their key, one for each row of the page.
      const scans = scansOf(plan.Plan).filter((node) => node['Relation Name'] !== 'generations');
      const visited = scans
        .filter((node) => node['Relation Name'] === 'videos')
        .reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
      facts.set(name, { ms: plan['Execution Time'], visited, scans: scans.map((node) => node['Index Name'] ?? node['Node Type']) });
    }
    return facts;
  } finally {
    await db.destroy();
  }
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

function scansOf(node: PlanNode): PlanNode[] {
  const own = node['Node Type'].includes('Scan') ? [node] : [];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
