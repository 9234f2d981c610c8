/** One event of a workflow's history, as far as it is used here. */
export interface HistoryEvent {
  readonly id: number;
  readonly atMs: number;
  readonly kind: 'scheduled' | 'started' | 'completed' | 'other';
  /** Of `scheduled`: the activity's name. */
  readonly activity: string | null;
  /** Of `started` and `completed`: the event that scheduled it. */
  readonly scheduledId: number | null;
  /** Of `completed`: what it returned. */
  readonly result: unknown;
}

/** One activity that succeeded. Times in ms since 1970. */
export interface ActivityTimes {
  readonly activity: string;
  readonly scheduledMs: number;
  /** Of the attempt that succeeded. */
  readonly startedMs: number;
  readonly completedMs: number;
  readonly result: unknown;
}

/** The activities of a history, in the order in which they were scheduled; ones that have not succeeded are left out. */
export function activityTimes(events: readonly HistoryEvent[]): ActivityTimes[] {
  return events.flatMap((event) => {
    if (event.kind !== 'scheduled' || event.activity === null) return [];
    const mine = events.filter((each) => each.scheduledId === event.id);
    const [started, completed] = [mine.findLast((each) => each.kind === 'started'), mine.find((each) => each.kind === 'completed')];
    if (!started || !completed) return [];
    return [{ activity: event.activity, scheduledMs: event.atMs, startedMs: started.atMs, completedMs: completed.atMs, result: completed.result }];
  });
}

/** Stretches of `from`…`to` in which no activity ran: what the product spends on deciding, polling and handing over. */
export function gapMs(activities: readonly ActivityTimes[], from: number, to: number): number {
  let covered = from;
  let gap = 0;
  for (const { startedMs, completedMs } of [...activities].sort((a, b) => a.startedMs - b.startedMs)) {
    if (startedMs > covered) gap += Math.min(startedMs, to) - covered;
    covered = Math.min(to, Math.max(covered, completedMs));
  }
  return gap + Math.max(0, to - covered);
}
