import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { PipelineError } from '../domain/errors.js';
import type { Admission } from './admission.js';
import { problemOf } from './problem.js';
import { SAFE_HEADERS } from './safe-headers.js';

/** Made once: most of what an error costs is its stack. */
const OVERLOADED = new PipelineError('OVERLOADED');
const SAFE = SAFE_HEADERS.flat();

/**
 * In front of everything: a request that would only wait in vain is answered by its head alone, for a tenth of what an error
 * costs that has been through the application. Else ten times as many requests as can be served would take all the time there is for
 * turning them away. A browser's request goes on to where its origin is looked at, and is turned away there.
 */
export function atTheDoor(admission: Pick<Admission, 'isHopeless' | 'turnAway'>, inside: RequestListener): RequestListener {
  return (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const path = url.split('?', 1)[0] ?? '/';
    if (headers.origin !== undefined || !admission.isHopeless(method, path)) {
      inside(request, response);
      return;
    }
    const problem = problemOf(OVERLOADED, { instance: path, requestId: randomUUID() });
    const body = JSON.stringify(problem);
    response.writeHead(problem.status, problem.title, [
      ...SAFE,
      ...['Content-Type', 'application/problem+json', 'Content-Length', String(Buffer.byteLength(body))],
      ...['Retry-After', String(admission.turnAway(method)), 'X-Request-Id', problem.request_id],
    ]);
    response.end(method === 'HEAD' ? undefined : body);
  };
}
