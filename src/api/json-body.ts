import { bodyParser } from '@koa/bodyparser';
import { PipelineError } from '../domain/errors.js';
import type { ApiContext, Next } from './context.js';
import { patternOf, type Route } from './route.js';

/** The longest JSON that the API takes, but for routes that say otherwise. Media never comes here. */
export const MAX_JSON_BYTES = 64 * 1024;

/** RFC 7396. */
export const MERGE_PATCH = 'application/merge-patch+json';
/** Both from the list's beginning: the parser lays this over its own list, place by place. */
const TYPES = ['application/json', MERGE_PATCH];

const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Reads a JSON body where there is one; any other type is refused rather than ignored. */
export function jsonBody(routes: readonly Pick<Route, 'method' | 'path' | 'maxJsonBytes'>[]) {
  const usual = parserOf(MAX_JSON_BYTES);
  const special = routes.flatMap(({ method, path, maxJsonBytes }) =>
    maxJsonBytes === undefined ? [] : [{ method: method.toUpperCase(), path: patternOf(path), parse: parserOf(maxJsonBytes) }],
  );
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    // "Content-Length: 0" is what browsers send for a POST without a body; `is` would take it for one.
    const empty = ctx.get('Content-Length') === '0';
    if (!WRITES.has(ctx.method)) {
      await next();
      return;
    }
    const types = ctx.method === 'PATCH' ? TYPES : TYPES.slice(0, 1);
    if (!empty && ctx.is(types) === false) throw new PipelineError('UNSUPPORTED_MEDIA_TYPE');
    const { parse } = special.find((row) => row.method === ctx.method && row.path.test(ctx.path)) ?? { parse: usual };
    await parse(ctx as unknown as Parameters<typeof parse>[0], next);
  };
}

function parserOf(limitBytes: number) {
  return bodyParser({
    enableTypes: ['json'],
    extendTypes: { json: TYPES },
    jsonLimit: `${limitBytes}b`,
    onError: (error) => refuse(error, limitBytes),
  });
}

function refuse(error: Error, limitBytes: number): never {
  const status = 'status' in error ? error.status : null;
  if (status === 413) throw new PipelineError('PAYLOAD_TOO_LARGE', { note: `At most ${limitBytes} bytes are taken.`, cause: error });
  if (status === 415) throw new PipelineError('UNSUPPORTED_MEDIA_TYPE', { cause: error });
  if (status === 400) throw new PipelineError('REQUEST_INVALID', { note: 'The body is not a JSON object.', cause: error });
  throw error;
}
