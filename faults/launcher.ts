import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, createApiClient } from '../client/api-client.js';
import { createS3ObjectStore } from '../src/storage/s3-object-store.js';
import { StackFault } from '../stack/fault.js';
import { endProcess, isAlive, markOf, type ProcessMark } from '../stack/processes.js';
import { obtainServiceTools } from '../stack/services/start-services.js';
import { logTail, tied } from '../stack/spawn-part.js';
import type { StackState } from '../stack/state.js';

/** One stack, started as a user starts it, in a data folder of its own, with embedded services only. */
export interface RunningStack {
  readonly data: string;
  /** As the launcher last wrote it. */
  state(): StackState;
  api(): ApiClient;
  store(): ReturnType<typeof createS3ObjectStore>;
  databaseUrl(): string;
  temporalAddress(): string;
  /** Resolves with the launcher's exit code. */
  readonly exit: Promise<number>;
  hasEnded(): boolean;
  /** Ctrl-C; resolves when the launcher has ended. */
  stop(): Promise<void>;
  /** The end of what it said. */
  lastWords(): string;
}

/** Variables that would put somebody else's services in the place of the embedded ones. */
const FOREIGN = /^(DATABASE_URL|S3_|TEMPORAL_|AWS_|NODE_OPTIONS$|REELMILL_STACK_ID$)/;
const STOP_MS = 90_000;

/** Ours without what would lead elsewhere than to the embedded services. */
export const ownEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));

/** Before a stack is started that has only so long to come up: what it would fetch or build first takes minutes. */
export const prepareStack = (root: string, say: (line: string) => void): Promise<void> => obtainServiceTools(root, ownEnvironment(), say);

/** The launcher dies with this process, and everything below dies with the launcher. */
export function startLauncher(options: {
  readonly root: string;
  readonly data: string;
  readonly args: readonly string[];
  /** Settings of the stack's programs, on top of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}): RunningStack {
  const { root, data } = options;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const log = join(data, 'launcher.log');
  const output = openSync(log, 'a', 0o600);
  const [command, args] = tied(process.execPath, [join(root, 'stack', 'start.mjs'), '--data', data, ...options.args]);
  const env = { ...ownEnvironment(), ...options.env };
  // Its own group: a Ctrl-C in the terminal comes to us first, and we end it.
  const child = spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  let ended = false;
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      ended = true;
      resolve(code ?? 1);
    });
  });
  const mark = child.pid === undefined ? null : markOf(child.pid);
  return {
    data,
    ...reach(data),
    exit,
    hasEnded: () => ended,
    lastWords: () => logTail(log, 20),
    async stop() {
      if (mark) await endProcess(mark, { signal: 'SIGINT', graceMs: STOP_MS });
    },
  };
}

/** The ways to a stack that its data folder tells. */
export function reach(data: string): Pick<RunningStack, 'state' | 'api' | 'store' | 'databaseUrl' | 'temporalAddress'> {
  const state = (): StackState => JSON.parse(readFileSync(join(data, 'state.json'), 'utf8')) as StackState;
  return {
    state,
    api: () => createApiClient({ baseUrl: `http://127.0.0.1:${state().ports.api}`, apiKey: readFileSync(join(data, 'api-key'), 'utf8').trim() }),
    store: () => storeOf(state()),
    databaseUrl: () => `postgres://reelmill:${state().secrets.postgresPassword}@127.0.0.1:${state().ports.postgres}/reelmill`,
    temporalAddress: () => `127.0.0.1:${state().ports.temporal}`,
  };
}

/** Waits until `look` gives something. @throws StackFault when the launcher ends first, or the time is up */
export async function until<T>(what: string, stack: RunningStack, limitMs: number, look: () => Promise<T | null>, pauseMs = 250): Promise<T> {
  const endMs = Date.now() + limitMs;
  while (Date.now() < endMs && !stack.hasEnded()) {
    const found = await look().catch(() => null); // not there yet, or just being started again: asked again until the time is up
    if (found !== null) return found;
    await sleep(pauseMs);
  }
  throw new StackFault(`${what}: did not happen within ${Math.round(limitMs / 1000)} s. The launcher said:\n${stack.lastWords()}`);
}

/** The living process of a part; null while it is being started again. */
export function partOf(stack: RunningStack, name: string): ProcessMark | null {
  const record = stack.state().parts[name];
  return record && isAlive(record) ? { pid: record.pid, identity: record.identity } : null;
}

function storeOf({ ports, secrets }: StackState): ReturnType<typeof createS3ObjectStore> {
  return createS3ObjectStore({
    region: 'us-east-1',
    bucket: 'reelmill',
    endpoint: `http://127.0.0.1:${ports.s3}`,
    credentials: { accessKeyId: secrets.s3AccessKey, secretAccessKey: secrets.s3SecretKey },
  });
}
