import { parsed, whole } from './option-values.js';

export interface TruncationsOptions {
  readonly cuts: number;
  readonly seed: number;
}

export const TRUNCATIONS_HELP = `  npm run faults -- truncations --n N --seed S

  truncations  N sources in five containers, each cut at a seeded byte: looked at and planned under both policies, a part of
               them encoded too; whatever is published of one that is cut must be flagged
  --n N        cuts (default 1000)
  --seed S     decides which file is cut where (default 1)`;

/** @throws StackFault in words */
export function parseTruncationsArguments(argv: readonly string[]): TruncationsOptions {
  const text = { type: 'string' } as const;
  const { n = '1000', seed = '1' } = parsed({ args: [...argv], options: { n: text, seed: text }, strict: true }).values;
  return { cuts: whole('--n', n, 1, 100_000), seed: whole('--seed', seed, 0, 2 ** 32 - 1) };
}
