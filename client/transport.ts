import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiOptions } from './api-options.js';
import { ClientFault, clientFault, codeOf, wordsOf } from './client-fault.js';
import { withDeadline } from './deadline.js';
import { exchangeText, type HttpAnswer } from './http-exchange.js';
import { pauseAfter } from './pauses.js';

/** A request, its body as text. */
export interface Wish {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws ClientFault for whatever is no success and no 304; or the signal's reason */
export type Transport = (wish: Wish) => Promise<HttpAnswer>;

const ONE_ANSWER_MS = 60_000;
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 3_000;
/** Calls of one upload: safe to repeat by themselves, and a kept answer would cost two writes a part. */
const NEEDS_NO_KEY = /^\/v1\/uploads\/[^/]+\//;

/** No answer that counts: why, and how long the server wants to be left alone. */
interface Later {
  readonly why: string;
  readonly waitMs: number;
  /** The answer's own words, where asking too often is what is wrong. */
  readonly refusal: ClientFault | null;
}

/**
 * Sends a request until there is an answer that counts. No answer, 429 and 5xx are tried again with growing pauses, and not
 * before `Retry-After`: every request here is safe to repeat, by its Idempotency-Key or by itself.
 */
export function createTransport(options: ApiOptions): Transport {
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  return async (wish) => {
    const sent = { ...wish, headers: headersOf(wish, options.apiKey) };
    // Not the wall clock: a laptop that slept for an hour has not waited for one.
    const endMs = performance.now() + patienceMs;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await withDeadline(ONE_ANSWER_MS, wish.signal, (signal) => exchangeText(sent, signal)).catch((error: unknown) => {
        if (wish.signal.aborted) throw error;
        return noAnswer(error);
      });
      const later = 'status' in answer ? laterOf(answer) : answer;
      if (later === null) return answer as HttpAnswer;
      const pauseMs = Math.max(Math.min(pauseAfter(attempt), LONGEST_PAUSE_MS), later.waitMs);
      if (performance.now() + (later.waitMs > 0 ? pauseMs : 0) > endMs) throw later.refusal ?? unavailable(options.baseUrl, patienceMs, later.why);
      if (attempt === 2) options.onTrouble?.(later.why);
      await sleep(pauseMs, undefined, { signal: wish.signal });
    }
  };
}

function headersOf({ method, url, headers, body }: Wish, apiKey: string): Record<string, string> {
  const keyed = method === 'POST' && !('idempotency-key' in headers) && !NEEDS_NO_KEY.test(new URL(url).pathname);
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(keyed ? { 'idempotency-key': randomUUID() } : {}),
    ...headers,
    authorization: `Bearer ${apiKey}`,
  };
}

/** No connection, or no answer in time: the API may be starting again. */
export const noAnswer = (error: unknown): Later => ({ why: codeOf(error) || wordsOf(error), waitMs: 0, refusal: null });

/** null for an answer that counts. @throws ClientFault for a refusal that asking again does not change */
export function laterOf(answer: HttpAnswer): Later | null {
  const { status, headers } = answer;
  if (status === 304 || (status >= 200 && status < 300)) return null;
  const refusal = refusalOf(answer);
  // An earlier try of the same request, whose answer was lost, is still at work.
  if (status !== 429 && status < 500 && refusal.code !== 'IDEMPOTENCY_KEY_IN_USE') throw refusal;
  return { why: `it answers ${status}`, waitMs: waitMsOf(headers['retry-after']), refusal: status === 429 ? refusal : null };
}

/** Seconds, or a date. */
function waitMsOf(header: string | undefined): number {
  if (header === undefined) return 0;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0;
}

export function unavailable(baseUrl: string, patienceMs: number, why: string): ClientFault {
  return clientFault('API_UNAVAILABLE', `The API at ${baseUrl} has not answered for ${Math.round(patienceMs / 1000)} s (${why}). Its log says more.`);
}

function refusalOf({ status, text }: HttpAnswer): ClientFault {
  const problem = jsonOf(text);
  if (typeof problem.code !== 'string' || typeof problem.detail !== 'string') {
    return new ClientFault(`HTTP_${status}`, `The API answered ${status}.`, { status });
  }
  const missingParts = Array.isArray(problem.missing_parts) ? problem.missing_parts.map(Number) : [];
  return new ClientFault(problem.code, problem.detail, { status, missingParts });
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    // A proxy's page, say: the status alone is told.
    return {};
  }
}
