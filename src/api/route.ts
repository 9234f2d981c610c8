import type { ZodType, z } from 'zod';
import type { RequestMark, Trace } from '../catalogue/tenancy.js';
import { type ErrorCode, PipelineError } from '../domain/errors.js';
import type { Scope } from '../domain/scopes.js';
import type { ApiContext, Caller } from './context.js';
import { nestedQuery } from './nested-query.js';
import { idempotencyHeaders } from './schemas-tenancy.js';

/** One answer that is no problem. `schema` null: no body. */
export interface AnswerSpec {
  readonly description: string;
  readonly schema: ZodType | null;
  /** Media type; application/json where absent. */
  readonly type?: string;
  /** Another media type of the same answer, as text, for who asks for it. */
  readonly also?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route: how it is called, what it answers, and what it does. The router and the OpenAPI document are both made from it. */
export interface RouteSpec<P extends ZodType, Q extends ZodType, H extends ZodType, B extends ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** OpenAPI form: /v1/videos/{video_id} */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** `key`: a caller is needed. `secret`: the route asks for a secret of its own. */
  readonly auth: 'key' | 'secret' | 'none';
  /** With `key`: the caller holds one of these. Left out, only an operator may: a route that forgets it is shut, not open. */
  readonly scopes?: readonly Scope[];
  /** It takes an Idempotency-Key, as every POST with an API key does. */
  readonly takesIdempotencyKey?: boolean;
  /** Part of an upload that is under way: it never answers 429. */
  readonly unlimited?: boolean;
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  /** Longest body, bytes, where the usual limit is too small. */
  readonly maxJsonBytes?: number;
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Problems of this route's own; the ones that every route has are added to the document. */
  readonly problems?: readonly ErrorCode[];
  handle(call: Call<z.output<P>, z.output<Q>, z.output<H>, z.output<B>>): Promise<Answer>;
}

/** A request, checked. */
export interface Call<P, Q, H, B> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  readonly caller: Caller;
  /** Who asks, for the audit: goes with every write. */
  readonly trace: Trace;
  /** Seals an answer for those who repeat the request; null where nobody can. */
  readonly seal: (answer: Answer) => string | null;
  /** Scheme and host that the client used, no slash at the end. */
  readonly origin: string;
  /** Aborted when the client is gone: nobody reads the answer. */
  readonly gone: AbortSignal;
  /** From here on the request only waits, for others or for time: its place is free for one that works. */
  readonly giveUpPlace: () => void;
  readonly peer: Peer;
}

/** Where a request comes from, for routes that no API key opens. */
export interface Peer {
  /** The other end of the connection is on this machine, and no proxy says that it speaks for somebody else. */
  readonly local: boolean;
  /** The header Authorization, as sent. */
  readonly authorization: string;
  readonly eventsSecret: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `body` as JSON, where it is at hand. */
  readonly text?: string;
  /** The answer is worth nothing afterwards (a URL in it ends): who repeats the request then gets a new one. */
  readonly goodUntil?: string;
}

/** What is left to do of a request that has been checked. */
export interface CheckedRequest {
  readonly method: string;
  readonly path: string;
  readonly ids: unknown;
  readonly query: unknown;
  /** As it was sent. */
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
  readonly caller: Caller;
  readonly gone: AbortSignal;
  readonly giveUpPlace: () => void;
}

/** The claim of a request with an Idempotency-Key. */
export interface Claim {
  readonly mark: RequestMark;
  readonly seal: (answer: Answer) => string | null;
}

/** Does the work of a request: once for an Idempotency-Key. */
export type RunOnce = (request: CheckedRequest, work: (claim: Claim | null) => Promise<Answer>) => Promise<Answer>;

/** A route with its types erased, for tables. */
export interface Route extends Omit<RouteSpec<ZodType, ZodType, ZodType, ZodType>, 'handle' | 'params' | 'query' | 'headers' | 'body'> {
  readonly request: {
    readonly params: ZodType | null;
    readonly query: ZodType | null;
    readonly headers: ZodType | null;
    readonly body: ZodType | null;
  };
  /** Checks the request, calls the handler, writes its answer. */
  run(ctx: ApiContext, once: RunOnce): Promise<void>;
}

export function route<P extends ZodType, Q extends ZodType, H extends ZodType, B extends ZodType>(spec: RouteSpec<P, Q, H, B>): Route {
  const { handle, params, query, body, ...rest } = spec;
  const keyed = isKeyed(spec);
  const headers = spec.headers ?? (keyed ? idempotencyHeaders : undefined);
  return {
    ...rest,
    request: { params: params ?? null, query: query ?? null, headers: headers ?? null, body: body ?? null },
    async run(ctx, once) {
      ctx.state.route = spec.path;
      if (spec.auth === 'key') mustHold(callerOf(ctx), spec.scopes ?? ['ops']);
      // An id of the wrong form names nothing: 404 as for any other id, and it never reaches the database.
      const path = params?.safeParse(ctx.params);
      if (path && !path.success) throw new PipelineError('NOT_FOUND');
      ctx.state.ids = (path?.data as Record<string, string> | undefined) ?? {};
      const given = {
        params: path?.data,
        // Koa parses the query whenever it is asked for it.
        query: query && checked(query, nestedQuery(ctx.query), '/query'),
        headers: checked(headers, ctx.headers, '/headers'),
        body: checked(body, ctx.request.body, ''),
      };
      const work = (claim: Claim | null): Promise<Answer> =>
        handle(new CheckedCall(ctx, spec.operationId, given, claim) as Parameters<typeof handle>[0]);
      if (!keyed) return write(ctx, await work(null));
      const { method, path: pattern } = spec;
      const asked = {
        ...{ method, path: pattern, ids: given.params, query: given.query, body: ctx.request.body },
        idempotencyKey: ctx.get('Idempotency-Key') || undefined,
        caller: callerOf(ctx),
        giveUpPlace: () => ctx.state.giveUpPlace?.(),
        get gone() {
          return goneSignal(ctx);
        },
      };
      write(ctx, await once(asked, work));
    },
  };
}

