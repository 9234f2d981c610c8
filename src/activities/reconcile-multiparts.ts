import { INTAKE, SOURCES, uploadIdOf } from '../domain/keys.js';
import { earlier } from '../domain/ledger.js';
import { decideMultipart } from '../domain/reconcile.js';
import type { StepResult } from '../domain/reconcile-record.js';
import { clockOf, type ReconcileDeps } from './reconcile-deps.js';
import { takeNotes } from './walk-step.js';

/** Ids that one question to the catalogue carries. */
const BATCH = 500;
/** A tool that sends a file to intake/ at 100 kB/s needs a day for 10 GB; what is older was given up. */
const INTAKE_GRACE_MS = 7 * 86_400_000;

/**
 * Open multiparts: their parts cost money and no listing of objects shows them. Those that no open upload has are aborted.
 * All of them in one run: there are about as many as open uploads.
 */
export const reconcileMultiparts = (deps: ReconcileDeps) => async (): Promise<StepResult> => {
  const notes = takeNotes('multiparts');
  const clock = clockOf(deps);
  const found = await deps.store.listMultiparts(SOURCES);
  notes.examined(found.length);
  const aborted = new Set<string>();
  for (let from = 0; from < found.length; from += BATCH) {
    const batch = found.slice(from, from + BATCH);
    const claims = await deps.catalogue.findClaims(batch.flatMap(({ key }) => uploadIdOf(key) ?? []));
    const uploads = new Map(claims.map(({ upload }) => [upload.key, upload]));
    for (const multipart of batch) {
      if (decideMultipart(multipart, uploads.get(multipart.key) ?? null, clock) === 'keep') continue;
      await deps.store.abortMultipart(multipart.key, multipart.multipartId);
      aborted.add(multipart.multipartId);
      notes.repaired({ kind: 'multipart.aborted', subject: `${multipart.key} ${multipart.multipartId}` }, { initiated_at: multipart.initiatedAt });
    }
    notes.examined(0);
  }
  for (const { key, multipartId, initiatedAt } of await deps.store.listMultiparts(INTAKE)) {
    if (clock.nowMs - Date.parse(initiatedAt) < INTAKE_GRACE_MS) continue;
    await deps.store.abortMultipart(key, multipartId);
    notes.repaired({ kind: 'multipart.aborted', subject: `${key} ${multipartId}` }, { initiated_at: initiatedAt });
  }
  const left = found.filter(({ multipartId }) => !aborted.has(multipartId));
  const oldestAt = left.reduce<string | null>((oldest, { initiatedAt }) => earlier(oldest, initiatedAt), null);
  return notes.result(null, { multiparts: { open: left.length, oldestAt } });
};
