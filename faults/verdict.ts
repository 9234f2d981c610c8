import type { LostWork } from './lost-work.js';

/** All that a run under faults found. Lists hold one sentence per finding. */
export interface Findings {
  readonly faultsWanted: number;
  readonly faultsGiven: number;
  /** Videos that were accepted, all uploads of all sources. */
  readonly accepted: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly different: readonly string[];
  /** Growing playlists that leave their followers behind. */
  readonly stuck: readonly string[];
  readonly work: LostWork;
  readonly processes: readonly string[];
  readonly scratch: readonly string[];
  readonly unnamed: readonly string[];
  readonly workFiles: readonly string[];
  readonly multiparts: readonly string[];
  readonly workflows: readonly string[];
}

/** One row of the table: a promise, what was found, and whether it held. */
export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly held: boolean;
  readonly details: readonly string[];
}

/** A promise that nothing of a kind is found: what is found breaks it. */
export const none = (name: string, details: readonly string[]): Row => ({
  name,
  figure: String(details.length),
  held: details.length === 0,
  details,
});

/** Every promise against what was found. The run is ok where all held. */
export function judge(found: Findings): Row[] {
  const { work } = found;
  const reasons = Object.entries(work.reasons).map(([reason, count]) => `${count} × ${reason}`);
  return [
    { name: 'faults given', figure: `${found.faultsGiven} of ${found.faultsWanted}`, held: found.faultsGiven >= found.faultsWanted, details: [] },
    { name: 'videos accepted', figure: String(found.accepted), held: found.accepted > 0, details: [] },
    none('videos lost', found.lost),
    none('published twice', found.twice),
    none('outputs that differ', found.different),
    none('players left behind', found.stuck),
    {
      name: 'pieces done again',
      figure: `${work.redone} of ${work.pieces} (${work.unexplained} without a fault seen); ${work.waiting} more were lost before they began`,
      held: true,
      details: reasons,
    },
    {
      name: 'done again per kill',
      figure: `${work.redonePerKill.toFixed(2)} (${work.encoderFaults} faults hit encoders, ${work.busyFaults} of them at work)`,
      held: work.redonePerKill <= 1,
      details: [],
    },
    { name: 'work lost, media', figure: `${work.mediaLostS.toFixed(1)} s`, held: true, details: [] },
    none('processes left', found.processes),
    none('scratch files left', found.scratch),
    none('objects without a name', found.unnamed),
    none('working files left', found.workFiles),
    none('multiparts left', found.multiparts),
    none('workflows left', found.workflows),
  ];
}

export const isOk = (rows: readonly Row[]): boolean => rows.every(({ held }) => held);

const DETAILS_SHOWN = 8;

/** The table for people. */
export function tableOf(rows: readonly Row[]): string[] {
  return rows.flatMap(({ name, figure, held, details }) => {
    const hidden = details.length - DETAILS_SHOWN;
    return [
      `  ${held ? 'ok    ' : 'BROKEN'}  ${name.padEnd(24)}${figure}`,
      ...details.slice(0, DETAILS_SHOWN).map((detail) => `            ${detail}`),
      ...(hidden > 0 ? [`            … and ${hidden} more`] : []),
    ];
  });
}

/** The figures of the last line, for programs. */
export function jsonOf(found: Findings, run: { readonly seed: number; readonly sources: number; readonly wallS: number }) {
  const { work } = found;
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    seed: run.seed,
    sources: run.sources,
    videos: found.accepted,
    faults_wanted: found.faultsWanted,
    faults_given: found.faultsGiven,
    lost: found.lost.length,
    twice: found.twice.length,
    different: found.different.length,
    players_left_behind: found.stuck.length,
    pieces: work.pieces,
    pieces_redone: work.redone,
    pieces_redone_unexplained: work.unexplained,
    attempts_lost_waiting: work.waiting,
    encoder_faults: work.encoderFaults,
    encoder_faults_at_work: work.busyFaults,
    redone_per_kill: round(work.redonePerKill),
    media_lost_s: round(work.mediaLostS),
    processes_left: found.processes.length,
    scratch_left: found.scratch.length,
    objects_unnamed: found.unnamed.length,
    work_files_left: found.workFiles.length,
    multiparts_left: found.multiparts.length,
    workflows_left: found.workflows.length,
    wall_s: Math.round(run.wallS),
  };
}
