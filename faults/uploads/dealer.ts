import { carriesChecksum, type HttpFault } from './http-fault.js';
import type { PlannedFault, Victim } from './schedule.js';
import type { Exchange } from './watch.js';

export interface Dealer {
  /** What this request is met with, by its place among those of its kind. */
  meet(exchange: Exchange): HttpFault | null;
  /** Faults that found their request. */
  given(): readonly PlannedFault[];
  /** Planned flips that were left out: nobody would have noticed them. */
  leftOut(): number;
}

/** Deals the faults of a plan to the requests as they come. */
export function createDealer(plan: readonly PlannedFault[], kill: (victim: Victim) => void): Dealer {
  const counts = new Map<string, number>();
  const given: PlannedFault[] = [];
  let leftOut = 0;
  return {
    meet(exchange) {
      const kind = `${exchange.line} ${exchange.operation}`;
      const nth = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, nth);
      let met: HttpFault | null = null;
      for (const planned of plan) {
        if (planned.nth !== nth || planned.line !== exchange.line || planned.operation !== exchange.operation) continue;
        const { does } = planned;
        if (does.kind === 'flip' && !carriesChecksum(exchange)) {
          leftOut += 1;
          continue;
        }
        given.push(planned);
        if (does.kind === 'kill') kill(does.victim);
        else met = does;
      }
      return met;
    },
    given: () => given,
    leftOut: () => leftOut,
  };
}
