import { Context, log } from '@temporalio/activity';
import type { Standing } from '../domain/reconcile.js';
import type { Alarm, ReconcileStep, Repair, StepResult } from '../domain/reconcile-record.js';

/** What a result carries into the workflow's history; counts go on. */
const REPAIRS_TOLD = 50;
const ALARMS_TOLD = 20;

/** Collects what one step of reconciling sees and does. Each repair is one line of the log at the moment when it was made. */
export interface StepNotes {
  examined(count: number): void;
  repaired(repair: Repair, facts?: Readonly<Record<string, unknown>>): void;
  alarm(alarm: Alarm): void;
  result(next: string | null, more?: Pick<StepResult, 'multiparts'>): StepResult;
}

/** Of one run; the next one goes on from there. */
const PAGE_ROWS = 200;
const MAX_PAGES = 10;

/** Looks at the catalogue's rows page by page. A run that does not come to the end leaves its cursor to the next. */
export async function walkRows<Row>(
  notes: StepNotes,
  after: string | null,
  walk: {
    readonly list: (after: string | null, limit: number) => Promise<readonly Row[]>;
    readonly idOf: (row: Row) => string;
    /** How the rows' workflows stand, in the same order. */
    readonly standingsOf: (rows: readonly Row[]) => Promise<readonly Standing[]>;
    readonly look: (row: Row, standing: Standing) => Promise<void>;
  },
): Promise<StepResult> {
  let cursor = after;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await walk.list(cursor, PAGE_ROWS);
    const standings = await walk.standingsOf(rows);
    notes.examined(rows.length);
    for (const [index, row] of rows.entries()) await walk.look(row, standings[index] ?? 'running');
    const last = rows.at(-1);
    cursor = last === undefined ? null : walk.idOf(last);
    if (rows.length < PAGE_ROWS) return notes.result(null);
  }
  return notes.result(cursor);
}

export function takeNotes(step: ReconcileStep): StepNotes {
  const counts: Partial<Record<Repair['kind'], number>> = {};
  const repairs: Repair[] = [];
  const alarms: Alarm[] = [];
  let seen = 0;
  return {
    /** Also says that the step is alive: called for every page. */
    examined(count) {
      seen += count;
      Context.current().heartbeat({ examined: seen });
    },
    repaired(repair, facts = {}) {
      counts[repair.kind] = (counts[repair.kind] ?? 0) + 1;
      if (repairs.length < REPAIRS_TOLD) repairs.push(repair);
      log.warn('reconcile repaired', { repair: repair.kind, subject: repair.subject, ...facts });
    },
    alarm(alarm) {
      if (alarms.length < ALARMS_TOLD) alarms.push(alarm);
    },
    result: (next, more = {}) => ({ step, examined: seen, counts, repairs, alarms, next, ...more }),
  };
}
