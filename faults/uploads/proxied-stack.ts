import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createApiClient } from '../../client/api-client.js';
import { devKey } from '../../stack/dev-key.js';
import { createApi, createControlWorker, createEncoder } from '../../stack/programs/programs.js';
import { type RunningServices, startServices } from '../../stack/services/start-services.js';
import { logTail } from '../../stack/spawn-part.js';
import { openState } from '../../stack/state.js';
import { createSupervisor } from '../../stack/supervise.js';
import { obtainFfmpeg } from '../../stack/tools/ffmpeg.js';
import { ownEnvironment, type RunningStack, reach } from '../launcher.js';
import { startFaultProxy } from './fault-proxy.js';
import { apiOperation, s3Operation } from './operations.js';
import { startPostgresProxy } from './postgres-proxy.js';
import { NO_WATCH, type Watch } from './watch.js';

export interface ProxiedStack extends RunningStack {
  /** The API as clients reach it here: through its proxy. */
  readonly apiUrl: string;
  readonly apiKey: string;
  /** Who looks at all lines from now on. */
  observe(watch: Watch): void;
}

interface Options {
  readonly root: string;
  readonly data: string;
  readonly encoders: number;
  /** Life of part URLs, seconds. */
  readonly urlLifeS: number;
}

/** A part that lived this long is healthy, however often it is killed: here it is killed on purpose. Milliseconds. */
const HEALTHY_MS = 2_000;
const BACK_OFF_MS = 200;

/**
 * The stack as the launcher puts it together, of the same parts under the same supervisor, but with a proxy on each
 * line between client, API, control worker, S3 and PostgreSQL. The product does not know of them: it gets addresses.
 */
export async function startProxiedStack({ root, data, encoders, urlLifeS }: Options): Promise<ProxiedStack> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const log = join(data, 'launcher.log');
  const say = (line: string): void => appendFileSync(log, `${line}\n`);
  const env = ownEnvironment();
  const state = openState(data);
  const base = { root, data, env, state, say };
  const supervisor = createSupervisor({ logs: join(data, 'logs'), state, say, backOffMs: BACK_OFF_MS, healthyMs: HEALTHY_MS });
  const closers: (() => Promise<void>)[] = [];
  let watch = NO_WATCH;
  let ended = false;
  const exit = new Promise<number>((resolve) =>
    supervisor.broken.catch((error: unknown) => {
      ended = true;
      say(String(error));
      resolve(1);
    }),
  );
  const stop = async (): Promise<void> => {
    ended = true;
    await supervisor.stop();
    await Promise.all(closers.splice(0).map((close) => close()));
  };
  try {
    const ffmpeg = await obtainFfmpeg(env, say);
    const services = await startServices(base, supervisor);
    const apiKey = devKey(data);
    const lines = await startLines(
      () => watch,
      () => state.current.ports,
    );
    closers.push(lines.close);
    const api = createApi({ ...base, services: lines.forApi(services, urlLifeS) }, apiKey);
    const control = createControlWorker({ ...base, services: lines.forControl(services) }, encoders);
    const workers = Array.from({ length: encoders }, (_, index) => createEncoder({ ...base, services }, ffmpeg, index + 1));
    await Promise.all([api.part, control, ...workers].map((part) => supervisor.start(part)));
    return {
      data,
      ...reach(data),
      api: () => createApiClient({ baseUrl: lines.apiUrl, apiKey }),
      apiUrl: lines.apiUrl,
      apiKey,
      exit,
      hasEnded: () => ended,
      lastWords: () => logTail(log, 20),
      stop,
      observe(next) {
        watch = next;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** All proxies of a stack, and the addresses that its programs get instead of the real ones. */
async function startLines(watch: () => Watch, ports: () => Readonly<Record<string, number>>) {
  const port = (name: string) => (): number => ports()[name] ?? 0;
  const endpoint = (name: string) => (): string => `http://127.0.0.1:${port(name)()}`;
  const s3 = { target: endpoint('s3'), operationOf: s3Operation, watch };
  const [clientApi, clientS3, apiS3, controlS3, apiPostgres, controlPostgres] = await Promise.all([
    startFaultProxy({ line: 'client → API', target: endpoint('api'), operationOf: apiOperation, watch }),
    startFaultProxy({ line: 'client → S3', ...s3 }),
    startFaultProxy({ line: 'API → S3', ...s3 }),
    startFaultProxy({ line: 'control → S3', ...s3 }),
    startPostgresProxy('API → PostgreSQL', port('postgres'), watch),
    startPostgresProxy('control → PostgreSQL', port('postgres'), watch),
  ]);
  const proxies = [clientApi, clientS3, apiS3, controlS3, apiPostgres, controlPostgres];
  const detoured = (services: RunningServices, s3Endpoint: string, postgresPort: number): RunningServices => ({
    ...services,
    s3: { ...services.s3, S3_ENDPOINT: s3Endpoint },
    postgres: { DATABASE_URL: withPort(services.postgres.DATABASE_URL ?? '', postgresPort) },
  });
  return {
    apiUrl: clientApi.endpoint,
    forApi(services: RunningServices, urlLifeS: number): RunningServices {
      const own = detoured(services, apiS3.endpoint, apiPostgres.port);
      // The host that is signed is the proxy's: it passes the Host header on, so the signature holds.
      return { ...own, s3: { ...own.s3, S3_PUBLIC_ENDPOINT: clientS3.endpoint, PART_URL_TTL_S: String(urlLifeS) } };
    },
    forControl: (services: RunningServices): RunningServices => detoured(services, controlS3.endpoint, controlPostgres.port),
    close: async (): Promise<void> => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
