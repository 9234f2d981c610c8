import { z } from 'zod';
import type { Parked } from '../catalogue/review.js';
import { ERROR_CODES, PipelineError } from '../domain/errors.js';
import { createCursors } from './cursor.js';
import type { ApiDeps } from './deps.js';
import { resolveVideo } from './resolve-video.js';
import { type Route, route } from './route.js';
import { type ReviewItemJson, resolveBody, reviewList, reviewQuery, videoId, video as videoSchema } from './schemas.js';
import { videoAnswer } from './video-json.js';

/** Videos that wait for a person, of all tenants, for operators. */
export function reviewRoutes(deps: ApiDeps): Route[] {
  const common = { tag: 'operations', auth: 'key', scopes: ['ops'] } as const;
  const found = async (id: string) => {
    const video = await deps.catalogue.getVideo(id);
    if (video === null || video.state === 'deleted') throw new PipelineError('NOT_FOUND');
    return video;
  };
  return [
    route({
      ...common,
      method: 'get',
      path: '/v1/ops/review',
      operationId: 'listReview',
      summary: 'Videos that wait for a person, who waits longest first',
      query: reviewQuery,
      answers: { 200: { description: 'A page.', schema: reviewList } },
      async handle({ query: { limit, cursor, tenant_id: tenantId } }) {
        const cursors = createCursors(['review', tenantId ?? null], videoId);
        const place = cursors.read(cursor);
        const after = place && { since: place.at, videoId: place.id };
        const rows = await deps.catalogue.listReview({ limit: limit + 1, after, ...(tenantId === undefined ? {} : { tenantId }) });
        const { page, ...rest } = cursors.page(rows, limit, (row) => ({ at: row.since, id: row.videoId }));
        return { status: 200, body: { object: 'list', data: page.map(itemJson), ...rest } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/ops/review/{video_id}/resolve',
      operationId: 'resolveReview',
      summary: 'Decide on a video in review, of whatever tenant',
      description: 'As its owner does at /v1/videos/{video_id}/resolve. The decision is taken at once; the video follows within moments.',
      params: z.object({ video_id: videoId }),
      body: resolveBody,
      answers: { 202: { description: 'Taken. The video as it stands.', schema: videoSchema, headers: { ETag: 'Its version.' } } },
      problems: ['CONFLICT'],
      async handle({ params: { video_id }, body, caller, trace }) {
        await resolveVideo(deps, await found(video_id), body, { keyId: caller.keyId, trace });
        return videoAnswer(202, await found(video_id), deps.config.cdnBaseUrl);
      },
    }),
  ];
}

type Action = z.output<typeof resolveBody>['action'];

const WORDS: Readonly<Record<Action, string>> = {
  retry: 'Run the stage that failed once more. What is finished stays.',
  reject: 'Give the video up: its owner reads the reason. What was made of it is deleted, the source stays.',
};

function itemJson(row: Parked): ReviewItemJson {
  const { videoId: id, failure } = row;
  return {
    video_id: id,
    object: 'review',
    tenant_id: row.tenantId,
    name: row.name,
    title: row.title,
    size_bytes: row.sourceSizeBytes,
    generation: row.generation,
    code: failure?.code ?? 'INTERNAL',
    message: failure?.message ?? ERROR_CODES.INTERNAL.text,
    stage: row.stage,
    since: row.since,
    tried: row.retried.map(({ code, stage, since, retriedAt }) => ({ code, stage, since, retried_at: retriedAt ?? since })),
    actions: resolveBody.shape.action.options.map((action) => ({
      action,
      description: WORDS[action],
      method: 'POST',
      path: `/v1/ops/review/${id}/resolve`,
      body: { action },
    })),
  };
}
