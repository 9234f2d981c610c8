import pg from 'pg';
import type { Plan } from '../src/domain/plan.js';

/** A video as the catalogue has it: the truth that players and API follow. */
export interface VideoRow {
  readonly id: string;
  /** File name of its source. */
  readonly name: string;
  readonly state: string;
  readonly failureCode: string | null;
  readonly generation: number;
  readonly sourceKey: string;
  /** Events video.ready in the outbox; each becomes one webhook. */
  readonly readyEvents: number;
  /** null until it is planned. */
  readonly grid: Plan['grid'] | null;
}

const SETTLED: ReadonlySet<string> = new Set(['ready', 'errored', 'cancelled', 'review', 'deleted']);
export const isSettled = (video: VideoRow): boolean => SETTLED.has(video.state);

const QUERY = `
  select v.id, v.name, v.state, v.failure_code as "failureCode", v.generation, v.source_key as "sourceKey", g.plan -> 'grid' as grid,
    (select count(*)::int from events e where e.video_id = v.id and e.type = 'video.ready') as "readyEvents"
  from videos v left join generations g on g.video_id = v.id and g.generation = v.generation
  order by v.created_at, v.id`;

/** All videos of a stack, oldest first. */
export async function readVideoRows(databaseUrl: string): Promise<VideoRow[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  // A server that goes away is reported here too; the query rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<VideoRow>(QUERY)).rows;
  } finally {
    await client.end();
  }
}
