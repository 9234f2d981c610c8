import { join, resolve } from 'node:path';
import { serverTimeMs } from '../client/api-client.js';
import { wordsOf } from '../client/client-fault.js';
import { ClientFault, createClient } from '../client/index.js';
import { doctor as stackDoctor } from '../stack/doctor.js';
import type { CommonOptions } from './common-options.js';
import { findEndpoint, type Surroundings } from './endpoint.js';
import type { Reporter } from './reporter.js';
import { UsageFault } from './usage-fault.js';

/** A clock that is further off than this makes a person wonder about times; URLs are counted by the server's own. */
const CLOCK_MS = 60_000;

interface Found {
  readonly ok: boolean;
  readonly line: string;
}

/** `reelmill doctor`: the API first, then what a stack on this machine would need. Exit code 0 where one of the two will do. */
export async function doctor(
  options: CommonOptions,
  around: Surroundings & { readonly reporter: Reporter; readonly signal: AbortSignal },
): Promise<0 | 1> {
  const { reporter, root, here, env } = around;
  const api = await lookAtApi(options, around);
  const lines: string[] = [];
  const data = options.data === undefined ? join(root, '.reelmill') : resolve(here, options.data);
  const stack = await stackDoctor({ root, data, env, say: (line) => lines.push(line) });
  reporter.answer({ api: { ok: api.ok, found: api.line }, stack: { ok: stack === 0, found: lines } }, () =>
    [`${api.ok ? 'ok' : 'MISSING'}`.padEnd(10) + api.line, '', 'A stack on this machine:', ...lines].join('\n'),
  );
  return api.ok ? 0 : 1;
}

async function lookAtApi(options: CommonOptions, around: Surroundings & { readonly signal: AbortSignal }): Promise<Found> {
  try {
    const endpoint = findEndpoint(options, around);
    // A look, not a wait.
    const client = createClient({ ...endpoint, patienceMs: Math.min(options.patienceMs, 3_000) });
    const askedMs = Date.now();
    const { response } = await client.api.GET('/v1/videos', { params: { query: { limit: 1 } }, signal: around.signal });
    const offMs = Math.abs((serverTimeMs(response) ?? askedMs) - askedMs);
    const clock = offMs > CLOCK_MS ? `; this machine's clock is ${Math.round(offMs / 1000)} s off` : '';
    return { ok: true, line: `${endpoint.baseUrl} (${endpoint.from}) answers and takes the key${clock}` };
  } catch (error) {
    around.signal.throwIfAborted();
    if (error instanceof ClientFault) return { ok: false, line: `${error.code}: ${error.message}` };
    if (error instanceof UsageFault) return { ok: false, line: wordsOf(error) };
    throw error;
  }
}
