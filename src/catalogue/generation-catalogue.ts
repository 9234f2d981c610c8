import type { GenerationReport } from '../domain/artefact.js';
import type { AttemptCost } from '../domain/cost.js';
import type { Generation, KeepPolicy } from '../domain/generation.js';
import type { GenerationRef } from '../domain/keys.js';
import type { Video } from '../domain/video.js';
import type { Trace } from './tenancy.js';

/** The part of the port that is about the generations of one video: one more, back to an earlier one, which are kept. */
export interface GenerationCatalogue {
  /** The newest first; null where the tenant has no such video, or it is deleted. */
  listGenerations(tenantId: string, videoId: string): Promise<Generation[] | null>;
  /**
   * One more generation from the source that is there: queued, as after an upload. What players get stays what it is until the
   * new one is published. Event: video.reprocess.started. The same request again: as it stands, even where it is settled since.
   * Rejects with GENERATION_RUNNING while one is being made or in review, with CONFLICT where the upload was never completed.
   * null where the tenant has no such video.
   */
  beginGeneration(tenantId: string, videoId: string, wish: GenerationWish, trace?: Trace): Promise<Video | null>;
  /**
   * The live pointer from `from` to the generation of the report. Event: video.rolled_back. The same request again, or one that is live
   * already: as it stands. Rejects with GENERATION_GONE where that one was not published or is retired, and with CONFLICT where
   * `from` is not live any more. null where the tenant has no such video.
   */
  rollBack(tenantId: string, videoId: string, wish: RollBackWish, trace?: Trace): Promise<Video | null>;
  /**
   * Retires what `outlived` says of the video: nothing leads back to it from then on. Decided behind the lock behind which the live
   * pointer moves. true where this generation is retired now, or was before: only then its objects may be removed.
   */
  retireGeneration(at: GenerationRef, policy: KeepPolicy): Promise<boolean>;
  /**
   * Writes down what attempts at a generation have used, each once for its name (`attemptName`), and what all of them add up to. Told
   * again, in any order, late: the same. No event; the version rises where something was added. Nothing where there is no such
   * generation, or its video is deleted.
   */
  saveCosts(at: GenerationRef, costs: readonly AttemptCost[]): Promise<void>;
}

export interface GenerationWish {
  readonly reason: string | null;
  /** Names the request: the same again is the same wish. */
  readonly by: string;
}

export interface RollBackWish {
  /** What the caller saw as live. */
  readonly from: number;
  /** Of the one to go back to, as it was found in the store. */
  readonly report: GenerationReport;
  readonly by: string;
}
