import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ClientFault, clientFault, codeOf, wordsOf } from './client-fault.js';
import { withDeadline } from './deadline.js';
import { exchangeText } from './http-exchange.js';
import { pauseAfter } from './pauses.js';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** Asks only for something newer: the answer is null where there is nothing. */
  readonly etag?: string | undefined;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly etag: string | undefined;
  readonly body: unknown;
  /** The server's clock when it answered, ms; null where it did not say. */
  readonly serverTimeMs: number | null;
}

export interface ApiClient {
  request(request: ApiRequest): Promise<ApiAnswer | null>;
}

export interface ApiOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How long one request is tried again while the API does not answer; default two minutes. */
  readonly patienceMs?: number;
  /** Told once for each request that has to wait: why. */
  readonly onTrouble?: (why: string) => void;
}

const ONE_ANSWER_MS = 60_000;
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 3_000;
const problem = z.object({ code: z.string(), detail: z.string(), missing_parts: z.array(z.number()).default([]) });

/** No answer that counts: why, and how long the server wants to be left alone. */
interface Later {
  readonly why: string;
  readonly waitMs: number;
}

/**
 * Speaks JSON with the public API. No answer, 429 and 5xx are tried again with growing pauses: every request here is
 * safe to repeat, by its idempotency key or by itself.
 * @throws ClientFault; or the signal's reason
 */
export function createApiClient(options: ApiOptions): ApiClient {
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  return {
    async request(request) {
      // Not the wall clock: a laptop that slept for an hour has not waited for one.
      const endMs = performance.now() + patienceMs;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await withDeadline(ONE_ANSWER_MS, request.signal, (signal) => ask(options, request, signal)).catch((error: unknown): Later => {
          if (request.signal.aborted || error instanceof ClientFault) throw error;
          return { why: codeOf(error) || wordsOf(error), waitMs: 0 }; // no connection or no answer in time: the API may be starting again
        });
        if (answer === null || 'body' in answer) return answer;
        if (performance.now() > endMs) {
          const waited = `${Math.round(patienceMs / 1000)} s`;
          throw clientFault('API_UNAVAILABLE', `The API at ${options.baseUrl} has not answered for ${waited} (${answer.why}). Its log says more.`);
        }
        if (attempt === 2) options.onTrouble?.(answer.why);
        await sleep(Math.max(Math.min(pauseAfter(attempt), LONGEST_PAUSE_MS), answer.waitMs), undefined, { signal: request.signal });
      }
    },
  };
}

async function ask(
  options: ApiOptions,
  { method, path, body, idempotencyKey, etag }: ApiRequest,
  signal: AbortSignal,
): Promise<ApiAnswer | null | Later> {
  const headers: Record<string, string> = { Authorization: `Bearer ${options.apiKey}`, Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
  if (etag !== undefined) headers['If-None-Match'] = etag;
  const answer = await exchangeText(options.baseUrl + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }, signal);
  const { status, text } = answer;
  if (status === 304) return null;
  if (status >= 200 && status < 300) {
    const serverTimeMs = Date.parse(answer.headers.date ?? '');
    return {
      etag: answer.headers.etag,
      body: text === '' ? null : JSON.parse(text),
      serverTimeMs: Number.isNaN(serverTimeMs) ? null : serverTimeMs,
    };
  }
  if (status !== 429 && status < 500) {
    const refusal = refusalOf(status, text);
    // An earlier try of the same request, whose answer was lost, is still at work.
    if (refusal.code !== 'IDEMPOTENCY_KEY_IN_USE') throw refusal;
  }
  const waitS = Number(answer.headers['retry-after'] ?? 0);
  return { why: `it answers ${status}`, waitMs: waitS > 0 && waitS <= 30 ? waitS * 1000 : 0 };
}

function refusalOf(status: number, text: string): ClientFault {
  const parsed = problem.safeParse(parseJson(text));
  if (!parsed.success) return new ClientFault(`HTTP_${status}`, `The API answered ${status}.`, { status });
  return new ClientFault(parsed.data.code, parsed.data.detail, { status, missingParts: parsed.data.missing_parts });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, say: the status alone is told.
    return null;
  }
}
