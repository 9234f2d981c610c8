import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import type { GenerationRef } from '../domain/keys.js';
import type { SourceFacts } from '../domain/probe.js';

/** The source that a generation is made from, as its upload's completion recorded it. Encoders have no catalogue; they get this. */
export const loadSource =
  (deps: { catalogue: Catalogue }) =>
  async (at: GenerationRef): Promise<SourceFacts> => {
    const source = await deps.catalogue.getSource(at.videoId);
    if (source === null) throw new PipelineError('NOT_FOUND', { note: 'The video or its source is gone.', details: { videoId: at.videoId } });
    return { key: source.key, sizeBytes: source.sizeBytes, etag: source.etag };
  };
