import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from '../src/runtime/logger.js';

/** What both workers need of Temporal's address and credentials. */
export interface TemporalOptions {
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_TLS_CERT?: string | undefined;
  readonly TEMPORAL_TLS_KEY?: string | undefined;
  readonly TEMPORAL_API_KEY?: string | undefined;
}

/**
 * Installs the runtime once a process: Temporal's log lines go through ours, and signals are ours, because an encoder
 * drains before it stops.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      const { error, ...facts } = meta ?? {};
      logger[level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error']({ ...facts, ...(error ? { err: error } : {}) }, message);
    }),
    shutdownSignals: [],
  });
}

/** Connects, waiting as long as it takes: a worker that starts before its server is no fault. */
export async function connectPatiently(options: TemporalOptions, logger: Logger): Promise<NativeConnection> {
  const tls =
    options.TEMPORAL_TLS_CERT && options.TEMPORAL_TLS_KEY
      ? { clientCertPair: { crt: Buffer.from(options.TEMPORAL_TLS_CERT), key: Buffer.from(options.TEMPORAL_TLS_KEY) } }
      : undefined;
  const apiKey = options.TEMPORAL_API_KEY;
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 5000)) {
    try {
      return await NativeConnection.connect({
        address: options.TEMPORAL_ADDRESS,
        ...(tls ? { tls } : apiKey ? { tls: true } : {}),
        ...(apiKey ? { apiKey } : {}),
      });
    } catch (err) {
      logger.warn({ err, address: options.TEMPORAL_ADDRESS, waitMs }, 'temporal is not reachable yet');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Calls back once, at the first SIGTERM or SIGINT. */
export function onStopSignal(stop: (signal: string) => void): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop(signal);
    });
  }
}
