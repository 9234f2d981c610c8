import { parsed, whole } from './option-values.js';

export interface AbandonedOptions {
  readonly sessions: number;
  readonly seed: number;
  /** Keep the folder of the run, whatever its end. */
  readonly keep: boolean;
}

export const ABANDONED_HELP = `  npm run faults -- abandoned --n N --seed S

  abandoned    N upload sessions with a life of seconds, each left alone at a seeded point (after create, after sign, after
               some parts, after all parts but without complete); then what is left of them when their time is over
  --n N        sessions (default 20)
  --seed S     decides who gets how far (default 1)
  --keep       keep the folder with logs and the stack's data`;

/** @throws StackFault in words */
export function parseAbandonedArguments(argv: readonly string[]): AbandonedOptions {
  const { n = '20', seed = '1', keep = false } = parse(argv);
  return { sessions: whole('--n', n, 1, 100_000), seed: whole('--seed', seed, 0, 2 ** 32 - 1), keep };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  return parsed({ args: [...argv], options: { n: text, seed: text, keep: { type: 'boolean' } }, strict: true }).values;
}
