import pg from 'pg';

/** A video as the catalogue has it after its deletion. */
export interface DeletedRow {
  readonly id: string;
  readonly state: string;
  readonly purged: boolean;
  /** Types of all its events, in their sequence. */
  readonly events: readonly string[];
  /** State in the last event before the deletion. */
  readonly was: string;
}

const QUERY = `
  select v.id, v.state, v.purged_at is not null as purged,
    (select array_agg(e.type order by e.sequence) from events e where e.video_id = v.id) as events,
    (select e.data ->> 'state' from events e where e.video_id = v.id and e.data ->> 'state' <> 'deleted' order by e.sequence desc limit 1) as was
  from videos v where v.id = any($1) order by v.created_at, v.id`;

export async function readDeletedRows(databaseUrl: string, ids: readonly string[]): Promise<DeletedRow[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  // A server that goes away is reported here too; the query rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<DeletedRow>(QUERY, [ids])).rows;
  } finally {
    await client.end();
  }
}
