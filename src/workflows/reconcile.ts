import { ActivityFailure, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { StepResult } from '../domain/reconcile-record.js';
import { control, walk } from './activity-proxies.js';

/**
 * One run of reconciling: bucket ↔ catalogue ↔ Temporal, in bounded steps. A step that fails is left to the next run, and
 * keeps none of the others from theirs. First what may bring a file back, last what clears away.
 */
export async function reconcile(): Promise<{ readonly alarms: number; readonly gap: number }> {
  const startedAt = new Date().toISOString();
  const cursors = await control.readCursors();
  const steps: StepResult[] = [];
  const failed: { step: StepResult['step']; reason: string }[] = [];
  const run = async (name: StepResult['step'], step: () => Promise<StepResult>): Promise<void> => {
    try {
      steps.push(await step());
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      failed.push({ step: name, reason: error.cause?.message ?? error.message });
    }
  };
  await run('uploads', () => walk.reconcileUploads(cursors.uploads ?? null));
  await run('videos', () => walk.reconcileVideos(cursors.videos ?? null));
  await run('deletions', () => walk.reconcileDeletions());
  await run('sources', () => walk.reconcileSources(cursors.sources ?? null));
  if (patched('arrivals')) await run('arrivals', () => walk.reconcileArrivals(cursors.arrivals ?? null));
  await run('intake', () => walk.reconcileIntake(cursors.intake ?? null));
  await run('multiparts', () => walk.reconcileMultiparts());
  await run('generations', () => walk.reconcileGenerations(cursors.generations ?? null));
  const { runId } = workflowInfo();
  return control.endReconcile({ runId, startedAt, finishedAt: new Date().toISOString(), steps, failed });
}
