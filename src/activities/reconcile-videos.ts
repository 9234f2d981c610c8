import type { Unsettled } from '../catalogue/catalogue.js';
import { decideWorkflow, type Standing } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { type StepNotes, takeNotes, walkRows } from './walk-step.js';

/**
 * Videos that are queued, being made or in review, and that no workflow works on. Where the upload's session still runs, it
 * is about to start the video itself.
 */
export const reconcileVideos =
  (deps: ReconcileDeps) =>
  (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('videos');
    return walkRows(notes, after, {
      list: (cursor, limit) => deps.catalogue.listUnsettled(cursor, limit),
      idOf: ({ videoId }) => videoId,
      standingsOf: (rows) => deps.workflows.videoStandings(rows),
      look: (video, standing) => look(deps, notes, video, standing),
    });
  };

async function look(deps: ReconcileDeps, notes: StepNotes, video: Unsettled, standing: Standing): Promise<void> {
  const decided = decideWorkflow(video, standing, clockOf(deps));
  if (decided === 'leave') return;
  const [session] = await deps.workflows.uploadStandings([video.uploadId]);
  if (session === 'running' || !(await isStillUnsettled(deps, video))) return;
  if (decided === 'alarm') {
    notes.alarm({
      what: 'a video that is not settled, and whose workflow has ended, and ended again or as if all were well',
      subject: video.videoId,
      todo: 'Read the history of its workflow in the Temporal UI. Its source is untouched; what was published stays.',
    });
    return;
  }
  // Whoever was asked has lost the question with the workflow: the stage is tried again, and asks again where it fails again.
  if (video.state === 'review') await deps.catalogue.unpark(video.videoId, video.generation);
  await deps.workflows.startVideo(video, decided === 'start' ? 'first' : 'again');
  notes.repaired({ kind: 'video.started', subject: video.videoId }, { generation: video.generation, again: decided === 'start again' });
}

/** Its workflow may have settled the row and ended between our two looks. */
async function isStillUnsettled({ catalogue }: ReconcileDeps, { videoId, generation, state }: Unsettled): Promise<boolean> {
  const now = await catalogue.getVideo(videoId);
  return now !== null && now.generation === generation && now.state === state;
}
