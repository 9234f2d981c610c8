import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import type { Video } from '../domain/video.js';
import type { ApiDeps } from './deps.js';
import { listVideos } from './list-videos.js';
import { resolveVideo } from './resolve-video.js';
import { type Answer, etagMatches, type Route, route } from './route.js';
import { conditionalHeaders, getVideoQuery, listVideosQuery, resolveBody, videoId, videoList, video as videoSchema } from './schemas.js';
import { etagOf, videoAnswer } from './video-json.js';
import { waitForChange } from './wait-for-change.js';

const params = z.object({ video_id: videoId });

export function videoRoutes(deps: ApiDeps): Route[] {
  const found = async (tenantId: string, id: string): Promise<Video> => {
    const video = await deps.catalogue.findVideo(tenantId, id);
    if (!video) throw new PipelineError('NOT_FOUND');
    return video;
  };
  const answer = (status: number, video: Video): Answer => videoAnswer(status, video, deps.config.cdnBaseUrl);
  const common = { tag: 'videos', auth: 'key' } as const;

  return [
    route({
      ...common,
      method: 'get',
      path: '/v1/videos',
      operationId: 'listVideos',
      scopes: ['videos:read'],
      summary: 'Videos, newest first unless asked for otherwise',
      description: 'A cursor goes on with the list that gave it: the same order and the same filters. `limit` may change.',
      query: listVideosQuery,
      answers: { 200: { description: 'A page.', schema: videoList } },
      async handle({ query, caller }) {
        return { status: 200, body: await listVideos(deps, caller.tenantId, query) };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/videos/{video_id}',
      operationId: 'getVideo',
      scopes: ['videos:read'],
      summary: 'A video and how far it is',
      description: 'Poll with If-None-Match, or let the server wait for the next change with ?wait=.',
      params,
      query: getVideoQuery,
      headers: conditionalHeaders,
      answers: {
        200: {
          description: 'The video.',
          schema: videoSchema,
          headers: { ETag: 'Its version.', 'Retry-After': 'Seconds, while it is not settled.' },
        },
        304: { description: 'Still the version in If-None-Match.', schema: null },
      },
      async handle(call) {
        const {
          params: { video_id },
          query,
          headers,
          caller,
        } = call;
        const first = await found(caller.tenantId, video_id);
        if (query.wait === 0) return answer(200, first);
        const { gone } = call;
        call.giveUpPlace();
        const known = headers['if-none-match'] ?? etagOf(first);
        const video = await waitForChange(first, () => found(caller.tenantId, video_id), {
          changed: (now) => !etagMatches(known, etagOf(now)),
          waitMs: query.wait * 1000,
          signal: deps.closing ? AbortSignal.any([gone, deps.closing]) : gone,
        });
        return answer(200, video);
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/v1/videos/{video_id}',
      operationId: 'deleteVideo',
      scopes: ['videos:write'],
      summary: 'Delete a video',
      description:
        'At any moment, whatever its state: it is gone from this API at once, and from the store within moments. What caches and players hold already they keep for as long as they were told to. Safe to repeat. After a 503, ask again.',
      params,
      answers: { 204: { description: 'It is deleted.', schema: null } },
      async handle({ params: { video_id }, caller, trace }) {
        // The row first: whoever dies before the workflow's start leaves a tombstone that a repeated call, or reconciling, takes up.
        const tombstone = await deps.catalogue.deleteVideo(caller.tenantId, video_id, trace);
        if (tombstone === null) throw new PipelineError('NOT_FOUND');
        if (tombstone.purgedAt === null) await deps.pipeline.startDeletion({ videoId: tombstone.videoId, tenantId: tombstone.tenantId });
        return { status: 204 };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/videos/{video_id}/resolve',
      operationId: 'resolveVideo',
      scopes: ['videos:write'],
      summary: 'Decide on a video in review',
      description: 'The decision is taken at once; the video follows within moments.',
      params,
      body: resolveBody,
      answers: { 202: { description: 'Taken. The video as it stands.', schema: videoSchema, headers: { ETag: 'Its version.' } } },
      problems: ['CONFLICT'],
      async handle({ params: { video_id }, body, caller, trace }) {
        const video = await found(caller.tenantId, video_id);
        await resolveVideo(deps, video, body, { keyId: caller.keyId, trace });
        return answer(202, await found(caller.tenantId, video_id));
      },
    }),
  ];
}
