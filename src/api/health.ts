import { PipelineError } from '../domain/errors.js';
import type { ApiDeps } from './deps.js';
import { type Route, route } from './route.js';
import { health, readiness, version } from './schemas.js';

const CHECK_MS = 2_500;
/** Anyone may ask, so the services behind are asked at most once a second. */
const CACHE_MS = 1_000;

export function healthRoutes(deps: ApiDeps): Route[] {
  const state = shared(() => readinessOf(deps), CACHE_MS);
  const common = { tag: 'service', auth: 'none' } as const;
  return [
    route({
      ...common,
      method: 'get',
      path: '/healthz',
      operationId: 'getHealth',
      summary: 'Is the process alive',
      answers: { 200: { description: 'It is.', schema: health } },
      handle: async () => ({ status: 200, body: { status: 'ok' } }),
    }),
    route({
      ...common,
      method: 'get',
      path: '/readyz',
      operationId: 'getReadiness',
      summary: 'Can it serve requests, and what is missing',
      answers: { 200: { description: 'Ready.', schema: readiness }, 503: { description: 'Not ready; `missing` says why.', schema: readiness } },
      async handle() {
        const body = withStop(await state(), deps.closing);
        return { status: body.status === 'ready' ? 200 : 503, body };
      },
    }),
    route({
      ...common,
      method: 'get',
      path: '/version',
      operationId: 'getVersion',
      summary: 'What runs here',
      answers: { 200: { description: 'Versions.', schema: version } },
      handle: async () => ({ status: 200, body: { name: 'reelmill', version: deps.config.version, node: process.version } }),
    }),
  ];
}

interface Readiness {
  readonly status: 'ready' | 'not_ready';
  readonly checks: Record<string, 'ok' | 'missing'>;
  readonly missing: readonly string[];
}

/** Told at once, and not a second later: load balancers have only so long to hear of it. */
function withStop(body: Readiness, closing: AbortSignal | undefined): Readiness {
  return closing?.aborted ? { ...body, status: 'not_ready', missing: [...body.missing, 'stopping'] } : body;
}

async function readinessOf(deps: ApiDeps): Promise<Readiness> {
  const services = { catalogue: deps.catalogue, store: deps.store, workflows: deps.pipeline };
  const asked = Object.entries(services).map(async ([name, service]) => [name, await answers(deps, name, service)] as const);
  const checks = Object.fromEntries(await Promise.all(asked));
  const missing = Object.keys(checks).filter((name) => checks[name] !== 'ok');
  const all = [...missing, ...(deps.pending?.() ?? []).filter((step) => !missing.includes(step))];
  return { status: all.length === 0 ? 'ready' : 'not_ready', checks, missing: all };
}

async function answers(deps: ApiDeps, name: string, service: { ping(): Promise<void> }): Promise<'ok' | 'missing'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new PipelineError('INTERNAL', { note: 'No answer in time.' })), CHECK_MS);
  });
  try {
    await Promise.race([service.ping(), late]);
    return 'ok';
  } catch (err) {
    deps.logger.debug({ err, service: name }, 'a service does not answer');
    return 'missing';
  } finally {
    clearTimeout(timer);
  }
}

/** All who ask within `ms` share one answer. */
function shared<T>(make: () => Promise<T>, ms: number): () => Promise<T> {
  let latest: { atMs: number; value: Promise<T> } | null = null;
  return () => {
    if (!latest || performance.now() - latest.atMs > ms) latest = { atMs: performance.now(), value: make() };
    return latest.value;
  };
}
