import { randomUUID } from 'node:crypto';
import { PipelineError } from '../domain/errors.js';
import type { Logger } from '../runtime/logger.js';
import type { ApiContext, Next } from './context.js';
import { asPipelineError, problemOf } from './problem.js';

/** What a client may choose as its request id; anything else is replaced. */
const SANE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

const RETRY_AFTER_S = 2;

/**
 * First in the chain: names the request, and turns whatever is thrown behind it, and whatever nobody answers, into
 * one form of answer.
 */
export function errorMiddleware(logger: Logger) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const wanted = ctx.get('X-Request-Id');
    ctx.state.requestId = SANE_ID.test(wanted) ? wanted : randomUUID();
    ctx.set('X-Request-Id', ctx.state.requestId);
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) throw new PipelineError('NOT_FOUND');
      // The router leaves these two, with the header Allow set.
      if ((ctx.status === 405 || ctx.status === 501) && ctx.body == null) throw new PipelineError('METHOD_NOT_ALLOWED');
    } catch (thrown) {
      const error = asPipelineError(thrown);
      const problem = problemOf(error, { instance: ctx.path, requestId: ctx.state.requestId });
      // Who is turned away is counted, and told in one line (admission.ts).
      if (problem.status >= 500 && error.code !== 'OVERLOADED') {
        const { code, details } = error;
        // Away for a moment is the world's fault and heals; anything else is ours, and somebody has to look.
        logger[error.kind === 'transient' ? 'warn' : 'error'](
          { err: thrown, code, details, request_id: ctx.state.requestId, method: ctx.method, path: ctx.path },
          'a request failed',
        );
      }
      if (error.code === 'UNAUTHENTICATED') ctx.set('WWW-Authenticate', 'Bearer realm="reelmill"');
      // A limiter knows better, and has said so.
      if (error.kind === 'transient' && !ctx.res.hasHeader('Retry-After')) ctx.set('Retry-After', String(RETRY_AFTER_S));
      ctx.remove('ETag');
      ctx.status = problem.status;
      // All that some upload clients show of an answer that is no success.
      ctx.message = problem.title;
      ctx.body = JSON.stringify(problem);
      ctx.type = 'application/problem+json';
    }
  };
}
