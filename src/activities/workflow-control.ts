import type { Tombstone, Unsettled } from '../catalogue/catalogue.js';
import type { Failure } from '../domain/artefact.js';
import type { GenerationRef } from '../domain/keys.js';
import type { Standing } from '../domain/reconcile.js';
import type { Upload, UploadOutcome } from '../domain/upload.js';

/**
 * The port to Temporal for activities that look after workflows: no word of Temporal in it. Every call ends within
 * seconds, with `PipelineError('WORKFLOWS_UNAVAILABLE')` where the service does not answer; all are safe to repeat.
 */
export interface WorkflowControl {
  /** How the session workflows of these uploads stand, in the same order. */
  uploadStandings(uploadIds: readonly string[]): Promise<Standing[]>;
  /** How the workflows that make these generations stand, in the same order. */
  videoStandings(generations: readonly GenerationRef[]): Promise<Standing[]>;
  /** How the workflows that clear away these deleted videos stand, in the same order. */
  deletionStandings(videoIds: readonly string[]): Promise<Standing[]>;
  /** Starts an upload's session. One that runs, or has ended, is left as it is; `again` runs one more that did not end well, and marks it. */
  startUpload(upload: Upload, how: 'first' | 'again'): Promise<void>;
  /** The same for the making of a generation. */
  startVideo(video: Unsettled, how: 'first' | 'again'): Promise<void>;
  /** The same for the clearing away of a deleted video. */
  startDeletion(tombstone: Tombstone, how: 'first' | 'again'): Promise<void>;
  /** What the session answers; null where none runs. */
  completeUpload(uploadId: string): Promise<UploadOutcome | null>;
  abortUpload(uploadId: string): Promise<UploadOutcome | null>;
  /** Ends the session as errored, with the reason. */
  refuseUpload(uploadId: string, failure: Failure): Promise<UploadOutcome | null>;
  /** Has the object of this key under intake/ taken in. While that is under way already, nothing happens. */
  takeIn(key: string): Promise<void>;
}
