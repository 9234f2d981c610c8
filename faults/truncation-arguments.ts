import { parsed, whole } from './option-values.js';

export interface TruncationsOptions {
  readonly cuts: number;
  readonly seed: number;
  /** Bytes are changed, in place of cutting. Absent: no. */
  readonly damage?: boolean;
}

export const TRUNCATIONS_HELP = `  npm run faults -- truncations [--damage] --n N --seed S

  truncations  N sources in five containers, each cut at a seeded byte: looked at and planned under both policies, a part of
               them encoded too; whatever is published of one that is cut must be flagged
  --damage     bytes are changed and none is taken away; each file is made into a video, by the ladder of recipes where it is
               needed, and one that shows something else than the whole file must say so where anybody could tell
  --n N        cuts, or damages (default 1000)
  --seed S     decides which file is cut where (default 1)`;

/** @throws StackFault in words */
export function parseTruncationsArguments(argv: readonly string[]): TruncationsOptions {
  const text = { type: 'string' } as const;
  const options = { n: text, seed: text, damage: { type: 'boolean' } } as const;
  const { n = '1000', seed = '1', damage = false } = parsed({ args: [...argv], options, strict: true }).values;
  return { cuts: whole('--n', n, 1, 100_000), seed: whole('--seed', seed, 0, 2 ** 32 - 1), damage };
}
