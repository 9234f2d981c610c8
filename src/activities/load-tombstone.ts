import type { Catalogue, Tombstone } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';

/**
 * What must go with a deleted video.
 * @throws PipelineError NOT_FOUND where it is not deleted: then nothing of it may be touched
 */
export const loadTombstone =
  (deps: { catalogue: Catalogue }) =>
  async (videoId: string): Promise<Tombstone> => {
    const tombstone = await deps.catalogue.getTombstone(videoId);
    if (tombstone === null) throw new PipelineError('NOT_FOUND', { note: 'There is no deleted video with this id.', details: { videoId } });
    return tombstone;
  };
