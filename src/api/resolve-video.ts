import type { z } from 'zod';
import type { Trace } from '../catalogue/tenancy.js';
import { PipelineError } from '../domain/errors.js';
import type { Video } from '../domain/video.js';
import type { ApiDeps } from './deps.js';
import type { resolveBody } from './schemas.js';
import { traced } from './traced.js';

/**
 * Hands a person's word to the workflow that waits for it. Twice: whoever comes second finds the workflow out of review.
 * @throws PipelineError CONFLICT where it is not in review, or nothing works on it
 */
export async function resolveVideo(
  deps: ApiDeps,
  video: Video,
  body: z.output<typeof resolveBody>,
  by: { keyId: string; trace: Trace },
): Promise<void> {
  if (video.state !== 'review') throw new PipelineError('CONFLICT', { note: `The video is "${video.state}", not in review.` });
  const note = body.note === undefined ? {} : { note: body.note };
  const resolution = { action: body.action, actor: `key:${by.keyId}`, ...note };
  const taken = await traced(deps, by.trace).pipeline.resolveVideo(video.id, video.generation, resolution);
  if (taken === null) throw new PipelineError('CONFLICT', { note: 'Nothing works on this video any more.' });
}
