import { timingSafeEqual } from 'node:crypto';
import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { gapOf, type Ledger, sumLedgers } from '../domain/ledger.js';
import type { ReconcileRecord } from '../domain/reconcile-record.js';
import { hashSecret } from './api-key.js';
import { ARRIVALS_PATH, arrivedKeys } from './arrivals.js';
import type { ApiDeps } from './deps.js';
import { type Peer, type Route, route } from './route.js';
import { arrivals, arrivalsBody, type LedgerJson, ledger, ledgerQuery } from './schemas.js';

/** The ledger, and the store's events. */
export function opsRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/ops/ledger',
      operationId: 'getLedger',
      tag: 'operations',
      auth: 'key',
      scopes: ['videos:read', 'ops'],
      summary: 'What became of every accepted upload',
      query: ledgerQuery,
      answers: { 200: { description: 'The equation and its gap.', schema: ledger } },
      problems: ['FORBIDDEN'],
      async handle({ query, caller }) {
        const operator = caller.scopes.includes('ops');
        if (query.tenants === 'all' && !operator) throw new PipelineError('FORBIDDEN', { note: 'It needs the scope "ops".' });
        return { status: 200, body: await ledgerJson(deps.catalogue, query.tenants === 'all' ? null : caller.tenantId, operator) };
      },
    }),
    route({
      method: 'post',
      path: ARRIVALS_PATH,
      operationId: 'receiveArrivals',
      tag: 'operations',
      auth: 'secret',
      summary: 'The store tells of new objects under intake/',
      description:
        'Needs the secret of EVENTS_SECRET, as header X-Reelmill-Events-Secret or as the password of HTTP Basic. Events are hints: late, repeated, in any order or never, the same objects are taken in, each once.',
      body: arrivalsBody,
      answers: { 202: { description: 'Taken as hints.', schema: arrivals } },
      async handle({ body, peer }) {
        checkSecret(deps.config.eventsSecret ?? null, peer);
        const keys = arrivedKeys(body);
        for (const key of keys) await deps.pipeline.takeIn(key);
        return { status: 202, body: { object: 'arrivals', looked_at: keys.length } };
      },
    }),
  ];
}

async function ledgerJson(catalogue: Catalogue, tenantId: string | null, operator: boolean): Promise<LedgerJson> {
  const ledgers = await catalogue.readLedger(tenantId ?? undefined);
  return {
    object: 'ledger',
    ...figures(sumLedgers(ledgers)),
    tenants: tenantId === null ? ledgers.map((each) => ({ tenant_id: each.tenantId, ...figures(each) })) : [],
    reconciler: operator ? reconcilerJson(await catalogue.readReconcile()) : null,
  };
}

const figures = (sum: Ledger) => ({
  accepted: sum.accepted,
  published: sum.published,
  rejected: sum.rejected,
  in_review: sum.inReview,
  in_flight: sum.inFlight,
  cancelled: sum.cancelled,
  deleted: sum.deleted,
  gap: gapOf(sum),
  open_uploads: sum.openUploads,
  reserved_bytes: sum.reservedBytes,
  oldest_open_at: sum.oldestOpenAt,
  oldest_in_flight_at: sum.oldestInFlightAt,
});

function reconcilerJson(record: ReconcileRecord | null): LedgerJson['reconciler'] {
  if (record === null) return null;
  return {
    started_at: record.startedAt,
    finished_at: record.finishedAt,
    repairs: { ...record.repairs },
    repairs_total: { ...record.totals },
    alarms: record.alarms.map((alarm) => ({ ...alarm })),
    open_multiparts: record.multiparts.open,
    oldest_multipart_at: record.multiparts.oldestAt,
  };
}

/** versitygw can send no header, but a URL with a password in it. */
function checkSecret(wanted: string | null, { eventsSecret, authorization }: Peer): void {
  const [, basic] = /^Basic +(\S+)$/i.exec(authorization) ?? [];
  const password =
    basic === undefined
      ? ''
      : Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, '');
  if (wanted === null || !(sameSecret(eventsSecret, wanted) || sameSecret(password, wanted))) throw new PipelineError('UNAUTHENTICATED');
}

/** Takes the same time wherever the two differ. */
export const sameSecret = (given: string, wanted: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(hashSecret(wanted)));
