import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AuditFindings, auditWords, canAudit, readAudit } from './audit.js';
import { type CaseRef, listCases } from './cases.js';
import type { Outcome } from './put-through.js';
import type { WorkerWish, WorkerWord } from './worker.js';

export interface HostileOptions {
  readonly n: number;
  readonly seed: number;
  readonly jobs: number;
  /** With the rows that take seconds or hundreds of megabytes. */
  readonly heavy: boolean;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly sandboxed: boolean;
}

export interface HostileRun {
  readonly outcomes: readonly Outcome[];
  readonly hangs: readonly string[];
  readonly deaths: readonly string[];
  readonly connections: number;
  readonly audit: AuditFindings | null;
  readonly peakKib: number;
  readonly ownRssKib: number;
}

/** The longest that a case may take, all its retries and chunks: beyond it nothing is bounded. */
const CASE_MS = 240_000;

/** Puts all cases through workers of their own, two or more at a time. Leaves nothing behind. */
export async function runHostile(options: HostileOptions, say: (line: string) => void): Promise<HostileRun> {
  const folder = mkdtempSync(join(tmpdir(), 'reelmill-hostile-'));
  let connections = 0;
  const canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  const port = await portOf(canary);
  const secret = join(folder, 'other.mp4');
  writeFileSync(secret, 'a film of somebody else');
  const queue = listCases(options.n, options.heavy);
  const found = { outcomes: [] as Outcome[], hangs: [] as string[], deaths: [] as string[], peakKib: 0, ownRssKib: 0 };
  const seen = { programs: 0, opened: [] as string[], connected: [] as string[] };
  const total = queue.length;
  const tell = setInterval(() => say(`… ${found.outcomes.length} of ${total}`), 30_000);
  try {
    const work = async (number: number): Promise<void> => {
      const own = join(folder, `worker-${number}`);
      for (const name of ['', 'audit']) mkdirSync(join(own, name));
      const wish = { ...options, folder: own, canary: { port, file: secret } } satisfies WorkerWish & HostileOptions;
      let worker: ChildProcess | null = null;
      try {
        for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
          worker ??= await startWorker(wish, own);
          const word = await put(worker, ref);
          if (typeof word === 'string') {
            (word === 'hang' ? found.hangs : found.deaths).push(`case ${ref.index}${ref.row === undefined ? '' : ` (row ${ref.row})`}`);
            await endOf(worker);
            worker = null;
            continue;
          }
          found.outcomes.push(word.outcome);
          found.peakKib = Math.max(found.peakKib, word.peakKib);
          found.ownRssKib = Math.max(found.ownRssKib, word.ownRssKib);
          collect(seen, own);
        }
      } finally {
        if (worker !== null) await endOf(worker);
        collect(seen, own);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, (_, number) => work(number)));
    return { ...found, connections, audit: canAudit() ? seen : null };
  } finally {
    clearInterval(tell);
    canary.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function collect(seen: { programs: number; opened: string[]; connected: string[] }, own: string): void {
  const { programs, opened, connected } = readAudit(join(own, 'audit'), join(own, 'scratch'));
  seen.programs += programs;
  seen.opened.push(...opened);
  seen.connected.push(...connected);
}

async function startWorker(wish: WorkerWish, own: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('worker.js', import.meta.url));
  const [command = process.execPath, ...words] = [...(canAudit() ? auditWords(join(own, 'audit', 'thread')) : []), process.execPath];
  const child = spawn(command, [...words, '--enable-source-maps', program, JSON.stringify(wish)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const word = await heard(child, CASE_MS);
  if (typeof word === 'string') throw new Error(`a worker did not start: ${word}`);
  return child;
}

async function put(worker: ChildProcess, ref: CaseRef): Promise<Extract<WorkerWord, { ref: CaseRef }> | 'hang' | 'death'> {
  worker.send(ref);
  const word = await heard(worker, CASE_MS);
  return typeof word === 'object' && 'ref' in word ? word : word === 'hang' ? 'hang' : 'death';
}

/** The next word of a worker; `hang` where none comes in time, `death` where it has ended. */
function heard(worker: ChildProcess, limitMs: number): Promise<WorkerWord | 'hang' | 'death'> {
  return new Promise((resolve) => {
    const done = (word: WorkerWord | 'hang' | 'death'): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('exit', onExit);
      resolve(word);
    };
    const onMessage = (word: unknown): void => done(word as WorkerWord);
    const onExit = (): void => done('death');
    const timer = setTimeout(() => done('hang'), limitMs);
    worker.on('message', onMessage).on('exit', onExit);
  });
}

/** strace passes no signal on: a worker ends when its channel does, and else by the pipe that nobody holds. */
async function endOf(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  if (worker.connected) worker.disconnect();
  const timer = setTimeout(() => worker.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the canary has no port');
  return address.port;
}
