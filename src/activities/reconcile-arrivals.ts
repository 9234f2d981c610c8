import type { SourceClaim } from '../catalogue/catalogue.js';
import { ARRIVALS, uploadIdOf } from '../domain/keys.js';
import { decideArrival } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import type { ListedObject } from '../storage/object-store.js';
import { finishUpload } from './finish-upload.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { type StepNotes, takeNotes } from './walk-step.js';

/** Of one run, a thousand objects each; the next one goes on from there. */
const MAX_PAGES = 5;

/** Objects under arrivals/: what an open session waits for is handed to it, what came after its session's end is removed. */
export const reconcileArrivals =
  (deps: ReconcileDeps) =>
  async (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('arrivals');
    let cursor = after;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { objects, next } = await deps.store.list(ARRIVALS, cursor);
      notes.examined(objects.length);
      const claims = await deps.catalogue.findClaims(objects.flatMap(({ key }) => uploadIdOf(key) ?? []));
      const byUpload = new Map(claims.map((claim) => [claim.upload.id, claim]));
      for (const object of objects) await look(deps, notes, object, byUpload.get(uploadIdOf(object.key) ?? '') ?? null);
      cursor = next;
      if (next === null) break;
    }
    return notes.result(cursor);
  };

async function look(deps: ReconcileDeps, notes: StepNotes, object: ListedObject, claim: SourceClaim | null): Promise<void> {
  const decided = decideArrival(object, claim?.upload ?? null, clockOf(deps));
  // One of another size than was announced is not refused: its client may still send the right one.
  if (decided === 'finish' && claim !== null && (await finishUpload(deps, claim.upload)) === 'completed') {
    notes.repaired({ kind: 'upload.finished', subject: claim.upload.id });
  }
  // The very object that was looked at: one that is sent in this moment is the next run's.
  if (decided === 'remove' && (await deps.store.deleteExactly(object.key, object.etag)) === 'deleted') {
    notes.repaired({ kind: 'arrival.removed', subject: object.key });
  }
  if (decided === 'report') {
    notes.alarm({
      what: 'a file that arrived for an upload which the catalogue does not know',
      subject: object.key,
      todo: 'If rows were lost, restore the catalogue: this file may be all that is left of a video. It is kept until somebody removes it.',
    });
  }
}
