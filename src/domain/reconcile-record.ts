import { gapOf, type Ledger } from './ledger.js';

/** The parts of one run, in this order: what may bring a file back comes before what clears away. */
export const RECONCILE_STEPS = ['uploads', 'videos', 'deletions', 'sources', 'arrivals', 'intake', 'multiparts', 'generations'] as const;
export type ReconcileStep = (typeof RECONCILE_STEPS)[number];

export const REPAIR_KINDS = [
  'upload.started',
  'upload.finished',
  'video.started',
  'deletion.started',
  'source.removed',
  'arrival.removed',
  'multipart.aborted',
  'generation.swept',
  'generation.wiped',
  'generation.retired',
] as const;
export type RepairKind = (typeof REPAIR_KINDS)[number];

export interface Repair {
  readonly kind: RepairKind;
  /** Id or key of what was repaired. */
  readonly subject: string;
}

/** Something that reconciling cannot or must not cure: for a person, with what to do. */
export interface Alarm {
  readonly what: string;
  readonly subject: string;
  readonly todo: string;
}

/** What one step of a run did. Lists are cut, so that they fit into a workflow's history; counts are not. */
export interface StepResult {
  readonly step: ReconcileStep;
  readonly examined: number;
  readonly counts: Partial<Record<RepairKind, number>>;
  readonly repairs: readonly Repair[];
  readonly alarms: readonly Alarm[];
  /** Where the next run goes on; null: from the beginning. */
  readonly next: string | null;
  readonly multiparts?: OpenMultiparts;
}

export interface OpenMultiparts {
  readonly open: number;
  readonly oldestAt: string | null;
}

export interface ReconcileRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly steps: readonly StepResult[];
  /** Steps that did not come to their end. */
  readonly failed: readonly { readonly step: ReconcileStep; readonly reason: string }[];
}

/** What stays of reconciling between two runs, and what operators read of it. */
export interface ReconcileRecord {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly cursors: Partial<Record<ReconcileStep, string | null>>;
  /** Of the last run. */
  readonly repairs: Partial<Record<RepairKind, number>>;
  /** Since the beginning. */
  readonly totals: Partial<Record<RepairKind, number>>;
  /** The latest repairs, newest last. */
  readonly recent: readonly Repair[];
  readonly alarms: readonly Alarm[];
  readonly multiparts: OpenMultiparts;
}

/** Kept to see whether a repair cured. */
const RECENT_KEPT = 500;
export const ALARMS_KEPT = 50;

/** The record after one more run. A repair of something that was repaired the same way before has not cured it. */
export function nextRecord(before: ReconcileRecord | null, run: ReconcileRun, ledger: Ledger): ReconcileRecord {
  const known = new Set((before?.recent ?? []).map(labelOf));
  const repairs = run.steps.flatMap((step) => step.repairs);
  const uncured = repairs.filter((repair) => RECURS[repair.kind] === false && known.has(labelOf(repair))).map(uncuredAlarm);
  const alarms = [...gapAlarms(ledger), ...run.failed.map(failedAlarm), ...uncured, ...run.steps.flatMap((step) => step.alarms)];
  const counts = sumCounts(run.steps.map((step) => step.counts));
  const cursors = Object.fromEntries(run.steps.map(({ step, next }) => [step, next]));
  return {
    runId: run.runId,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    // A step that failed goes on where it was.
    cursors: { ...before?.cursors, ...cursors },
    repairs: counts,
    totals: sumCounts([before?.totals ?? {}, counts]),
    recent: [...(before?.recent ?? []), ...repairs].slice(-RECENT_KEPT),
    alarms: alarms.slice(0, ALARMS_KEPT),
    multiparts: run.steps.find(({ multiparts }) => multiparts)?.multiparts ?? before?.multiparts ?? { open: 0, oldestAt: null },
  };
}

/** What may rightly be needed again: Temporal can lose a workflow twice, and late writers leave objects twice. */
const RECURS: Readonly<Record<RepairKind, boolean>> = {
  'upload.started': true,
  'upload.finished': false,
  'video.started': true,
  'deletion.started': true,
  'source.removed': false,
  // A URL can be used again until its time is over.
  'arrival.removed': true,
  'multipart.aborted': false,
  'generation.swept': true,
  'generation.wiped': true,
  'generation.retired': true,
};

const labelOf = ({ kind, subject }: Repair): string => `${kind} ${subject}`;

const uncuredAlarm = ({ kind, subject }: Repair): Alarm => ({
  what: `the repair "${kind}" had been made before and did not cure`,
  subject,
  todo: 'Look for who brings it back, or why the store or Temporal says that it was done and it was not.',
});

const failedAlarm = ({ step, reason }: ReconcileRun['failed'][number]): Alarm => ({
  what: `the step "${step}" of reconciling did not come to its end: ${reason}`,
  subject: step,
  todo: 'The next run tries again. Where this stays, read the pending activity of the run in the Temporal UI.',
});

function gapAlarms(ledger: Ledger): Alarm[] {
  const gap = gapOf(ledger);
  if (gap === 0) return [];
  return [
    {
      what: `the ledger has a gap of ${gap}`,
      subject: 'ledger',
      todo: 'Find completed uploads whose latest generation and video contradict each other: GET /v1/ops/ledger?tenants=all names the tenant. Their sources are untouched.',
    },
  ];
}

function sumCounts(all: readonly Partial<Record<RepairKind, number>>[]): Partial<Record<RepairKind, number>> {
  const sum: Partial<Record<RepairKind, number>> = {};
  for (const counts of all) for (const kind of REPAIR_KINDS) if (counts[kind]) sum[kind] = (sum[kind] ?? 0) + counts[kind];
  return sum;
}
