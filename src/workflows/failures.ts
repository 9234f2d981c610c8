import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';
import type { Failure } from '../domain/artefact.js';
import { ERROR_CODES, isErrorCode, kindOf } from '../domain/errors.js';
import { type Recipe, type Tried, triedText, verdictOf } from '../domain/recipe.js';

/** The code and sentence behind whatever an activity or child failed with. Unknown causes are INTERNAL, with their message kept out of sight of owners. */
export function failureOf(error: unknown): Failure {
  const cause = rootOf(error);
  if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) return { code: cause.type, message: cause.message };
  if (cause instanceof TimeoutFailure) return { code: 'INTERNAL', message: `${ERROR_CODES.INTERNAL.text} A step ran out of time.` };
  return { code: 'INTERNAL', message: ERROR_CODES.INTERNAL.text };
}

function rootOf(error: unknown): unknown {
  let cause: unknown = error;
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause) cause = cause.cause;
  return cause;
}

/** What came of one try at a piece, as the activity's failure tells it. */
export function triedOf(error: unknown, recipe: Recipe): Tried & Failure {
  const cause = rootOf(error);
  const told = (cause instanceof ApplicationFailure ? cause.details?.[0] : null) as Record<string, unknown> | null | undefined;
  const damagedFrames = typeof told?.damagedFrames === 'number' ? told.damagedFrames : null;
  return { ...failureOf(error), recipe, movesOn: told?.movesOn === true, damagedFrames };
}

/** No way is left. A single try ends as it failed; of several it is said what was tried. */
export function nothingHelped(tried: readonly (Tried & Failure)[], error: unknown): unknown {
  const verdict = verdictOf(tried);
  if (tried.length <= 1 || verdict === null) return error;
  return ApplicationFailure.create({ type: verdict.code, message: `${verdict.message} ${triedText(tried)}`, nonRetryable: true });
}

/** The file or the request is at fault: nobody need look at it. */
export const isOwnersFault = (failure: Failure): boolean => kindOf(failure.code) === 'input';

/** Thrown inside processVideo to end it: the owner's fault, or a reviewer's word. */
export class Rejected extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}
