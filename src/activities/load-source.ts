import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import type { GenerationRef } from '../domain/keys.js';
import type { SourceFacts } from '../domain/probe.js';
import type { TruncatedPolicy } from '../domain/truncation.js';

/** A source, and what its tenant wants done with it where it ends before it should. */
export interface SourceToInspect extends SourceFacts {
  /** Which generation it is looked at for. Absent in histories of before. */
  readonly at?: GenerationRef;
  /** Absent: `refuse`. */
  readonly truncated?: TruncatedPolicy;
}

/** The source that a generation is made from, as its upload's completion recorded it. Encoders have no catalogue; they get this. */
export const loadSource =
  (deps: { catalogue: Catalogue }) =>
  async (at: GenerationRef): Promise<SourceToInspect> => {
    const source = await deps.catalogue.getSource(at.videoId);
    if (source === null) throw new PipelineError('NOT_FOUND', { note: 'The video or its source is gone.', details: { videoId: at.videoId } });
    const truncated = (await deps.catalogue.truncatedPolicy(source.tenantId)) ?? 'refuse';
    return { key: source.key, sizeBytes: source.sizeBytes, etag: source.etag, at, ...(truncated === 'refuse' ? {} : { truncated }) };
  };
