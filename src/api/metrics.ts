import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { gapOf, type Ledger, sumLedgers } from '../domain/ledger.js';
import { REPAIR_KINDS, type ReconcileRecord } from '../domain/reconcile-record.js';
import { stageFigures } from '../domain/stage-figures.js';
import type { Trail } from '../domain/trail.js';
import type { ApiDeps } from './deps.js';
import { sameSecret } from './ops.js';
import { type Route, route } from './route.js';
import { createStreamCounts, type StreamCounts } from './stream-counts.js';

/** The ledger counts all uploads: however many scrape, it is read at most this often. */
const CACHE_MS = 5_000;

/** /metrics, for Prometheus. Figures of all tenants, so it is open to this machine only, or to who has the token. */
export function metricsRoutes(deps: ApiDeps & { clock: () => Date }, streams: StreamCounts = createStreamCounts()): Route[] {
  const metrics = createMetrics({ ...deps, streams });
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

/** Stage times are those of the generations that were published within this time, and of at most so many. */
const TRAILS_WITHIN_MS = 3_600_000;
const MOST_TRAILS = 1_000;

interface Picture {
  readonly ledger: Ledger;
  readonly record: ReconcileRecord | null;
  readonly undeliveredAt: string | null;
  readonly parkedAt: string | null;
  readonly trails: readonly Trail[];
}

async function look(catalogue: Catalogue): Promise<Picture> {
  const [ledgers, record, undeliveredAt, [parked], trails] = await Promise.all([
    catalogue.readLedger(),
    catalogue.readReconcile(),
    catalogue.oldestUndeliveredAt(),
    catalogue.listReview({ limit: 1, after: null }),
    catalogue.listTrails(TRAILS_WITHIN_MS, MOST_TRAILS),
  ]);
  return { ledger: sumLedgers(ledgers), record, undeliveredAt, parkedAt: parked?.since ?? null, trails };
}

function createMetrics({ catalogue, clock, streams }: { readonly catalogue: Catalogue; readonly clock: () => Date; readonly streams: StreamCounts }) {
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

  const undelivered = gauge('webhooks_oldest_undelivered_age_seconds', 'Age of the oldest event that waits for an enabled webhook; 0: none waits.');
  const inReviewNow = gauge('review_videos', 'Videos that wait for a person.');
  const oldestParked = gauge('review_oldest_age_seconds', 'How long the first of them has waited; 0 where there is none.');
  const openStreams = gauge('streams_open', 'Streams of events that are open in this process.');
  const dropped = new Counter({
    name: 'reelmill_streams_dropped_total',
    help: 'Streams of this process that were let go because their clients did not read.',
    registers: [registry],
  });
  const stageTime = new Gauge({
    name: 'reelmill_stage_seconds',
    help: 'How long stages took, of the generations published in the last hour, the latest 1000 of them.',
    labelNames: ['stage', 'quantile'],
    registers: [registry],
  });

  const fill = ({ ledger, record, undeliveredAt, parkedAt, trails }: Picture): void => {
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
    undelivered.set(ageS(undeliveredAt));
    inReviewNow.set(inReview);
    oldestParked.set(ageS(parkedAt));
    stageTime.reset();
    for (const { stage, quantile, ms } of stageFigures(trails)) stageTime.set({ stage, quantile }, ms / 1000);
    // Counted in the catalogue, so that a restart of this process is none of the counter.
    repairs.reset();
    for (const kind of REPAIR_KINDS) repairs.inc({ kind }, record?.totals[kind] ?? 0);
  };

  let readAtMs = Number.NEGATIVE_INFINITY;
  return {
    contentType: registry.contentType,
    async text(): Promise<string> {
      if (performance.now() - readAtMs > CACHE_MS) {
        fill(await look(catalogue));
        readAtMs = performance.now();
      }
      openStreams.set(streams.open);
      dropped.reset();
      dropped.inc(streams.dropped);
      return registry.metrics();
    },
  };
}
