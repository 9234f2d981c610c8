import { z } from 'zod';
import { ERROR_CODES, type ErrorCode, kindOf, PipelineError } from '../domain/errors.js';
import type { Problem } from './schemas.js';

/** HTTP status by code, where the kind alone does not say it. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  UNAUTHENTICATED: 401,
  WRONG_KEYS: 429,
  FORBIDDEN: 403,
  // Not 507: nothing on our side is full, and clients repeat what is 5xx.
  QUOTA_EXCEEDED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  GENERATION_RUNNING: 409,
  GENERATION_GONE: 409,
  SOURCE_GONE: 409,
  UPLOAD_INCOMPLETE: 409,
  UPLOAD_MISMATCH: 409,
  UPLOAD_DAMAGED: 409,
  UPLOAD_CLOSED: 409,
  UPLOAD_EXPIRED: 409,
  CANCELLED: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  // As tus answers it: the announced file, not the request, is too large.
  UPLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  TOO_MANY_STREAMS: 429,
  IDEMPOTENCY_KEY_IN_USE: 409,
  // Not 429, for the same reason as the quota: repeating it today helps nobody.
  DAILY_LIMIT: 403,
  UPLOADS_LIMIT: 429,
  RATE_LIMITED: 429,
};
const STATUS_BY_KIND = { input: 422, transient: 503, bug: 500 } as const;

export const statusOf = (code: ErrorCode): number => STATUS[code] ?? STATUS_BY_KIND[kindOf(code)];

/** Whatever was thrown, as one of ours. */
export const asPipelineError = (error: unknown): PipelineError =>
  error instanceof PipelineError ? error : new PipelineError('INTERNAL', { cause: error });

/**
 * RFC 9457. What went wrong on our side is told by its code and the request id only: notes and causes may hold host
 * names and SQL, and go to the log.
 */
export function problemOf(error: PipelineError, at: { instance: string; requestId: string }): Problem {
  const { code } = error;
  const missing = error.details.missing_parts;
  return {
    type: `/docs/errors#${code}`,
    title: titleOf(code),
    status: statusOf(code),
    detail: error.kind === 'input' ? error.message : ERROR_CODES[code].text,
    instance: at.instance,
    code,
    ...(error.cause instanceof z.ZodError ? { errors: faultsOf(error.cause, String(error.details.in ?? '')) } : {}),
    ...(Array.isArray(missing) ? { missing_parts: missing.map(Number) } : {}),
    request_id: at.requestId,
  };
}

/** "UPLOAD_INCOMPLETE" → "Upload incomplete": the same for every occurrence of the code. */
export function titleOf(code: ErrorCode): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One line a fault; `pointer` is a JSON Pointer into the body, or begins with /query, /path or /headers. */
function faultsOf(error: z.ZodError, inside: string): { pointer: string; detail: string }[] {
  return error.issues.slice(0, 20).flatMap((issue) => {
    const path = issue.path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    if (issue.code !== 'unrecognized_keys') return [{ pointer: `${inside}${path}`, detail: issue.message }];
    return issue.keys.slice(0, 20).map((key) => ({
      pointer: `${inside}${path}/${key.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      detail: 'This field is not known.',
    }));
  });
}
