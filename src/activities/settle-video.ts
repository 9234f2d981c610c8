import type { Catalogue } from '../catalogue/catalogue.js';
import type { Failure } from '../domain/artefact.js';
import type { GenerationRef } from '../domain/keys.js';
import type { Progress } from '../domain/video.js';
import type { ObjectStore } from '../storage/object-store.js';
import { collectCosts } from './collect-costs.js';
import { removeGeneration } from './sweep-generation.js';
import { alive } from './with-heartbeat.js';

/** The short catalogue writes of a video's story. Each does nothing where the generation is stale or settled. */
export const settleVideo = (deps: { store: ObjectStore; catalogue: Catalogue }) => {
  const clear = async (at: GenerationRef): Promise<void> => {
    await collectCosts(deps, at);
    await removeGeneration(deps.store, at);
  };
  return {
    saveProgress: (at: GenerationRef, progress: Progress): Promise<void> => deps.catalogue.saveProgress(at.videoId, at.generation, progress),

    parkVideo: alive((at: GenerationRef, failure: Failure): Promise<void> => deps.catalogue.park(at.videoId, at.generation, failure)),

    unparkVideo: alive((at: GenerationRef): Promise<void> => deps.catalogue.unpark(at.videoId, at.generation)),

    /**
     * The row first: from then on nobody publishes this generation. Only if the row says so its objects go: a publish whose
     * answer was lost has won, and false says that. The source stays.
     */
    rejectVideo: alive(async (at: GenerationRef, failure: Failure): Promise<boolean> => {
      const rejected = await deps.catalogue.reject(at.videoId, at.generation, failure);
      if (rejected) await clear(at);
      return rejected;
    }),

    cancelVideo: alive(async (at: GenerationRef): Promise<boolean> => {
      const cancelled = await deps.catalogue.cancel(at.videoId, at.generation);
      if (cancelled) await clear(at);
      return cancelled;
    }),
  };
};
