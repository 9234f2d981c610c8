import type { Failure } from '../domain/artefact.js';
import type { DeleteVideoInput, ProcessVideoInput, Resolution, UploadInput, UploadOutcome } from '../workflows/contract.js';

/**
 * The port to the workflows: what the API may ask of them, without a word of Temporal.
 *
 * - Every call ends within seconds: `PipelineError('WORKFLOWS_UNAVAILABLE')` where the service or a worker does not
 *   answer in time. The work may go on behind it; all calls are safe to repeat.
 * - `null` means that no such workflow runs: it has ended, or was never started. The catalogue then knows more.
 */
export interface Pipeline {
  /** Starts the session's workflow. Already started, running or ended: nothing happens. */
  startUpload(input: UploadInput): Promise<void>;
  /** Has the object of this key under intake/ taken in. While that is under way already, nothing happens. */
  takeIn(key: string): Promise<void>;
  completeUpload(uploadId: string): Promise<UploadOutcome | null>;
  abortUpload(uploadId: string): Promise<UploadOutcome | null>;
  /** Ends the upload as errored, and what was sent of it with it. */
  refuseUpload(uploadId: string, failure: Failure): Promise<UploadOutcome | null>;
  /** Has the workflow look for a whole file, of whose end nobody will tell. It knows of it when this resolves. */
  watchUpload(uploadId: string): Promise<'watching' | null>;
  /** Rejects with CONFLICT where the video is not in review. */
  resolveVideo(videoId: string, generation: number, resolution: Resolution): Promise<'accepted' | null>;
  /** Starts the making of a generation. Already started, running or ended: nothing happens. */
  startVideo(input: ProcessVideoInput): Promise<void>;
  /** Starts the clearing away of a deleted video. Already started and running, or done: nothing happens. */
  startDeletion(input: DeleteVideoInput): Promise<void>;
  /** Resolves when the service answers and has the namespace; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