interface Given {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/** What a handler is called with. What not every handler looks at is made when it is asked for: most look at little of it. */
class CheckedCall implements Call<unknown, unknown, unknown, unknown> {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  readonly #ctx: ApiContext;
  readonly #operationId: string;
  readonly #claim: Claim | null;

  constructor(ctx: ApiContext, operationId: string, { params, query, headers, body }: Given, claim: Claim | null) {
    this.params = params;
    this.query = query;
    this.headers = headers;
    this.body = body;
    this.#ctx = ctx;
    this.#operationId = operationId;
    this.#claim = claim;
  }

  get caller(): Caller {
    return callerOf(this.#ctx);
  }

  get trace(): Trace {
    const { tenantId, keyId } = this.caller;
    return { audit: { tenantId, keyId, route: this.#operationId, requestId: this.#ctx.state.requestId }, request: this.#claim?.mark };
  }

  get seal(): Call<unknown, unknown, unknown, unknown>['seal'] {
    return this.#claim?.seal ?? (() => null);
  }

  /** Koa's own ctx.origin is the Origin header. */
  get origin(): string {
    return `${this.#ctx.protocol}://${this.#ctx.host}`;
  }

  get gone(): AbortSignal {
    return goneSignal(this.#ctx);
  }

  get giveUpPlace(): () => void {
    return () => this.#ctx.state.giveUpPlace?.();
  }

  get peer(): Peer {
    return peerOf(this.#ctx);
  }
}

/** Whether it is done once for an Idempotency-Key. */
export const isKeyed = ({ auth, method, takesIdempotencyKey }: Pick<Route, 'auth' | 'method' | 'takesIdempotencyKey'>): boolean =>
  auth === 'key' && (method === 'post' || takesIdempotencyKey === true);

function mustHold(caller: Caller, scopes: readonly Scope[]): void {
  if (scopes.some((scope) => caller.scopes.includes(scope))) return;
  throw new PipelineError('FORBIDDEN', { note: `It needs the scope ${scopes.map((scope) => `"${scope}"`).join(' or ')}.` });
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

function peerOf(ctx: ApiContext): Peer {
  const proxied = ['Forwarded', 'X-Forwarded-For', 'X-Real-IP'].some((name) => ctx.get(name) !== '');
  return {
    local: !proxied && LOOPBACK.test(ctx.req.socket.remoteAddress ?? ''),
    authorization: ctx.get('Authorization'),
    eventsSecret: ctx.get('X-Reelmill-Events-Secret'),
  };
}

function callerOf(ctx: ApiContext): Caller {
  if (!ctx.state.caller) throw new PipelineError('UNAUTHENTICATED');
  return ctx.state.caller;
}

function checked(schema: ZodType | undefined, value: unknown, inside: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const tooLarge = parsed.error.issues.find((issue) => issue.code === 'too_big' && issue.path[0] === 'size_bytes');
  throw new PipelineError(tooLarge ? 'UPLOAD_TOO_LARGE' : 'REQUEST_INVALID', { cause: parsed.error, details: { in: inside } });
}

/** One for a request, made when it is first asked for: most end before anybody could go. */
function goneSignal(ctx: ApiContext): AbortSignal {
  if (ctx.state.gone) return ctx.state.gone;
  const gone = new AbortController();
  ctx.state.gone = gone.signal;
  if (ctx.res.closed) gone.abort();
  ctx.res.once('close', () => gone.abort());
  return gone.signal;
}

function write(ctx: ApiContext, answer: Answer): void {
  for (const [name, value] of Object.entries(answer.headers ?? {})) ctx.set(name, value);
  const etag = answer.headers?.ETag;
  if (etag !== undefined && answer.status === 200 && etagMatches(ctx.get('If-None-Match'), etag)) {
    ctx.status = 304;
    return;
  }
  ctx.status = answer.status;
  if (answer.body === undefined) return;
  const named = ctx.response.get('Content-Type') !== '';
  if (!named) ctx.set('Content-Type', 'application/json; charset=utf-8');
  // As text: of an object Koa looks up a media type for every answer.
  ctx.body = named ? answer.body : (answer.text ?? JSON.stringify(answer.body));
}

/** If-None-Match against one ETag; weak and strong ones count alike, as RFC 9110 says for GET. */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}

/** Addresses of a route. */
export const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
