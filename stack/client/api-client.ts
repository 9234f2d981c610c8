import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** An answer of the API that asking again does not change, or that went on for too long. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly missingParts: readonly number[],
  ) {
    super(message);
  }
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
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
}

export interface ApiClient {
  request(request: ApiRequest): Promise<ApiAnswer | null>;
}

const ONE_ANSWER_MS = 60_000;
const PATIENCE_MS = 120_000;
const problem = z.object({ code: z.string(), detail: z.string(), missing_parts: z.array(z.number()).default([]) });

/**
 * Speaks JSON with the public API. No answer, 429 and 5xx are tried again with growing pauses for two minutes: every
 * request here is safe to repeat, POSTs by their idempotency key.
 * @throws ApiRefusal; or the signal's reason
 */
export function createApiClient(options: { readonly baseUrl: string; readonly apiKey: string; readonly patienceMs?: number }): ApiClient {
  const once = async ({ method, path, body, idempotencyKey, etag, signal }: ApiRequest): Promise<ApiAnswer | null | 'later'> => {
    const headers: Record<string, string> = { Authorization: `Bearer ${options.apiKey}`, Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    if (etag !== undefined) headers['If-None-Match'] = etag;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ONE_ANSWER_MS)]);
    const response = await fetch(options.baseUrl + path, {
      method,
      headers,
      signal: limit,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 304) return null;
    if (response.ok) return { etag: response.headers.get('etag') ?? undefined, body: text === '' ? null : JSON.parse(text) };
    if (response.status === 429 || response.status >= 500) return 'later';
    throw refusalOf(response.status, text);
  };
  return {
    async request(request) {
      const endMs = Date.now() + (options.patienceMs ?? PATIENCE_MS);
      for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 3_000)) {
        const answer = await once(request).catch((error: unknown) => {
          if (request.signal.aborted || error instanceof ApiRefusal) throw error;
          return 'later' as const; // no connection or no answer in time: the API may be starting again
        });
        if (answer !== 'later') return answer;
        if (Date.now() > endMs)
          throw new ApiRefusal(
            0,
            'API_UNAVAILABLE',
            `The API has not answered for ${Math.round((options.patienceMs ?? PATIENCE_MS) / 1000)} s. Its log says more.`,
            [],
          );
        await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal: request.signal });
      }
    },
  };
}

function refusalOf(status: number, text: string): ApiRefusal {
  const parsed = problem.safeParse(parseJson(text));
  if (!parsed.success) return new ApiRefusal(status, `HTTP_${status}`, `The API answered ${status}.`, []);
  return new ApiRefusal(status, parsed.data.code, parsed.data.detail, parsed.data.missing_parts);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, say: the status alone is told.
    return null;
  }
}
