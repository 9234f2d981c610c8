import type { Trace } from '../catalogue/tenancy.js';
import { PipelineError } from '../domain/errors.js';
import { isBeingMade } from '../domain/generation.js';
import { NO_LIMITS, overLimit } from '../domain/tier.js';
import type { Video } from '../domain/video.js';
import type { ApiDeps } from './deps.js';
import { requestName } from './request-name.js';

/**
 * One more generation: the source is looked at, the row is written, the workflow is started, in this order. Dies
 * - before the row: nothing happened;
 * - behind it: the same request finds its row and starts the workflow; without an Idempotency-Key reconciling does, within
 *   RECONCILE_START_GRACE_S and a run. So a Temporal that is away keeps nobody from asking.
 */
export async function reprocess(deps: ApiDeps, wish: { tenantId: string; videoId: string; reason: string | null; trace: Trace }): Promise<Video> {
  const { tenantId, videoId, reason, trace } = wish;
  const { catalogue } = deps;
  if ((await catalogue.findVideo(tenantId, videoId)) === null) throw new PipelineError('NOT_FOUND');
  await mustHaveSource(deps, videoId);
  await mustBeAllowed(deps, tenantId);
  const video = await catalogue.beginGeneration(tenantId, videoId, { reason, by: requestName(trace) }, trace);
  if (video === null) throw new PipelineError('NOT_FOUND');
  const { generation, name: fileName, sourceSizeBytes } = video;
  // Settled: the answer to a request that was repeated late. Its workflow has ended, and Temporal may have forgotten it.
  if (!isBeingMade(video.state)) return video;
  try {
    await deps.pipeline.startVideo({ videoId, tenantId, generation, fileName, sizeBytes: sourceSizeBytes ?? 0 });
  } catch (err) {
    deps.logger.warn({ err, video_id: videoId, generation }, 'reconciling starts the workflow of a generation that was asked for');
  }
  return video;
}

/** Before its upload is complete there is none, which is refused elsewhere. */
async function mustHaveSource({ catalogue, store }: ApiDeps, videoId: string): Promise<void> {
  const source = await catalogue.getSource(videoId);
  if (source === null) return;
  const stored = await store.head(source.key);
  if (stored === null) throw new PipelineError('SOURCE_GONE', { details: { key: source.key } });
  if (stored.etag !== source.etag) throw new PipelineError('SOURCE_CHANGED', { details: { key: source.key } });
}

/** As for a new upload: while there are minutes left of the day. They are counted when the generation is planned. */
async function mustBeAllowed({ catalogue }: ApiDeps, tenantId: string): Promise<void> {
  const allowance = await catalogue.findAllowance(tenantId);
  if (allowance === null) return;
  const { encodeMinutesPerDay } = allowance.tier.limits;
  const refusal = overLimit({ ...NO_LIMITS, encodeMinutesPerDay }, { openUploads: 0, spent: allowance.today }, 0);
  if (refusal !== null) throw refusal;
}
