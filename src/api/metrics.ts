import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { gapOf, type Ledger, sumLedgers } from '../domain/ledger.js';
import { REPAIR_KINDS, type ReconcileRecord } from '../domain/reconcile-record.js';
import type { ApiDeps } from './deps.js';
import { sameSecret } from './ops.js';
import { type Route, route } from './route.js';

/** The ledger counts all uploads: however many scrape, it is read at most this often. */
const CACHE_MS = 5_000;

/** /metrics, for Prometheus. Figures of all tenants, so it is open to this machine only, or to who has the token. */
export function metricsRoutes(deps: ApiDeps & { clock: () => Date }): Route[] {
  const metrics = createMetrics(deps);
  return [
    route({
      method: 'get',
      path: '/metrics',
      operationId: 'getMetrics',
      tag: 'service',
      auth: 'none',
      summary: 'Figures for Prometheus',
      description: 'With METRICS_TOKEN set it asks for that as a bearer token; without, it answers callers on the same machine only.',
      answers: { 200: { description: 'Text exposition format.', schema: z.string(), type: 'text/plain' } },
      problems: ['UNAUTHENTICATED', 'CATALOGUE_UNAVAILABLE'],
      async handle({ peer }) {
        const token = deps.config.metricsToken ?? null;
        const [, given = ''] = /^Bearer +(\S+)$/i.exec(peer.authorization) ?? [];
        if (token === null ? !peer.local : !sameSecret(given, token)) throw new PipelineError('UNAUTHENTICATED');
        return { status: 200, headers: { 'Content-Type': metrics.contentType }, body: await metrics.text() };
      },
    }),
  ];
}

interface Picture {
  readonly ledger: Ledger;
  readonly record: ReconcileRecord | null;
}

function createMetrics({ catalogue, clock }: { readonly catalogue: Catalogue; readonly clock: () => Date }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `reelmill_${name}`, help, registers: [registry] });
  const uploads = new Gauge({
    name: 'reelmill_ledger_uploads',
    help: 'Uploads by what became of them. accepted is the sum of the others.',
    labelNames: ['state'],
    registers: [registry],
  });
  const repairs = new Counter({
    name: 'reelmill_reconcile_repairs_total',
    help: 'Repairs that reconciling made.',
    labelNames: ['kind'],
    registers: [registry],
  });
  const gap = gauge('ledger_gap', 'Accepted uploads that nothing is known of. Anything but 0 is a loss.');
  const open = gauge('uploads_open', 'Upload sessions that are open.');
  const reserved = gauge('uploads_reserved_bytes', 'Bytes that open sessions announced.');
  const oldestOpen = gauge('uploads_open_oldest_age_seconds', 'Age of the oldest open session; 0 where there is none.');
  const oldestInFlight = gauge('in_flight_oldest_age_seconds', 'Time since the oldest video in flight was accepted; 0 where there is none.');
  const multiparts = gauge('multiparts_open', 'Open multiparts of sources, as the last run of reconciling saw them.');
  const oldestMultipart = gauge('multiparts_oldest_age_seconds', 'Age of the oldest of them; 0 where there is none.');
  const lastRun = gauge('reconcile_last_run_timestamp_seconds', 'When reconciling last came to its end; 0 before.');
  const alarms = gauge('reconcile_alarms', 'Alarms of the last run: each is a line of the log with what to do.');

  const fill = ({ ledger, record }: Picture): void => {
    const ageS = (at: string | null): number => (at === null ? 0 : Math.max(0, (clock().getTime() - Date.parse(at)) / 1000));
    const { accepted, published, rejected, inReview, inFlight, cancelled, deleted } = ledger;
    const states = { accepted, published, rejected, in_review: inReview, in_flight: inFlight, cancelled, deleted };
    for (const [state, count] of Object.entries(states)) uploads.set({ state }, count);
    gap.set(gapOf(ledger));
    open.set(ledger.openUploads);
    reserved.set(ledger.reservedBytes);
    oldestOpen.set(ageS(ledger.oldestOpenAt));
    oldestInFlight.set(ageS(ledger.oldestInFlightAt));
    multiparts.set(record?.multiparts.open ?? 0);
    oldestMultipart.set(ageS(record?.multiparts.oldestAt ?? null));
    lastRun.set(record === null ? 0 : Date.parse(record.finishedAt) / 1000);
    alarms.set(record?.alarms.length ?? 0);
    // Counted in the catalogue, so that a restart of this process is none of the counter.
    repairs.reset();
    for (const kind of REPAIR_KINDS) repairs.inc({ kind }, record?.totals[kind] ?? 0);
  };

  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    contentType: registry.contentType,
    async text(): Promise<string> {
      if (performance.now() - readAtMs > CACHE_MS) {
        fill({ ledger: sumLedgers(await catalogue.readLedger()), record: await catalogue.readReconcile() });
        readAtMs = performance.now();
      }
      return registry.metrics();
    },
  };
}
