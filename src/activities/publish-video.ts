import type { Catalogue } from '../catalogue/catalogue.js';
import type { GenerationReport } from '../domain/artefact.js';
import { PipelineError } from '../domain/errors.js';
import { type GenerationRef, packageKey, reportKey } from '../domain/keys.js';
import type { ObjectStore } from '../storage/object-store.js';
import { getJson, needJson, putJsonOnce } from './json-objects.js';
import { removeGeneration } from './sweep-generation.js';

/**
 * The pivot. First the report, once and for all (If-None-Match: *), then the row that players follow, with its event
 * in the same transaction. Dies in between: runs again, finds the report, moves the row. A second writer publishes
 * what the first one's report says, never its own.
 */
export const publishVideo =
  (deps: { store: ObjectStore; catalogue: Catalogue }) =>
  async (at: GenerationRef): Promise<void> => {
    const key = reportKey(at);
    let report = await getJson<GenerationReport>(deps.store, key);
    if (report === null) {
      await putJsonOnce(deps.store, key, await needJson<GenerationReport>(deps.store, packageKey(at)));
      report = await needJson<GenerationReport>(deps.store, key);
    }
    if (await deps.catalogue.publish(at.videoId, at.generation, report)) return;
    const video = await deps.catalogue.getVideo(at.videoId);
    if (video !== null && video.liveGeneration !== null && video.liveGeneration >= at.generation) return;
    // A report that was written when all was purged already: nobody else would find it.
    if (video === null || video.state === 'deleted') await removeGeneration(deps.store, at);
    throw new PipelineError('CANCELLED', { note: 'The video was cancelled or deleted before it was published.', details: { videoId: at.videoId } });
  };
