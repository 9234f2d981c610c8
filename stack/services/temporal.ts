import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.js';
import { claimPort } from '../ports.js';
import { ensureSearchAttributes } from './search-attributes.js';
import type { Service, ServiceContext } from './service.js';
import { systemEnvironment } from './system-environment.js';
import { waitUntil } from './wait-until.js';

export interface TemporalService extends Service {
  uiUrl(): string;
}

/**
 * Order in a backlog (priority, fairness, first come first served) is kept within a partition of a queue, and a queue has
 * four by default: the first chunk of a video could be its last. One partition carries thousands of tasks a second.
 */
const DYNAMIC_CONFIG = ['matching.enableFairness=true', 'matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1'];

/**
 * One flush to the disk for a commit instead of several, and readers that do not wait for the writer: half as many starts a second
 * again (docs/decisions/034). A commit that was told is on the disk, as with the default.
 */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=FULL'];

/**
 * Half of the machine's. Go would spread over every processor at once, to collect its garbage above all, and whoever answers waits for
 * one meanwhile: on two, reads of a machine that is asked for too much took half as long again and more, and no more workflows were started
 * (docs/decisions/034).
 */
const PROCESSORS = Math.max(1, Math.floor(availableParallelism() / 2));

/** Temporal's development server with its UI, on a file, so that workflows outlive it. */
export function createTemporal(context: ServiceContext, cli: { readonly path: string; readonly version: string }): TemporalService {
  let port = 0;
  let uiPort = 0;
  let ready = false;
  const address = (): string => `127.0.0.1:${port}`;
  return {
    clientEnv: () => ({ TEMPORAL_ADDRESS: address(), TEMPORAL_NAMESPACE: 'default' }),
    uiUrl: () => `http://127.0.0.1:${uiPort}`,
    part: {
      name: 'Temporal',
      tier: 'service',
      stopSignal: 'SIGTERM',
      graceMs: 10_000,
      readyMs: 60_000,
      async prepare() {
        // The server does not migrate its file: another version starts with a new one.
        const folder = join(context.data, `temporal-${cli.version}`);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if (!ready) {
          port = await claimPort(context.state, 'temporal');
          uiPort = await claimPort(context.state, 'temporalUi');
        }
        const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
        return {
          command: cli.path,
          args: [
            ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--ui-disable-news-fetch'],
            ...['--db-filename', join(folder, 'temporal.db'), '--log-level', 'warn', ...attributes],
            ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]),
            ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
          ],
          env: { GOMAXPROCS: String(PROCESSORS), ...systemEnvironment(context.env) },
        };
      },
      async ready(signal) {
        // The flag above counts only for a new file: attributes that came later are made here.
        await waitUntil(() => ensureSearchAttributes({ address: address(), namespace: 'default' }), signal, 200);
        ready = true;
      },
    },
  };
}
