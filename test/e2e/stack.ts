/** Starts the product the way a user does: `node stack/start.mjs …` on embedded services, in a data folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { WorkflowClient } from '@temporalio/client';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Embedded services only, whatever the test run was given. */
const OWN_SERVICES = [
  'DATABASE_URL',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'TEMPORAL_ADDRESS',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'NODE_OPTIONS',
];

export interface Stack {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
}

export async function workFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'reelmill-e2e-'));
}

export function start(args: readonly string[]): Stack {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SERVICES.includes(name)));
  const child = spawn(process.execPath, [join(root, 'stack', 'start.mjs'), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-200_000);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, exit, output: () => text };
}

/** What the launcher keeps of a data folder. */
export async function stateOf(data: string): Promise<{ stackId: string; ports: Record<string, number>; parts: Record<string, { pid: number }> }> {
  return JSON.parse(await readFile(join(data, 'state.json'), 'utf8'));
}

/** Processes that carry this stack's id in their environment, from /proc: nothing is found by name. */
export async function processesOf(stackId: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''); // ended meanwhile
    if (environ.includes(stackId)) found.push(pid);
  }
  return found;
}

/** Polls until `look` gives something; fails with the launcher's last words. */
export async function until<T>(what: string, stack: Stack, look: () => Promise<T | null | undefined | false>, limitMs = 240_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  while (Date.now() < endMs) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (stack.child.exitCode !== null) break;
    await sleep(100);
  }
  throw new Error(`${what}: did not happen. The launcher said:\n${stack.output().slice(-3000)}`);
}

export interface ApiVideo {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly stage: string | null; readonly chunks_done: number; readonly chunks_total: number };
  readonly playback: { readonly hls: string } | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** Polls until a video has come to an end, whichever. */
export function ended(data: string, id: string, stack: Stack): Promise<ApiVideo> {
  return until('the video comes to an end', stack, async () => {
    const found = await api<ApiVideo>(data, `/v1/videos/${id}`);
    return ['ready', 'errored', 'review'].includes(found.status) ? found : null;
  });
}

type History = Awaited<ReturnType<ReturnType<WorkflowClient['getHandle']>['fetchHistory']>>;

/** Chunks as a history has them at the end: for each the last attempt, when it was handed out and to whom, and why the one before it ended. */
export function chunkAttempts({ events }: History) {
  return (events ?? []).flatMap((event) => {
    const started = event.activityTaskStartedEventAttributes;
    const scheduled = started ? events?.[Number(started.scheduledEventId) - 1]?.activityTaskScheduledEventAttributes : null;
    if (!started || scheduled?.activityType?.name !== 'encodeChunk') return [];
    const { seconds, nanos } = event.eventTime ?? {};
    return [
      {
        atNs: BigInt(String(seconds ?? 0)) * 1_000_000_000n + BigInt(nanos ?? 0),
        id: scheduled.activityId,
        by: started.identity,
        attempt: started.attempt,
        why: started.lastFailure?.applicationFailureInfo?.type,
      },
    ];
  });
}

/** GET on the API of a running stack with its development key. */
export async function api<T>(data: string, path: string): Promise<T> {
  const { ports } = await stateOf(data);
  const key = (await readFile(join(data, 'api-key'), 'utf8')).trim();
  const answer = await fetch(`http://127.0.0.1:${ports.api}${path}`, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}

export async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-v', 'error', '-y', ...args]);
}

export async function probe(path: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('ffprobe', ['-v', 'error', ...args, '-of', 'csv=p=0', path], { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** Frames that really decode, and what the decoder complained of. */
export async function decode(path: string, stream: 'v' | 'a'): Promise<{ frames: number; complaints: string }> {
  const counted = await run('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    stream,
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    path,
  ]);
  const played = await run('ffmpeg', ['-v', 'error', '-i', path, '-map', `0:${stream}`, '-f', 'null', '-']);
  return { frames: Number(counted.stdout.trim().split('\n')[0]), complaints: (counted.stderr + played.stderr).trim() };
}

/** A clip of the shared media folder beside a checkout; null where there is none. */
export function sharedClip(name: string): string | null {
  const path = join(root, '..', 'shared', 'media', name);
  return existsSync(path) ? path : null;
}

export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });
