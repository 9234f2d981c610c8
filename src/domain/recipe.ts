import { type ErrorCode, kindOf } from './errors.js';
import type { Plan } from './plan.js';
import type { TruncatedPolicy } from './truncation.js';

/**
 * Ways to read one piece of a source, from the one for honest sources to those for damaged ones:
 *
 * - `normal`: what is missing is missed.
 * - `tolerant`: packets that are marked as broken are left out, times that are missing are made up, and a place for which
 *   no frame came shows the one before.
 * - `concealing`: from an earlier key frame on, and whatever the decoder gives is taken, broken packets included.
 * - `remuxed`: the same out of another container, into which the pictures were put first.
 */
export const RECIPES = ['normal', 'tolerant', 'concealing', 'remuxed'] as const;
export type Recipe = (typeof RECIPES)[number];

/** What came of one try at a piece. */
export interface Tried {
  readonly recipe: Recipe;
  readonly code: ErrorCode;
  /** There is damage: the same again would only come to the same. */
  readonly movesOn: boolean;
  /** Damaged frames in the whole piece that it made. null: it made none. */
  readonly damagedFrames: number | null;
}

/** `settle`: what is made now is taken, however damaged. */
export interface Step {
  readonly recipe: Recipe;
  readonly settle: boolean;
}

/**
 * The next try at a damaged piece; null: there is none. Pure, so that a piece that is begun anew goes the same way. One
 * that nobody saw damage in is not tried otherwise: that is a fault of ours, and a person looks at it.
 * @param tried in order, not empty
 * @param source.remuxed its pictures come out of another container already
 */
export function nextStep(tried: readonly Tried[], source: { readonly remuxed: boolean; readonly policy: TruncatedPolicy }): Step | null {
  const last = tried.at(-1);
  if (last === undefined || !tried[0]?.movesOn || !mayLieInContent(last)) return null;
  const left = RECIPES.filter((recipe) => !tried.some((one) => one.recipe === recipe) && (recipe !== 'remuxed' || !source.remuxed));
  const [recipe] = left;
  if (recipe !== undefined) return { recipe, settle: false };
  const best = leastDamaged(tried);
  return best === null || isSettled(tried) || source.policy === 'refuse' ? null : { recipe: best.recipe, settle: true };
}

/** What a plan says of its source, as far as its pieces' ways depend on it. */
export const damageWish = ({ damagedSources, input, video }: Pick<Plan, 'damagedSources' | 'input' | 'video'>) => ({
  policy: damagedSources ?? 'refuse',
  remuxed: input !== undefined || video.fromStart === true,
});

/**
 * Which try says why it ended: the one that made the best piece, if that is too damaged for its tenant; else the last, about
 * which a person decides. null: nothing was tried.
 */
export function verdictOf<T extends Tried>(tried: readonly T[]): T | null {
  const last = tried.at(-1) ?? null;
  if (last === null || !mayLieInContent(last) || isSettled(tried)) return last;
  return leastDamaged(tried) ?? last;
}

/** Only the piece that is settled for is made a second time. */
const isSettled = (tried: readonly Tried[]): boolean => new Set(tried.map(({ recipe }) => recipe)).size < tried.length;

/** The try whose piece has the fewest damaged frames, the earliest of several; null where none made one. */
function leastDamaged<T extends Tried>(tried: readonly T[]): T | null {
  return tried.reduce<T | null>(
    (best, one) => (one.damagedFrames === null || (best !== null && (best.damagedFrames ?? 0) <= one.damagedFrames) ? best : one),
    null,
  );
}

/** "Tried: normal (ENCODE_MISMATCH), tolerant (SOURCE_DAMAGED)." */
export const triedText = (tried: readonly Tried[]): string => `Tried: ${tried.map(({ recipe, code }) => `${recipe} (${code})`).join(', ')}.`;

const mayLieInContent = ({ movesOn, code }: Tried): boolean => movesOn || kindOf(code) === 'bug';
