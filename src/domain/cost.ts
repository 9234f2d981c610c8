/** What a process or a store was asked for. Milliseconds and bytes. */
export interface Used {
  /** Of ffmpeg, on all its threads: what Node itself needs beside it is not measured. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Calls to the object store. */
  readonly requests: number;
}

/** What one attempt at one step of a generation has used, as it said itself when it ended. */
export interface AttemptCost extends Used {
  /** "inspect", "chunk-0007", "audio", … */
  readonly step: string;
  /** The workflow's run and activity: attempts of one of these are numbered from 1, each number is handed out once. */
  readonly activity: string;
  readonly attempt: number;
  /** `committed`: it won the conditional write that decides the step. `done`: it succeeded, and nothing had to be won. `wasted`: all else. */
  readonly outcome: 'committed' | 'done' | 'wasted';
  /** Milliseconds of the film that it encoded, by quality. */
  readonly encodedMs: Readonly<Record<string, number>>;
  /** What was last heard of the attempt before it; null: nothing, or it is the first. */
  readonly before: { readonly cpuMs: number } | null;
}

/** What a generation has cost so far. Every attempt counts once, whatever was repeated, late, or told twice. */
export interface CostReceipt extends Used {
  readonly attempts: number;
  /** Of what became part of the generation. */
  readonly encodedMs: Readonly<Record<string, number>>;
  /** The part of the sums above that was thrown away: attempts that failed, lost, or did once more what was done. */
  readonly wasted: Used & { readonly attempts: number };
  /** Beside the sums: attempts that must have been and never told, as those do that are killed. What the next one had heard of their processor time. */
  readonly unreported: { readonly attempts: number; readonly cpuMs: number };
}

/** Names an attempt among all those of a generation. */
export const attemptName = ({ step, activity, attempt }: Pick<AttemptCost, 'step' | 'activity' | 'attempt'>): string =>
  `${step}/${activity}-${attempt}`;

/** Adds up; pure. In any order, and with repeats, it is the same. */
export function receiptOf(costs: readonly AttemptCost[]): CostReceipt {
  const all = [...new Map(costs.map((cost) => [attemptName(cost), cost])).values()].sort(byName);
  const kept = new Set<AttemptCost>();
  for (const step of new Set(all.map((cost) => cost.step))) {
    const own = all.filter((cost) => cost.step === step);
    const one = own.find(({ outcome }) => outcome === 'committed') ?? own.find(({ outcome }) => outcome === 'done');
    if (one !== undefined) kept.add(one);
  }
  const wasted = all.filter((cost) => !kept.has(cost));
  const encodedMs: Record<string, number> = {};
  for (const cost of kept) for (const [name, ms] of Object.entries(cost.encodedMs)) encodedMs[name] = (encodedMs[name] ?? 0) + ms;
  return { attempts: all.length, ...sum(all), encodedMs, wasted: { attempts: wasted.length, ...sum(wasted) }, unreported: unreportedOf(all) };
}

const byName = (a: AttemptCost, b: AttemptCost): number => {
  const [one, other] = [`${a.step}/${a.activity}`, `${b.step}/${b.activity}`];
  return one === other ? a.attempt - b.attempt : one < other ? -1 : 1;
};

function sum(costs: readonly Used[]): Used {
  const of = (field: keyof Used): number => costs.reduce((total, cost) => total + cost[field], 0);
  return { cpuMs: of('cpuMs'), wallMs: of('wallMs'), bytesRead: of('bytesRead'), bytesWritten: of('bytesWritten'), requests: of('requests') };
}

/** Attempt 3 was the third: where 2 is not among those that told, it died without a word. */
function unreportedOf(all: readonly AttemptCost[]): CostReceipt['unreported'] {
  let [attempts, cpuMs] = [0, 0];
  for (const later of all) {
    const before = all.findLast((cost) => cost.step === later.step && cost.activity === later.activity && cost.attempt < later.attempt);
    const missing = later.attempt - 1 - (before?.attempt ?? 0);
    attempts += missing;
    if (missing > 0) cpuMs += later.before?.cpuMs ?? 0;
  }
  return { attempts, cpuMs };
}
