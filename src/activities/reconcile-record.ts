import { log } from '@temporalio/activity';
import { PipelineError } from '../domain/errors.js';
import { gapOf, sumLedgers } from '../domain/ledger.js';
import { nextRecord, type ReconcileRecord, type ReconcileRun } from '../domain/reconcile-record.js';
import type { ReconcileDeps } from './reconcile-deps.js';

/** The memory of reconciling between two runs. */
export const reconcileRecord = (deps: Pick<ReconcileDeps, 'catalogue'>) => ({
  /** Where each step goes on. */
  readCursors: async (): Promise<ReconcileRecord['cursors']> => (await deps.catalogue.readReconcile())?.cursors ?? {},

  /**
   * Ends a run: reads the ledger, says what a person must look at, and keeps the record. Each alarm is one line at level
   * error with `alarm: true`. Twice: the record is written once.
   */
  async endReconcile(run: ReconcileRun): Promise<{ readonly alarms: number; readonly gap: number }> {
    const before = await deps.catalogue.readReconcile();
    const ledger = sumLedgers(await deps.catalogue.readLedger());
    const record = before?.runId === run.runId ? before : nextRecord(before, run, ledger);
    for (const { what, subject, todo } of record.alarms) log.error(what, { alarm: true, subject, todo });
    if (!(await deps.catalogue.saveReconcile(record, before?.runId ?? null))) {
      throw new PipelineError('CATALOGUE_UNAVAILABLE', { note: 'Another run of reconciling was written meanwhile.' });
    }
    return { alarms: record.alarms.length, gap: gapOf(ledger) };
  },
});
