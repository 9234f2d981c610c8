/** Composition root of the API: the one place where its adapters are named. */
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresCatalogue } from '../catalogue/postgres-catalogue.js';
import { PipelineError } from '../domain/errors.js';
import { SCOPES } from '../domain/scopes.js';
import { type Config, loadConfig } from '../runtime/config.js';
import { createLogger } from '../runtime/logger.js';
import { runProcess } from '../runtime/run-process.js';
import { storeOptions } from '../runtime/store-options.js';
import { createS3ObjectStore } from '../storage/s3-object-store.js';
import { hashSecret, type PresentedKey, parseApiKey } from './api-key.js';
import { createApp } from './app.js';
import { forgetOldRows } from './forget-old-rows.js';
import { createTemporalPipeline } from './pipeline-client.js';
import { prepare } from './prepare.js';
import { createRedisLimiter } from './redis-limiter.js';
import { createApiServer, listen, stop } from './server.js';

const DEV_TENANT = 'dev';
/** Requests that are being answered get this long when the process is told to stop. */
const FINISH_MS = 10_000;

await runProcess('api', async () => {
  const config = loadConfig('api');
  const logger = createLogger({ name: 'api', level: config.LOG_LEVEL });
  const devKey = devKeyOf(config);
  const catalogue = createPostgresCatalogue({ databaseUrl: config.DATABASE_URL, applicationName: 'reelmill-api' });
  const store = createS3ObjectStore(storeOptions(config));
  const pipeline = createTemporalPipeline({ ...temporalOptions(config), logger });
  const corsOrigins = config.CORS_ORIGINS.split(',').map((origin) => origin.trim());
  const closing = new AbortController();
  const limiter = config.REDIS_URL === undefined ? null : createRedisLimiter({ url: config.REDIS_URL, logger });

  const steps = [
    {
      name: 'catalogue',
      async run() {
        await catalogue.migrate();
        if (!devKey) return;
        await catalogue.ensureTenant(DEV_TENANT, 'Development');
        const secretHash = hashSecret(devKey.secret);
        await catalogue.addApiKey({ id: devKey.id, tenantId: DEV_TENANT, secretHash, name: 'development', scopes: SCOPES });
      },
    },
    { name: 'store', run: () => store.prepareBucket({ corsOrigins }) },
  ];
  const prepared = prepare(steps, { logger, signal: closing.signal });
  const app = createApp({
    catalogue,
    store,
    pipeline,
    logger,
    ...(limiter ? { limiter } : {}),
    pending: prepared.pending,
    closing: closing.signal,
    config: {
      version: await packageVersion(),
      publicUrl: config.API_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
      cdnBaseUrl: cdnBaseUrl(config),
      corsOrigins,
      uploadTtlS: config.UPLOAD_TTL_S,
      partUrlTtlS: config.PART_URL_TTL_S,
      metricsToken: config.METRICS_TOKEN ?? null,
      eventsSecret: config.EVENTS_SECRET ?? null,
      uploadTokenSecrets: config.UPLOAD_TOKEN_SECRET,
      webhookTargets: config.WEBHOOK_TARGETS,
      proxies: config.API_PROXIES,
    },
  });

  const server = createApiServer(app);
  const stopForgetting = forgetOldRows({ catalogue, logger, auditDays: config.AUDIT_KEEP_DAYS, deliveriesDays: config.DELIVERIES_KEEP_DAYS });
  const signalled = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  });
  await listen(server, { host: config.API_HOST, port: config.API_PORT });
  const { port } = server.address() as AddressInfo;
  logger.info({ host: config.API_HOST, port }, 'api is listening');

  const signal = await signalled;
  logger.info({ signal }, 'api stops');
  closing.abort();
  // Not ready, and every answer closes its connection; who comes all the same is still served.
  await sleep(config.API_DRAIN_S * 1000);
  stopForgetting();
  const cut = await stop(server, FINISH_MS);
  await limiter?.close();
  await prepared.done;
  await pipeline.close();
  await catalogue.close();
  store.close();
  logger.info({ cut_connections: cut }, 'api has stopped');
  // A step of the start that hangs on a dead service must not keep the process.
  setTimeout(() => process.exit(0), 1_000).unref();
});

function devKeyOf(config: Config<'api'>): PresentedKey | null {
  if (config.DEV_API_KEY === undefined) return null;
  const key = parseApiKey(config.DEV_API_KEY);
  if (!key)
    throw new PipelineError('CONFIG_INVALID', { note: '(api) DEV_API_KEY: rm_(live|test)_<id>_<secret>, the secret 16 to 128 letters or digits' });
  return key;
}

function temporalOptions(config: Config<'api'>) {
  const { TEMPORAL_TLS_CERT: cert, TEMPORAL_TLS_KEY: key, TEMPORAL_API_KEY: apiKey } = config;
  return {
    address: config.TEMPORAL_ADDRESS,
    namespace: config.TEMPORAL_NAMESPACE,
    ...(cert && key ? { tls: { cert, key } } : {}),
    ...(apiKey ? { apiKey } : {}),
  };
}

/** Media come from the bucket itself unless a CDN is named. */
function cdnBaseUrl(config: Config<'api'>): string {
  const endpoint = config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT;
  const bucket = endpoint
    ? `${endpoint.replace(/\/+$/, '')}/${config.S3_BUCKET}`
    : `https://${config.S3_BUCKET}.s3.${config.S3_REGION}.amazonaws.com`;
  return (config.CDN_BASE_URL ?? bucket).replace(/\/+$/, '');
}

/** From the package's own file, which lies one folder further away once compiled into dist/. */
async function packageVersion(): Promise<string> {
  for (const path of ['../../package.json', '../../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => null); // not there: the other one is
    const about = text === null ? null : (JSON.parse(text) as { name?: string; version?: string });
    if (about?.name === 'reelmill' && about.version !== undefined) return about.version;
  }
  throw new PipelineError('INTERNAL', { note: 'package.json of Reelmill was not found.' });
}
