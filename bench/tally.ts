/** What came of many requests. */
export interface Tally {
  /** `from`: when it should have been sent, by performance.now(). */
  note(status: number, fromMs: number): void;
  /** Those with a 2xx or 304. */
  good(): number;
  /** Share of the answers with a 2xx or 304 that took at most so long, ms; infinite where there was none. */
  quantileMs(share: number): number;
  /** How often each status was answered; 0 is no answer. */
  statuses(): Readonly<Record<string, number>>;
}

export function createTally(): Tally {
  const timesMs: number[] = [];
  const statuses: Record<string, number> = {};
  let sorted = true;
  return {
    note(status, fromMs) {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (!isGood(status)) return;
      timesMs.push(performance.now() - fromMs);
      sorted = false;
    },
    good: () => timesMs.length,
    quantileMs(share) {
      if (!sorted) timesMs.sort((a, b) => a - b);
      sorted = true;
      return timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * share))] ?? Number.POSITIVE_INFINITY;
    },
    statuses: () => statuses,
  };
}

export const isGood = (status: number): boolean => (status >= 200 && status < 300) || status === 304;
