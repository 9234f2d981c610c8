import pg from 'pg';

/** A video and what hangs on it, as the catalogue has it. */
export interface UploadedVideo {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly failureCode: string | null;
  readonly sourceKey: string;
  readonly uploads: number;
  readonly completedUploads: number;
  readonly generations: number;
  /** Events video.ready in the outbox; each becomes one webhook. */
  readonly readyEvents: number;
}

const QUERY = `
  select v.id, v.name, v.state, v.failure_code as "failureCode", v.source_key as "sourceKey",
    (select count(*)::int from uploads u where u.video_id = v.id) as uploads,
    (select count(*)::int from uploads u where u.video_id = v.id and u.state = 'completed') as "completedUploads",
    (select count(*)::int from generations g where g.video_id = v.id) as generations,
    (select count(*)::int from events e where e.video_id = v.id and e.type = 'video.ready') as "readyEvents"
  from videos v order by v.created_at, v.id`;

export async function readUploadedVideos(databaseUrl: string): Promise<UploadedVideo[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 3_000 });
  // A server that goes away is reported here too; the query rejects as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<UploadedVideo>(QUERY)).rows;
  } finally {
    await client.end();
  }
}

/** What is wrong with a video whose upload was acknowledged, in words; null where it is published, once. */
export function faultOf(video: UploadedVideo | undefined): string | null {
  if (video === undefined) return 'there is no such video';
  const { state, failureCode, uploads, completedUploads, generations, readyEvents } = video;
  if (state !== 'ready') return [state, failureCode].filter(Boolean).join(' ');
  const odd = [
    ...(uploads === 1 && completedUploads === 1 ? [] : [`${completedUploads} of ${uploads} uploads completed`]),
    ...(generations === 1 ? [] : [`${generations} generations`]),
    ...(readyEvents === 1 ? [] : [`${readyEvents} events video.ready`]),
  ];
  return odd.length === 0 ? null : odd.join(', ');
}

/** accepted = published + rejected + in review + in flight, or something is lost. */
export interface Ledger {
  readonly accepted: number;
  readonly published: number;
  readonly rejected: number;
  readonly inReview: number;
  readonly inFlight: number;
}

export function ledgerOf(videos: readonly UploadedVideo[]): Ledger {
  const count = (...states: string[]): number => videos.filter((video) => video.completedUploads > 0 && states.includes(video.state)).length;
  return {
    accepted: videos.reduce((sum, { completedUploads }) => sum + completedUploads, 0),
    published: count('ready'),
    rejected: count('errored'),
    inReview: count('review'),
    inFlight: count('queued', 'preparing'),
  };
}

export const isClosed = ({ accepted, published, rejected, inReview, inFlight }: Ledger): boolean =>
  accepted === published + rejected + inReview + inFlight;
