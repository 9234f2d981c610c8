import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type ErrorDetails, PipelineError } from '../domain/errors.js';
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
  const details = shortened(known.details);
  // What a pending activity shows is cut; whoever needs the whole command finds it in the worker's log.
  if (details !== known.details) Context.current().log.warn(known.message, { code: known.code, ...known.details });
  const base = { message: known.message, type: known.code, details: [details], cause: causeOf(error) };
  // Too much for this class of machine, or for this way to read a damaged source: the workflow knows a larger one, and another way.
  const movesOn = known.details.movesUp === true || known.details.movesOn === true;
  if (known.kind === 'input' || movesOn) return ApplicationFailure.create({ ...base, nonRetryable: true });
  if (known.code === 'WORKER_DRAINING') return ApplicationFailure.create({ ...base, nextRetryDelay: '1s' });
  if (known.kind === 'transient') return ApplicationFailure.create(base);
  const contentFaults = faultsSoFar().contentFaults + 1;
  Context.current().heartbeat({ contentFaults } satisfies HeartbeatDetails);
  return ApplicationFailure.create({ ...base, nonRetryable: contentFaults >= MAX_CONTENT_FAULTS });
}

/**
 * The server keeps the failure of an attempt that is tried again up to 4 kB, and puts "Failure exceeds size limit." in the
 * place of a larger one, code and all. So strings are cut: what a program said at its end, everything else at its beginning.
 */
export function shortened(details: ErrorDetails): ErrorDetails {
  const cut = (name: string, value: ErrorDetails[string]): ErrorDetails[string] => {
    if (typeof value !== 'string' || value.length <= DETAIL_CHARS) return value;
    return name.endsWith('Tail') ? `…${value.slice(-DETAIL_CHARS)}` : `${value.slice(0, DETAIL_CHARS)}…`;
  };
  const entries = Object.entries(details).map(([name, value]) => [name, cut(name, value)] as const);
  return entries.some(([name, value]) => value !== details[name]) ? Object.fromEntries(entries) : details;
}

/** Two such strings, a cause, and the failure's own message and stack come to 3 kB. */
const DETAIL_CHARS = 600;

function causeOf(error: unknown): Error | undefined {
  const cause = error instanceof PipelineError ? error.cause : error;
  if (!(cause instanceof Error)) return undefined;
  const short = new Error(cause.message.slice(0, 300));
  short.stack = cause.stack?.slice(0, 700);
  return short;
}
