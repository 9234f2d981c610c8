import createOpenApiClient, { type Client } from 'openapi-fetch';
import type { ApiOptions } from './api-options.js';
import type { paths } from './openapi-types.js';
import { createTransport, type Transport } from './transport.js';

type Calls = Pick<Client<paths, 'application/json'>, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;

/** One request whose address and answer are known at run time only. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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

/**
 * Every call that the API's description lists, typed by it: `api.GET('/v1/videos/{video_id}', { params: { path: { video_id } } })`.
 * What is no success is thrown as a ClientFault; `bodyOf` gives the body of what is. A POST that makes something gets an
 * Idempotency-Key of its own where none is given, so each call may be tried again until it is answered.
 */
export interface ApiClient extends Calls {
  /** The same for an address that no description lists. */
  request(request: ApiRequest): Promise<ApiAnswer | null>;
}

const NEVER = new AbortController().signal;

export function createApiClient(options: ApiOptions): ApiClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const send = createTransport({ ...options, baseUrl });
  const calls = createOpenApiClient<paths, 'application/json'>({ baseUrl, Request: Asked as unknown as typeof Request, fetch: fetchOver(send) });
  return {
    ...{ GET: calls.GET, POST: calls.POST, PUT: calls.PUT, PATCH: calls.PATCH, DELETE: calls.DELETE },
    async request({ method, path, body, idempotencyKey, etag, signal }) {
      const headers = {
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
      };
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await send({ method, url: baseUrl + path, headers, body: text, signal });
      if (answer.status === 304) return null;
      const { etag: now, date } = answer.headers;
      return { etag: now, body: answer.text === '' ? null : JSON.parse(answer.text), serverTimeMs: timeOf(date) };
    },
  };
}

/** The body of a call's answer. */
export async function bodyOf<T>(call: Promise<{ readonly data?: T; readonly response: Response }>): Promise<NonNullable<T>> {
  const { data, response } = await call;
  if (data === undefined || data === null) throw new TypeError(`${response.status} without a body`);
  return data;
}

/** The server's clock when it answered, ms; null where it did not say. */
export const serverTimeMs = ({ headers }: Response): number | null => timeOf(headers.get('date'));

function timeOf(date: string | null | undefined): number | null {
  const timeMs = Date.parse(date ?? '');
  return Number.isNaN(timeMs) ? null : timeMs;
}

/** What is made of a call: its body as text and the caller's own signal, which the platform's Request would put into copies. */
class Asked {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal;

  constructor(
    readonly url: string,
    init: RequestInit,
  ) {
    this.method = init.method ?? 'GET';
    this.headers = new Headers(init.headers);
    this.body = init.body === undefined || init.body === null ? undefined : String(init.body);
    this.signal = init.signal ?? NEVER;
  }
}

function fetchOver(send: Transport): (asked: Request) => Promise<Response> {
  return async (asked) => {
    const { method, url, headers, body, signal } = asked as unknown as Asked;
    const answer = await send({ method, url, headers: Object.fromEntries(headers), body, signal });
    const named = Object.entries(answer.headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    return new Response(answer.text === '' ? null : answer.text, { status: answer.status, headers: named });
  };
}
