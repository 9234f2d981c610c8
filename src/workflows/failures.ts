import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';
import type { Failure } from '../domain/artefact.js';
import { ERROR_CODES, isErrorCode, kindOf } from '../domain/errors.js';

/** The code and sentence behind whatever an activity or child failed with. Unknown causes are INTERNAL, with their message kept out of sight of owners. */
export function failureOf(error: unknown): Failure {
  let cause: unknown = error;
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause) cause = cause.cause;
  if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) return { code: cause.type, message: cause.message };
  if (cause instanceof TimeoutFailure) return { code: 'INTERNAL', message: `${ERROR_CODES.INTERNAL.text} A step ran out of time.` };
  return { code: 'INTERNAL', message: ERROR_CODES.INTERNAL.text };
}

/** The file or the request is at fault: nobody need look at it. */
export const isOwnersFault = (failure: Failure): boolean => kindOf(failure.code) === 'input';

/** Thrown inside processVideo to end it: the owner's fault, or a reviewer's word. */
export class Rejected extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}
