import type { Tombstone } from '../catalogue/catalogue.js';
import { decideWorkflow } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { type StepNotes, takeNotes } from './walk-step.js';

/** Of one run, oldest first. */
const MOST_ROWS = 1000;

/** Deleted videos that are not purged, and that no workflow clears away: the API died between row and start, or Temporal lost it. */
export const reconcileDeletions = (deps: ReconcileDeps) => async (): Promise<StepResult> => {
  const notes = takeNotes('deletions');
  const tombstones = await deps.catalogue.listUnpurged(MOST_ROWS);
  const standings = await deps.workflows.deletionStandings(tombstones.map(({ videoId }) => videoId));
  notes.examined(tombstones.length);
  for (const [index, tombstone] of tombstones.entries()) {
    const decided = decideWorkflow({ changedAt: tombstone.deletedAt }, standings[index] ?? 'running', clockOf(deps));
    if (decided !== 'leave') await startDeletion(deps, notes, tombstone, decided);
  }
  return notes.result(null);
};

async function startDeletion(
  deps: ReconcileDeps,
  notes: StepNotes,
  { videoId }: Tombstone,
  decided: 'start' | 'start again' | 'alarm',
): Promise<void> {
  // Its workflow may have purged it and ended between our two looks.
  const now = await deps.catalogue.getTombstone(videoId);
  if (now === null || now.purgedAt !== null) return;
  if (decided === 'alarm') {
    notes.alarm({
      what: 'a deleted video that is not purged, and whose workflow has ended, and ended again or as if all were well',
      subject: videoId,
      todo: 'Read the history of its workflow in the Temporal UI. What it has in the store lies under media/, work/ and sources/ with its id.',
    });
    return;
  }
  await deps.workflows.startDeletion(now, decided === 'start' ? 'first' : 'again');
  notes.repaired({ kind: 'deletion.started', subject: videoId }, { again: decided === 'start again', deleted_at: now.deletedAt });
}
