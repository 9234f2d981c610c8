import type { WorkflowClient } from '@temporalio/client';
import { workflowId } from '../src/workflows/contract.js';

/** One activity that runs ffmpeg for long, as history has it at the end: a chunk, or a video's sound. */
export interface Piece {
  readonly workflowId: string;
  readonly activityId: string;
  readonly videoId: string;
  /** null: the sound. */
  readonly chunk: number | null;
  /** Attempts that the server handed out, the last one included. */
  readonly attempts: number;
  /** ffmpeg's time for it in the attempt that was committed; null where none was. */
  readonly wallMs: number | null;
  /** Why the attempt before the last one ended: an error code, or Temporal's word. */
  readonly lastFailure: string | null;
}

/** An attempt at such a piece that was under way in a certain process at a certain moment. */
export interface Sighting {
  readonly workflowId: string;
  readonly activityId: string;
  readonly attempt: number;
  /** Since that attempt was handed out. */
  readonly elapsedMs: number;
  /** ffmpeg runs for it; false: it waits in that process for a free core, and nothing is lost with it. */
  readonly running: boolean;
}

type Client = WorkflowClient;
type History = Awaited<ReturnType<ReturnType<Client['getHandle']>['fetchHistory']>>;
type Events = NonNullable<History['events']>;
const PIECES: ReadonlySet<string> = new Set(['encodeChunk', 'encodeAudio']);

/** The workflows of a video that run ffmpeg. */
const workflowsOf = (video: { readonly id: string; readonly generation: number }): string[] => [
  workflowId.processVideo(video.id, video.generation),
  workflowId.encodeChunks(video.id, video.generation),
];

/**
 * Pieces of these videos that the worker with this process id holds, as the server knows it.
 * @param worker.ffmpegs how many of them it runs; those that have come farthest are taken for them
 */
export async function sightingsAt(
  client: Client,
  videos: readonly { id: string; generation: number }[],
  worker: { readonly pid: number; readonly ffmpegs: number },
): Promise<Sighting[]> {
  const now = Date.now();
  const looks = videos.flatMap(workflowsOf).map(async (id) => {
    const found = await client.getHandle(id).describe().catch(absent);
    return (found?.raw.pendingActivities ?? [])
      .filter((activity) => PIECES.has(activity.activityType?.name ?? '') && activity.lastWorkerIdentity?.startsWith(`${worker.pid}@`))
      .filter((activity) => activity.lastStartedTime && activity.state === STARTED)
      .map((activity) => ({
        workflowId: id,
        activityId: activity.activityId ?? '',
        attempt: activity.attempt ?? 1,
        elapsedMs: Math.max(0, now - Number(activity.lastStartedTime?.seconds ?? 0) * 1000),
        fraction: (firstPayload(activity.heartbeatDetails) as { fraction?: number } | null)?.fraction ?? 0,
      }));
  });
  return (await Promise.all(looks))
    .flat()
    .sort((a, b) => b.fraction - a.fraction || b.elapsedMs - a.elapsedMs)
    .map(({ fraction, ...sighting }, index) => ({ ...sighting, running: index < worker.ffmpegs }));
}

/** PENDING_ACTIVITY_STATE_STARTED of Temporal's API. */
const STARTED = 2;

/** Every piece of these videos, over all runs of their workflows. */
export async function readPieces(client: Client, videos: readonly { id: string; generation: number }[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const video of videos) {
    for (const id of workflowsOf(video)) {
      for await (const run of client.list({ query: `WorkflowId = '${id}'` })) {
        const { events } = await client.getHandle(id, run.runId).fetchHistory();
        pieces.push(...piecesOf(id, video.id, events ?? []));
      }
    }
  }
  return pieces;
}

/** What one history tells of its pieces. Exported for its test. */
export function piecesOf(id: string, videoId: string, events: Events): Piece[] {
  const starts = new Map(events.flatMap(({ activityTaskStartedEventAttributes: at }) => (at ? [[Number(at.scheduledEventId), at] as const] : [])));
  const ends = new Map(events.flatMap(({ activityTaskCompletedEventAttributes: at }) => (at ? [[Number(at.scheduledEventId), at] as const] : [])));
  return events.flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (!scheduled || !PIECES.has(scheduled.activityType?.name ?? '')) return [];
    const started = starts.get(Number(event.eventId));
    const input = firstPayload(scheduled.input) as { index?: number } | null;
    const result = firstPayload(ends.get(Number(event.eventId))?.result) as { wallMs?: number } | null;
    const failure = started?.lastFailure;
    return [
      {
        workflowId: id,
        activityId: scheduled.activityId ?? '',
        videoId,
        chunk: scheduled.activityType?.name === 'encodeAudio' ? null : (input?.index ?? 0),
        attempts: started?.attempt ?? 1,
        wallMs: result?.wallMs ?? null,
        lastFailure: failure ? (failure.applicationFailureInfo?.type ?? failure.message ?? 'unknown') : null,
      },
    ];
  });
}

function firstPayload(payloads: { payloads?: { data?: Uint8Array | null }[] | null } | null | undefined): unknown {
  const data = payloads?.payloads?.[0]?.data;
  return data ? JSON.parse(Buffer.from(data).toString('utf8')) : null;
}

/** A workflow that has not begun, or that retention has taken, has no piece under way. */
function absent(error: unknown): null {
  if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
  throw error;
}
