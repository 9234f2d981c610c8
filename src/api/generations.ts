import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { generationJson } from './generation-json.js';
import { reprocess } from './reprocess.js';
import { rollBack } from './roll-back.js';
import { type Route, route } from './route.js';
import { type GenerationListJson, generationList, reprocessBody, rollBackBody, videoId, video as videoSchema } from './schemas.js';
import { videoAnswer } from './video-json.js';

const params = z.object({ video_id: videoId });

/** Making a video once more, going back, and what there is of it. */
export function generationRoutes(deps: ApiDeps): Route[] {
  const { cdnBaseUrl } = deps.config;
  const common = { tag: 'videos', auth: 'key' } as const;
  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/videos/{video_id}/reprocess',
      operationId: 'reprocessVideo',
      scopes: ['videos:write'],
      summary: 'Make a video once more',
      description:
        'A new generation from the uploaded file, under the rules of today. Players get the one that is published until the new one is; where the new one fails, they keep it, and `errors` says why. Follow it like an upload.',
      params,
      body: reprocessBody,
      answers: { 202: { description: 'Begun. The video as it stands.', schema: videoSchema, headers: { ETag: 'Its version.' } } },
      problems: ['GENERATION_RUNNING', 'SOURCE_GONE', 'SOURCE_CHANGED', 'DAILY_LIMIT', 'CONFLICT'],
      async handle({ params: { video_id }, body, caller, trace }) {
        const video = await reprocess(deps, { tenantId: caller.tenantId, videoId: video_id, reason: body?.reason ?? null, trace });
        return videoAnswer(202, video, cdnBaseUrl);
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/videos/{video_id}/rollback',
      operationId: 'rollBackVideo',
      scopes: ['videos:write'],
      summary: 'Go back to an earlier generation',
      description:
        'At once, for everyone who begins to play from now on: `playback` has other addresses. Who is in the middle of it plays on with what was begun. A generation that is being made is not touched by this, and takes over when it is published.',
      params,
      body: rollBackBody,
      answers: { 200: { description: 'The video as it stands.', schema: videoSchema, headers: { ETag: 'Its version.' } } },
      problems: ['GENERATION_GONE', 'CONFLICT'],
      async handle({ params: { video_id }, body, caller, trace }) {
        const video = await rollBack(deps, { tenantId: caller.tenantId, videoId: video_id, generation: body?.generation ?? null, trace });
        return videoAnswer(200, video, cdnBaseUrl);
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/v1/videos/{video_id}/generations',
      operationId: 'listGenerations',
      scopes: ['videos:read'],
      summary: 'All generations of a video',
      description: 'The newest first: how each stands, which one players get, and which are kept.',
      params,
      answers: { 200: { description: 'All of them.', schema: generationList } },
      async handle({ params: { video_id }, caller }) {
        const rows = await deps.catalogue.listGenerations(caller.tenantId, video_id);
        if (rows === null) throw new PipelineError('NOT_FOUND');
        const body: GenerationListJson = { object: 'list', data: rows.map((row) => generationJson(row, cdnBaseUrl)) };
        return { status: 200, body };
      },
    }),
  ];
}
