import type { SourceClaim } from '../catalogue/catalogue.js';
import { decideWorkflow } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import { isOpenState, type Upload } from '../domain/upload.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { type StepNotes, takeNotes, walkRows } from './walk-step.js';

/**
 * Open uploads without a workflow: the API died between row and start, or Temporal lost it. Its session is started; one
 * that is past its end completes or closes itself at once.
 */
export const reconcileUploads =
  (deps: ReconcileDeps) =>
  (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('uploads');
    return walkRows(notes, after, {
      list: (cursor, limit) => deps.catalogue.listOpenUploads(cursor, limit),
      idOf: ({ id }) => id,
      standingsOf: (rows) => deps.workflows.uploadStandings(rows.map(({ id }) => id)),
      async look(upload, standing) {
        const decided = decideWorkflow({ changedAt: upload.createdAt }, standing, clockOf(deps));
        if (decided !== 'leave') await startSession(deps, notes, upload, decided);
      },
    });
  };

async function startSession(deps: ReconcileDeps, notes: StepNotes, upload: Upload, decided: 'start' | 'start again' | 'alarm'): Promise<void> {
  // The session may have closed its row and ended between our two looks.
  const [now] = await deps.catalogue.findClaims([upload.id]);
  if (!isStillOpen(now)) return;
  if (decided === 'alarm') {
    notes.alarm({
      what: 'an open upload whose workflow has ended, and ended again or as if all were well',
      subject: upload.id,
      todo: 'Read the history of its workflow in the Temporal UI. Abort the upload (DELETE /v1/uploads/{id}) once its client has been told.',
    });
    return;
  }
  await deps.workflows.startUpload(now.upload, decided === 'start' ? 'first' : 'again');
  notes.repaired({ kind: 'upload.started', subject: upload.id }, { again: decided === 'start again', expires_at: upload.expiresAt });
}

const isStillOpen = (claim: SourceClaim | undefined): claim is SourceClaim => claim !== undefined && isOpenState(claim.upload.state);
