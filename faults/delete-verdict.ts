import { none, type Row } from './verdict.js';

/** All that a run of deletions found. Lists hold one sentence per finding. */
export interface DeleteFindings {
  readonly wanted: number;
  readonly given: number;
  /** State in which each was deleted, by the catalogue's events. */
  readonly states: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  /** Could not be brought to its moment, or the deletion was refused. */
  readonly refused: readonly string[];
  readonly visible: readonly string[];
  readonly alive: readonly string[];
  readonly told: readonly string[];
  readonly unpurged: readonly string[];
  readonly objects: readonly string[];
  readonly multiparts: readonly string[];
  readonly running: readonly string[];
  readonly failed: readonly string[];
  /** What was not deleted and is not as it was. */
  readonly hurt: readonly string[];
}

/** Every promise against what was found. */
export function judgeDeletes(found: DeleteFindings): Row[] {
  const states = Object.entries(found.states).map(([state, count]) => `${count} × ${state}`);
  return [
    { name: 'deletions', figure: `${found.given} of ${found.wanted}`, held: found.given === found.wanted, details: states },
    { name: 'slowest answer', figure: `${(found.slowestMs / 1000).toFixed(1)} s`, held: true, details: [] },
    none('refused or stuck', found.refused),
    none('still to be seen', found.visible),
    none('not deleted', found.alive),
    none('not told exactly once', found.told),
    none('not purged', found.unpurged),
    none('objects left', found.objects),
    none('multiparts left', found.multiparts),
    none('workflows running', found.running),
    none('workflows failed', found.failed),
    none('others hurt', found.hurt),
  ];
}

/** The figures of the last line, for programs. */
export function deletesJson(found: DeleteFindings, run: { readonly seed: number; readonly wallS: number }) {
  return {
    seed: run.seed,
    deletions_wanted: found.wanted,
    deletions_given: found.given,
    states: found.states,
    slowest_s: Math.round(found.slowestMs / 10) / 100,
    refused: found.refused.length,
    visible: found.visible.length,
    not_deleted: found.alive.length,
    not_told_once: found.told.length,
    not_purged: found.unpurged.length,
    objects_left: found.objects.length,
    multiparts_left: found.multiparts.length,
    workflows_running: found.running.length,
    workflows_failed: found.failed.length,
    others_hurt: found.hurt.length,
    wall_s: Math.round(run.wallS),
  };
}
