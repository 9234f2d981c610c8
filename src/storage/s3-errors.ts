import { PipelineError } from '../domain/errors.js';

/** What was asked of S3: for the error's details. */
export interface S3Call {
  /** S3's own name, e.g. "PutObject". */
  readonly operation: string;
  readonly key?: string;
  /** The caller's signal: an abort by it is the caller's own business and comes back as it was given. */
  readonly signal?: AbortSignal;
  /** The answer was good so far: whatever breaks its body is cured by asking again. */
  readonly begun?: boolean;
}

/** The parts of the SDK's errors that are read here; every one of them may be absent. */
interface SdkError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly $retryable?: unknown;
  readonly $response?: { readonly statusCode?: unknown };
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown; readonly attempts?: unknown };
}

/** Codes that S3 and the SDK give to trouble that passes. An AbortError that no caller asked for is our own deadline. */
const PASSING = new Set([
  ...['TimeoutError', 'AbortError', 'ShortBody', 'InternalError', 'ServiceUnavailable', 'SlowDown', 'OperationAborted'],
  ...['RequestTimeout', 'RequestTimeoutException', 'Throttling', 'ThrottlingException', 'TooManyRequests', 'RequestLimitExceeded'],
]);
/** Node's names for a network that fails: ECONNREFUSED, EAI_AGAIN, HPE_INVALID_CONSTANT and their kin, but not ERR_…, which are our own misuse. */
const NETWORK = /^(E(?!RR_)[A-Z_]+|HPE_[A-Z_]+|UND_ERR_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE)$/;

/**
 * The one place where an error of the SDK becomes ours.
 * STORAGE_UNAVAILABLE: network, time-out, 429, 5xx, an answer that says 200 and cannot be read.
 * INTERNAL: everything else, with S3's code in `details.s3Code` and the status in `details.httpStatus`.
 * A PipelineError passes as it is; after an abort by the caller, the signal's reason comes back.
 */
export function translateS3Error(thrown: unknown, call: S3Call): unknown {
  if (call.signal?.aborted) return call.signal.reason;
  if (thrown instanceof PipelineError) return thrown;
  const error: SdkError = typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) };
  const s3Code = text(error.Code) ?? text(error.name) ?? 'unknown';
  const httpStatus = number(error.$metadata?.httpStatusCode) ?? number(error.$response?.statusCode);
  return new PipelineError(call.begun || passes(error, s3Code, httpStatus) ? 'STORAGE_UNAVAILABLE' : 'INTERNAL', {
    note: `(${call.operation}: ${text(error.code) ?? s3Code}, ${text(error.message) ?? 'no message'})`,
    details: {
      operation: call.operation,
      s3Code,
      ...(call.key === undefined ? {} : { key: call.key }),
      ...(httpStatus === null ? {} : { httpStatus }),
      ...(text(error.code) === null ? {} : { networkCode: text(error.code) }),
      ...(text(error.$metadata?.requestId) === null ? {} : { requestId: text(error.$metadata?.requestId) }),
      ...(number(error.$metadata?.attempts) === null ? {} : { attempts: number(error.$metadata?.attempts) }),
    },
    cause: thrown,
  });
}

/** True for a translated error that carries one of these codes of S3. */
export function isS3Code(error: unknown, ...codes: readonly string[]): error is PipelineError {
  return error instanceof PipelineError && typeof error.details.s3Code === 'string' && codes.includes(error.details.s3Code);
}

/** True for a translated error that S3 sent with this HTTP status. */
export function isS3Status(error: unknown, httpStatus: number): error is PipelineError {
  return error instanceof PipelineError && error.details.httpStatus === httpStatus;
}

function passes(error: SdkError, s3Code: string, httpStatus: number | null): boolean {
  if (PASSING.has(s3Code) || error.$retryable !== undefined) return true;
  if (httpStatus !== null) return httpStatus >= 500 || httpStatus === 429 || (httpStatus >= 200 && httpStatus < 300);
  // No answer at all. What the SDK tried more than once, it took for the network's fault too.
  return NETWORK.test(text(error.code) ?? '') || (number(error.$metadata?.attempts) ?? 1) > 1;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
