import type { SourceClaim } from '../catalogue/catalogue.js';
import { SOURCES, uploadIdOf } from '../domain/keys.js';
import { decideSource } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import type { ListedObject } from '../storage/object-store.js';
import { finishUpload } from './finish-upload.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { type StepNotes, takeNotes } from './walk-step.js';

/** Of one run, a thousand objects each; the next one goes on from there. */
const MAX_PAGES = 5;

/**
 * Objects under sources/ that no video knows. A file that an open session has and does not know of is handed to it; what
 * nobody can ever want is removed; what a lost row may have known is kept, and a person is told.
 */
export const reconcileSources =
  (deps: ReconcileDeps) =>
  async (after: string | null): Promise<StepResult> => {
    const notes = takeNotes('sources');
    let cursor = after;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const { objects, next } = await deps.store.list(SOURCES, cursor);
      notes.examined(objects.length);
      const claims = await claimsOf(deps, objects);
      for (const object of objects) await look(deps, notes, object, claims.get(object.key) ?? null);
      cursor = next;
      if (next === null) break;
    }
    return notes.result(cursor);
  };

/** By key: the upload that a key names claims it only where it is that upload's own key. */
async function claimsOf(deps: ReconcileDeps, objects: readonly ListedObject[]): Promise<Map<string, SourceClaim>> {
  const claims = await deps.catalogue.findClaims(objects.flatMap(({ key }) => uploadIdOf(key) ?? []));
  return new Map(claims.map((claim) => [claim.upload.key, claim]));
}

async function look(deps: ReconcileDeps, notes: StepNotes, object: ListedObject, claim: SourceClaim | null): Promise<void> {
  let decided = decideSource(object, claim, clockOf(deps));
  if (decided === 'look') {
    const facts = await deps.store.head(object.key);
    if (facts === null) return;
    decided = decideSource({ ...object, namedUpload: facts.metadata['upload-id'] ?? null }, claim, clockOf(deps));
  }
  if (decided === 'finish' && claim !== null) await finish(deps, notes, claim);
  if (decided === 'remove') {
    // The very object that was looked at: if it was replaced since, the next run looks again.
    if ((await deps.store.deleteExactly(object.key, object.etag)) === 'deleted') notes.repaired({ kind: 'source.removed', subject: object.key });
  }
  if (decided === 'report') {
    notes.alarm({
      what: 'a source that names an upload which the catalogue does not know',
      subject: object.key,
      todo: 'If rows were lost, restore the catalogue: this file may be all that is left of a video. It is kept until somebody removes it.',
    });
  }
}

async function finish(deps: ReconcileDeps, notes: StepNotes, { upload }: SourceClaim): Promise<void> {
  const outcome = await finishUpload(deps, upload);
  if (outcome === 'completed') notes.repaired({ kind: 'upload.finished', subject: upload.id });
  if (outcome === 'refused') {
    notes.alarm({
      what: 'an open upload whose key holds a file that its session does not take',
      subject: upload.id,
      todo: 'Compare the size that was announced with that of the object. At the end of the session both are cleared away.',
    });
  }
}
