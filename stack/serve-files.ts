import { createApiClient } from '../client/api-client.js';
import { processFiles, videosInFlight } from './client/process-files.js';
import { devKey } from './dev-key.js';
import type { Ledger } from './ledger.js';
import { createApi, createControlWorker, createEncoder } from './programs/programs.js';
import { assertSandbox } from './prove-sandbox.js';
import type { RunContext, StackOptions } from './run-stack.js';
import { makeSampleClip } from './sample-clip.js';
import { startServices } from './services/start-services.js';
import type { StateFile } from './state.js';
import type { Supervisor } from './supervise.js';
import { obtainFfmpeg } from './tools/ffmpeg.js';

interface Serving {
  readonly state: StateFile;
  readonly ledger: Ledger;
  readonly sample: string;
  readonly supervisor: Supervisor;
  readonly signal: AbortSignal;
}

/** From nothing to all files done: tools, services, programs, then the files through the public API. */
export async function serveFiles(options: StackOptions, context: RunContext, serving: Serving): Promise<void> {
  const { root, env, screen } = context;
  const { state, ledger, supervisor, signal } = serving;
  const startedMs = Date.now();
  const base = { root, env, state, data: options.data, say: (line: string) => screen.say(line) };
  const ffmpeg = await obtainFfmpeg(env, base.say);
  await assertSandbox(base.root, env, base.say);
  const sample = options.files.length === 0 ? makeSampleClip(ffmpeg.ffmpeg, serving.sample) : Promise.resolve();
  base.say('Starting PostgreSQL, S3 and Temporal (usually 2-6 s) …');
  const [services] = await Promise.all([startServices(base, supervisor), sample]);

  base.say('Starting the API and its workers (usually 2-5 s) …');
  const programs = { ...base, services };
  const apiKey = devKey(options.data);
  const api = createApi(programs, apiKey);
  const encoders = Array.from({ length: options.encoders }, (_, index) => createEncoder(programs, ffmpeg, index + 1));
  await Promise.all([api.part, createControlWorker(programs, options.encoders), ...encoders].map((part) => supervisor.start(part)));

  const rows: readonly (readonly [string, string])[] = [
    ['API', `${api.url()}  (described at ${api.url()}/openapi.json)`],
    ['API key', apiKey],
    ['Temporal UI', services.temporalUi ?? `that of ${services.temporal.TEMPORAL_ADDRESS}`],
    ['S3', services.s3.S3_ENDPOINT ?? ''],
    ['Data', `${options.data}  (logs in logs/)`],
  ];
  base.say(`\nReelmill is up (${((Date.now() - startedMs) / 1000).toFixed(1)} s).`);
  for (const [name, value] of rows) base.say(`  ${name.padEnd(12)} ${value}`);
  base.say('');

  const client = createApiClient({ baseUrl: api.url(), apiKey });
  const earlier = await videosInFlight(client, signal);
  if (earlier.length > 0)
    base.say(`${earlier.length} video${earlier.length > 1 ? 's' : ''} of an earlier run go${earlier.length > 1 ? '' : 'es'} on.`);
  await processFiles(client, ledger, { screen, signal, earlier });
  base.say('');
  for (const row of ledger.rows()) if (row.playback) base.say(`Play ${row.file}: ${row.playback}`);
}
