import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Launch, Part } from '../part.js';
import { claimPort } from '../ports.js';
import type { ServiceContext } from '../services/service.js';
import type { RunningServices } from '../services/start-services.js';
import { systemEnvironment } from '../services/system-environment.js';
import { httpAnswers, waitUntil } from '../services/wait-until.js';
import type { Ffmpeg } from '../tools/ffmpeg.js';
import { uploadTokenSecret } from '../upload-token-secret.js';

interface ProgramContext extends ServiceContext {
  readonly services: RunningServices;
}

/** Seconds that an encoder may use to finish a chunk at Ctrl-C. Short: what is lost is done again at the next start. */
const DRAIN_S = 3;
/** A worker with a wrong configuration ends within this time. */
const SETTLED_MS = 1_500;

/** The API, on a port of its own. `url` is valid once it is ready. */
export function createApi(context: ProgramContext, apiKey: string): { readonly part: Part; url(): string } {
  let port = 0;
  let ready = false;
  const url = (): string => `http://127.0.0.1:${port}`;
  const { postgres, s3, temporal } = context.services;
  return {
    url,
    part: {
      ...program('API'),
      graceMs: 12_000,
      readyMs: 60_000,
      async prepare() {
        if (!ready) port = await claimPort(context.state, 'api');
        const secret = context.env.UPLOAD_TOKEN_SECRET || uploadTokenSecret(context.data);
        const own = { API_HOST: '127.0.0.1', API_PORT: String(port), DEV_API_KEY: apiKey, UPLOAD_TOKEN_SECRET: secret, ...webhookTargets(context) };
        return launch(context, 'dist/src/api/main.js', { ...postgres, ...s3, ...temporal, ...own });
      },
      async ready(signal) {
        await waitUntil(() => httpAnswers(`${url()}/readyz`, (status) => status === 200), signal);
        ready = true;
      },
    },
  };
}

/** On a laptop receivers are on the laptop. */
const webhookTargets = ({ env }: ProgramContext) => ({ WEBHOOK_TARGETS: env.WEBHOOK_TARGETS || 'any' });

/** Runs workflows and light activities. */
export function createControlWorker(context: ProgramContext, encoders: number): Part {
  const { postgres, s3, temporal } = context.services;
  const variables = { ...postgres, ...s3, ...temporal, ENCODER_SLOTS: String(encoders), ...webhookTargets(context) };
  return {
    ...program('control worker'),
    graceMs: 25_000,
    readyMs: 30_000,
    prepare: async () => launch(context, 'dist/workers/control.js', variables),
    ready: settled,
  };
}

/** One ffmpeg at a time, one worker per core; no database. */
export function createEncoder(context: ProgramContext, ffmpeg: Ffmpeg, number: number): Part {
  const { s3, temporal } = context.services;
  const variables = {
    ...s3,
    ...temporal,
    ENCODER_SLOTS: '1',
    FFMPEG_PATH: ffmpeg.ffmpeg,
    FFPROBE_PATH: ffmpeg.ffprobe,
    SCRATCH_DIR: join(context.data, 'scratch', `encoder-${number}`),
    DRAIN_S: String(DRAIN_S),
  };
  return {
    ...program(`encoder ${number}`),
    graceMs: (DRAIN_S + 12) * 1000,
    readyMs: 30_000,
    prepare: async () => launch(context, 'dist/workers/encoder.js', variables),
    ready: settled,
  };
}

function program(name: string): Pick<Part, 'name' | 'tier' | 'stopSignal'> {
  return { name, tier: 'program', stopSignal: 'SIGTERM' };
}

function launch(context: ProgramContext, file: string, variables: Readonly<Record<string, string>>): Launch {
  return {
    command: process.execPath,
    args: ['--enable-source-maps', join(context.root, file)],
    // The AWS SDK would say in every log that Node 20 ends in 2027.
    env: { ...systemEnvironment(context.env), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...variables },
    cwd: context.root,
  };
}

/** Workers have no address to ask: one that still lives after this time has its configuration and polls, or waits for Temporal by itself. */
async function settled(signal: AbortSignal): Promise<void> {
  await sleep(SETTLED_MS, undefined, { signal });
}
