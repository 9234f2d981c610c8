import { z } from 'zod';

const kind = z.object({ title: z.string(), count: z.number() });

/** What is read of Schemathesis' own report. */
const schema = z.object({
  seed: z.number(),
  running_time: z.number(),
  complete: z.boolean(),
  operations: z.object({ total: z.number(), tested: z.number() }),
  phases: z.record(z.string(), z.object({ status: z.string() })),
  test_cases: z.object({ generated: z.number() }),
  failures: z.array(kind),
  errors: z.array(kind),
});

export interface FuzzReport {
  /** Every operation was called, and no promise broke. */
  readonly ok: boolean;
  readonly seed: number;
  readonly seconds: number;
  readonly operations: number;
  readonly tested: number;
  /** Requests, each held to all checks. */
  readonly cases: number;
  /** Different answers that the description does not allow, server errors among them. */
  readonly failures: number;
  /** Requests that got no answer. */
  readonly errors: number;
  /** What it said of them: the request, the answer, and how to send it again. */
  readonly words: string;
}

/** @param said what it printed */
export function reportOf(found: unknown, said: string): FuzzReport {
  const { seed, running_time, complete, operations, phases, test_cases, failures, errors } = schema.parse(found);
  const [failed, errored] = [failures, errors].map((kinds) => kinds.reduce((sum, { count }) => sum + count, 0)) as [number, number];
  const broken = Object.values(phases).some(({ status }) => status === 'failure' || status === 'error');
  return {
    ok: complete && !broken && failed === 0 && errored === 0 && operations.tested === operations.total && test_cases.generated > 0,
    seed,
    seconds: Math.round(running_time),
    operations: operations.total,
    tested: operations.tested,
    cases: test_cases.generated,
    failures: failed,
    errors: errored,
    words: /^=+ (?:FAILURES|ERRORS) =+$.*?(?=^=+ (?:WARNINGS|SUMMARY) =+$)/ms.exec(said)?.[0] ?? '',
  };
}
