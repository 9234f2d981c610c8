import type { Point } from './abandoned-plan.js';
import { none, type Row } from './verdict.js';

/** How one session ended, as the API tells it. */
export interface EndedSession {
  readonly point: Point;
  readonly uploadId: string;
  /** Status of the upload, and of its video. */
  readonly upload: string;
  readonly video: string;
}

/** All that a run with abandoned sessions found when their time was over. */
export interface AbandonedFindings {
  readonly wanted: number;
  readonly sessions: readonly EndedSession[];
  readonly ledger: {
    readonly accepted: number;
    readonly in_flight: number;
    readonly gap: number;
    readonly open_uploads: number;
    readonly reserved_bytes: number;
  };
  /** Uploads beside the sessions that were completed: the stack's own sample. */
  readonly others: number;
  readonly multiparts: readonly string[];
  /** Keys under sources/ that belong to no completed upload. */
  readonly objects: readonly string[];
  readonly workflows: readonly string[];
  readonly alarms: readonly string[];
}

/** A session that sent everything has a file that is whole: it is completed, and its video settled. Every other one is expired. */
export function abandonedRows(found: AbandonedFindings): Row[] {
  const label = ({ uploadId, point, upload, video }: EndedSession): string => `${uploadId} (${point}): ${upload}, video ${video}`;
  const whole = found.sessions.filter(({ point }) => point === 'all parts');
  const rest = found.sessions.filter(({ point }) => point !== 'all parts');
  const { ledger } = found;
  const acceptedWanted = whole.length + found.others;
  const points = [...new Set(found.sessions.map(({ point }) => point))].map(
    (name) => `${found.sessions.filter(({ point }) => point === name).length} × ${name}`,
  );
  return [
    {
      name: 'sessions abandoned',
      figure: `${found.sessions.length} of ${found.wanted}`,
      held: found.sessions.length === found.wanted,
      details: points,
    },
    none('whole files lost', whole.filter(({ upload, video }) => upload !== 'completed' || video !== 'errored').map(label)),
    none('others not expired', rest.filter(({ upload, video }) => upload !== 'expired' || video !== 'cancelled').map(label)),
    none('multiparts left', found.multiparts),
    none('objects left', found.objects),
    { name: 'reserved bytes', figure: String(ledger.reserved_bytes), held: ledger.reserved_bytes === 0 && ledger.open_uploads === 0, details: [] },
    {
      name: 'ledger',
      figure: `${ledger.accepted} accepted of ${acceptedWanted}, gap ${ledger.gap}, ${ledger.in_flight} in flight`,
      held: ledger.accepted === acceptedWanted && ledger.gap === 0 && ledger.in_flight === 0,
      details: [],
    },
    none('workflows left', found.workflows),
    none('alarms', found.alarms),
  ];
}

/** The figures of the last line, for programs. */
export function abandonedJson(found: AbandonedFindings, run: { readonly seed: number; readonly wallS: number }) {
  const count = (upload: string): number => found.sessions.filter((session) => session.upload === upload).length;
  return {
    seed: run.seed,
    sessions: found.sessions.length,
    completed: count('completed'),
    expired: count('expired'),
    multiparts_left: found.multiparts.length,
    objects_left: found.objects.length,
    reserved_bytes: found.ledger.reserved_bytes,
    open_uploads: found.ledger.open_uploads,
    accepted: found.ledger.accepted,
    gap: found.ledger.gap,
    workflows_left: found.workflows.length,
    alarms: found.alarms.length,
    wall_s: Math.round(run.wallS),
  };
}
