import type { ZodType, z } from 'zod';
import { type ErrorCode, PipelineError } from '../domain/errors.js';
import type { ApiContext, Caller } from './context.js';

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
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** OpenAPI form: /v1/videos/{video_id} */
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** `key`: a caller is needed. `secret`: the route asks for a secret of its own. */
  readonly auth: 'key' | 'secret' | 'none';
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
  /** Scheme and host that the client used, no slash at the end. */
  readonly origin: string;
  /** Aborted when the client is gone: nobody reads the answer. */
  readonly gone: AbortSignal;
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
}

/** A route with its types erased, for tables. */
export interface Route extends Omit<RouteSpec<ZodType, ZodType, ZodType, ZodType>, 'handle' | 'params' | 'query' | 'headers' | 'body'> {
  readonly request: {
    readonly params: ZodType | null;
    readonly query: ZodType | null;
    readonly headers: ZodType | null;
    readonly body: ZodType | null;
  };
  /** Checks the request, calls the handler, writes its answer. */
  run(ctx: ApiContext): Promise<void>;
}

export function route<P extends ZodType, Q extends ZodType, H extends ZodType, B extends ZodType>(spec: RouteSpec<P, Q, H, B>): Route {
  const { handle, params, query, headers, body, ...rest } = spec;
  return {
    ...rest,
    request: { params: params ?? null, query: query ?? null, headers: headers ?? null, body: body ?? null },
    async run(ctx) {
      ctx.state.route = spec.path;
      if (spec.auth === 'key') callerOf(ctx);
      // An id of the wrong form names nothing: 404 as for any other id, and it never reaches the database.
      const path = params?.safeParse(ctx.params);
      if (path && !path.success) throw new PipelineError('NOT_FOUND');
      ctx.state.ids = (path?.data as Record<string, string> | undefined) ?? {};
      let gone: AbortSignal | undefined;
      const call = {
        params: path?.data,
        query: checked(query, ctx.query, '/query'),
        headers: checked(headers, ctx.headers, '/headers'),
        body: checked(body, ctx.request.body, ''),
        get caller() {
          return callerOf(ctx);
        },
        // Koa's own ctx.origin is the Origin header.
        origin: `${ctx.protocol}://${ctx.host}`,
        // Made where it is asked for: most requests end before anybody could go.
        get gone() {
          gone ??= goneSignal(ctx);
          return gone;
        },
        peer: peerOf(ctx),
      };
      write(ctx, await handle(call as Parameters<typeof handle>[0]));
    },
  };
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

function goneSignal(ctx: ApiContext): AbortSignal {
  const gone = new AbortController();
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
  ctx.body = named ? answer.body : JSON.stringify(answer.body);
}

/** If-None-Match against one ETag; weak and strong ones count alike, as RFC 9110 says for GET. */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
