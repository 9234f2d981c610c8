import { Context, log } from '@temporalio/activity';
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
