import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import { eventJson } from '../domain/event-json.js';
import type { ApiDeps } from './deps.js';
import { createEventFeed, type Follower, type Scope } from './event-feed.js';
import { createEventStream } from './event-stream.js';
import { patienceFor, patiently } from './patient.js';
import { type Answer, type Call, type Route, route } from './route.js';
import { type EventListJson, eventHeaders, eventList, listEventsQuery, videoId } from './schemas.js';
import { createStreamCounts, type StreamCounts } from './stream-counts.js';
import { createStreamMarks } from './stream-mark.js';

const params = z.object({ video_id: videoId });
/** Streams that one tenant may have open on one process. */
const MAX_STREAMS = 5_500;
const STREAM = 'text/event-stream';

type EventCall = Call<unknown, z.output<typeof listEventsQuery>, z.output<typeof eventHeaders>, unknown>;

/** The outbox of a tenant, or of one video: as a stream for who asks for one, as a page for everyone else. */
export function eventRoutes(deps: ApiDeps, counts: StreamCounts = createStreamCounts()): Route[] {
  const feed = createEventFeed(deps);
  const marks = createStreamMarks(deps.config.uploadTokenSecrets);
  const open = new Map<string, number>();
  const ends = new Set<() => void>();
  deps.closing?.addEventListener('abort', () => {
    feed.close();
    for (const end of ends) end();
  });

  const positionOf = async (tenantId: string, eventId: string): Promise<number> => {
    const position = marks.read(eventId, tenantId) ?? (await deps.catalogue.findEventPosition(tenantId, eventId));
    if (position === null) throw new PipelineError('REQUEST_INVALID', { note: `There is no event "${eventId}" to go on from.` });
    return position;
  };

  const stream = async (scope: Scope, after: number | null, gone: AbortSignal): Promise<Answer> => {
    const { tenantId } = scope;
    const count = open.get(tenantId) ?? 0;
    if (count >= MAX_STREAMS) throw new PipelineError('TOO_MANY_STREAMS');
    open.set(tenantId, count + 1);
    counts.open += 1;
    const dropped = (): void => {
      counts.dropped += 1;
      deps.logger.info({ tenant_id: tenantId, video_id: scope.videoId }, 'a stream was not read fast enough');
    };
    const { body, send, room, end } = createEventStream({ dropped });
    let begins: Readonly<Record<string, string>> = {};
    const follower: Follower = {
      after,
      room,
      began(position) {
        const mark = marks.make(position, tenantId);
        begins = { 'Last-Event-ID': mark };
        // Without data it is no event: browsers only keep the id.
        send([{ text: `id: ${mark}\n\n` }]);
      },
      take(frames) {
        send(frames);
        // Nothing comes after it.
        if (scope.videoId !== undefined && frames.at(-1)?.type === 'video.deleted') end();
      },
    };
    let unfollow = (): void => undefined;
    const over = (): void => {
      if (!ends.delete(end)) return;
      counts.open -= 1;
      open.set(tenantId, (open.get(tenantId) ?? 1) - 1);
      if (open.get(tenantId) === 0) open.delete(tenantId);
      unfollow();
      body.destroy();
    };
    ends.add(end);
    gone.addEventListener('abort', over, { once: true });
    try {
      unfollow = await feed.follow(scope, follower);
    } catch (error) {
      over();
      throw error;
    }
    if (gone.aborted) {
      unfollow();
      over();
    }
    if (deps.closing?.aborted) end();
    return { status: 200, headers: { 'Content-Type': STREAM, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', ...begins }, body };
  };

  const page = async (scope: Scope, after: number, { query }: EventCall): Promise<Answer> => {
    const rows = await deps.catalogue.listTenantEvents({ ...scope, after, limit: query.limit + 1 });
    const data = rows.slice(0, query.limit).map(eventJson);
    const body: EventListJson = { object: 'list', data, last_id: data.at(-1)?.id ?? query.after ?? null, has_more: rows.length > query.limit };
    return { status: 200, body };
  };

  /** `fresh`: where a stream begins for who does not say. */
  const answer = async (call: EventCall, scope: Scope, fresh: number | null): Promise<Answer> => {
    const { query, headers, gone } = call;
    const live = wantsStream(headers.accept);
    // What a browser sends by itself when it comes again is newer than what its address says.
    const last = (live ? headers['last-event-id'] : undefined) ?? query.after;
    // A stream that is refused a browser does not ask for again: so it is tried for a while.
    const after = last === undefined ? null : await patiently(() => positionOf(scope.tenantId, last), patienceFor(gone));
    return live ? await patiently(() => stream(scope, after ?? fresh, gone), patienceFor(gone)) : await page(scope, after ?? 0, call);
  };

  const common = {
    method: 'get',
    tag: 'events',
    auth: 'key',
    scopes: ['videos:read'],
    query: listEventsQuery,
    headers: eventHeaders,
    problems: ['TOO_MANY_STREAMS'],
    answers: {
      200: {
        description: 'Oldest first; with Accept: text/event-stream the same events, one by one, as they happen.',
        schema: eventList,
        also: STREAM,
        headers: { 'Last-Event-ID': 'Of a stream from now on: what to go on from while no event has come.' },
      },
    },
  } as const;

  return [
    route({
      ...common,
      path: '/v1/events',
      operationId: 'listEvents',
      summary: 'All that happens, in order',
      description:
        'With `Accept: text/event-stream` it is a stream: from the event after `Last-Event-ID` (or `after`), without it from now on. Each event of a video comes after the one before it, none is left out and none comes twice in one stream. Otherwise it is a page, from the beginning or after the event `after`. Progress within a stage is no event: ask the video.',
      handle: (call) => answer(call, { tenantId: call.caller.tenantId }, null),
    }),
    route({
      ...common,
      path: '/v1/videos/{video_id}/events',
      operationId: 'listVideoEvents',
      summary: 'All that happens to one video, in order',
      description: 'As /v1/events, but a stream begins with the video’s first event unless told otherwise, and ends after video.deleted.',
      params,
      async handle(call) {
        const {
          params: { video_id },
          caller: { tenantId },
          gone,
        } = call;
        // Deleted ones too: that it was deleted is the last thing to tell.
        const video = await patiently(() => deps.catalogue.getVideo(video_id), patienceFor(gone));
        if (video?.tenantId !== tenantId) throw new PipelineError('NOT_FOUND');
        const scope = { tenantId, videoId: video_id };
        if (video.state === 'deleted' && (await isAtEnd(deps, scope, call))) throw new PipelineError('NOT_FOUND');
        return answer(call, scope, 0);
      },
    }),
  ];
}

/** The client has had everything that there will ever be: 404, or a browser would ask again and again. */
async function isAtEnd({ catalogue }: ApiDeps, scope: Scope, { query, headers }: EventCall): Promise<boolean> {
  const last = headers['last-event-id'] ?? query.after;
  const position = last === undefined ? 0 : await catalogue.findEventPosition(scope.tenantId, last);
  return position === null || (await catalogue.listTenantEvents({ ...scope, after: position, limit: 1 })).length === 0;
}

const wantsStream = (accept: string | undefined): boolean => accept?.split(',').some((each) => each.split(';')[0]?.trim() === STREAM) ?? false;
