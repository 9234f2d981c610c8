import { z } from 'zod';
import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import { changeVideoBody, changeVideoHeaders, videoId, video as videoSchema } from './schemas.js';
import { videoAnswer } from './video-json.js';

/** What an owner keeps with a video: given at its creation, and changed here. */
export function changeVideoRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'patch',
      path: '/v1/videos/{video_id}',
      operationId: 'changeVideo',
      tag: 'videos',
      auth: 'key',
      scopes: ['videos:write'],
      takesIdempotencyKey: true,
      summary: 'Change title, metadata and passthrough',
      description:
        'At any moment, whatever the state of the video; it changes nothing else, and is told by the event video.updated. With If-Match it is done only where nothing has changed since.',
      params: z.object({ video_id: videoId }),
      headers: changeVideoHeaders,
      body: changeVideoBody,
      answers: { 200: { description: 'The video as it stands.', schema: videoSchema, headers: { ETag: 'Its version.' } } },
      problems: ['PRECONDITION_FAILED', 'METADATA_LIMIT'],
      async handle({ params: { video_id }, headers, body, caller, trace }) {
        const labelled = await deps.catalogue.labelVideo(caller.tenantId, video_id, body, versionsIn(headers['if-match']), trace);
        // As everybody reads it: plan and cost may be of an earlier generation than the newest, which is what was changed.
        const video = labelled && (await deps.catalogue.findVideo(caller.tenantId, video_id));
        if (video === null) throw new PipelineError('NOT_FOUND');
        return videoAnswer(200, video, deps.config.cdnBaseUrl);
      },
    }),
  ];
}

/**
 * The versions that If-Match lets through; null: any. Weak ETags and those of others let none through, as RFC 9110 has it: whoever
 * sent them has not seen this video.
 */
export function versionsIn(header: string | undefined): readonly number[] | null {
  if (header === undefined) return null;
  const tags = header.split(',').map((each) => each.trim());
  if (tags.includes('*')) return null;
  return tags.flatMap((tag) => /^"v(\d{1,15})"$/.exec(tag)?.[1] ?? []).map(Number);
}
