import { parsed, whole } from './option-values.js';

export interface DeletesOptions {
  readonly deletions: number;
  readonly seed: number;
  /** Keep the folder of the run, whatever its end. */
  readonly keep: boolean;
}

/** @throws StackFault in words */
export function parseDeletesArguments(argv: readonly string[]): DeletesOptions {
  const values = parse(argv);
  return {
    deletions: whole('--n', values.n ?? '8', 1, 1_000),
    seed: whole('--seed', values.seed ?? '1', 0, 2 ** 32 - 1),
    keep: values.keep ?? false,
  };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  return parsed({ args: [...argv], options: { n: text, seed: text, keep: { type: 'boolean' } }, strict: true }).values;
}
