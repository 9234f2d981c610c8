import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { PipelineError } from '../domain/errors.js';
import { faultsSoFar, type HeartbeatDetails } from './with-heartbeat.js';

/** Faults that may lie in the content are tried this often in all, then a person looks. */
export const MAX_CONTENT_FAULTS = 3;

/**
 * The one place that turns Reelmill's errors into Temporal's: type = code.
 *
 * - `input`: never retried.
 * - `transient`: retried by the policy until its deadline; burns nothing. A draining worker hands over within a second.
 * - `bug` and everything unknown: counted in the heartbeat details, which the server hands to the next attempt; the
 *   third is final.
 */
export function createFailureInterceptor(): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

function translate(error: unknown): unknown {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const known = error instanceof PipelineError ? error : new PipelineError('INTERNAL', { cause: error });
  const base = { message: known.message, type: known.code, details: [known.details], cause: causeOf(error) };
  // Too much for this class of machine: the workflow knows a larger one.
  const movesUp = known.code === 'RESOURCE_LIMIT' && known.details.movesUp === true;
  if (known.kind === 'input' || movesUp) return ApplicationFailure.create({ ...base, nonRetryable: true });
  if (known.code === 'WORKER_DRAINING') return ApplicationFailure.create({ ...base, nextRetryDelay: '1s' });
  if (known.kind === 'transient') return ApplicationFailure.create(base);
  const contentFaults = faultsSoFar().contentFaults + 1;
  Context.current().heartbeat({ contentFaults } satisfies HeartbeatDetails);
  return ApplicationFailure.create({ ...base, nonRetryable: contentFaults >= MAX_CONTENT_FAULTS });
}

/** History keeps failures whole up to 4 kB; a long stack or stderr is cut before it gets there. */
function causeOf(error: unknown): Error | undefined {
  const cause = error instanceof PipelineError ? error.cause : error;
  if (!(cause instanceof Error)) return undefined;
  const short = new Error(cause.message.slice(0, 1000));
  short.stack = cause.stack?.slice(0, 1500);
  return short;
}
