import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StackFault } from './fault.js';
import { onInterrupt } from './interrupt.js';
import { endProcess, markOf } from './processes.js';
import { forbidsNamespaces } from './prove-sandbox.js';
import { startServices } from './services/start-services.js';
import { tied } from './spawn-part.js';
import { openState } from './state.js';
import { createSupervisor } from './supervise.js';
import { hasPassed, summaryOf } from './test-summary.js';
import { obtainFfmpeg } from './tools/ffmpeg.js';

/** A test that leaves a handle open would keep jest for ever: this long after its result is there, it is ended. */
const LINGER_MS = 20_000;
const INTERRUPTED = 130;

/**
 * `npm test`: the services that the stack would start, in a folder that is thrown away, and all tests against them.
 * Resolves with 0 when all passed; always stops what it started. The last line is "N passed, N failed".
 */
export async function runTests(options: { readonly root: string; readonly jestArguments: readonly string[] }): Promise<number> {
  const say = (line: string): void => console.log(line);
  const data = mkdtempSync(join(tmpdir(), 'reelmill-test-'));
  const interrupt = onInterrupt();
  const state = openState(data);
  const supervisor = createSupervisor({ logs: join(data, 'logs'), state, say });
  interrupt.onSecond(() => supervisor.kill());
  const result = join(data, 'jest.json');
  try {
    const work = async (): Promise<number> => {
      const ffmpeg = await obtainFfmpeg(process.env, say);
      const forbidden = await forbidsNamespaces();
      if (forbidden) say(`This machine forbids name spaces (${forbidden}): the tests of the sandbox are SKIPPED, the others run without it.`);
      const services = await startServices({ root: options.root, data, state, say, env: process.env }, supervisor);
      const { postgres, s3, temporal } = services;
      const variables = {
        ...postgres,
        ...s3,
        ...temporal,
        FFMPEG_PATH: ffmpeg.ffmpeg,
        FFPROBE_PATH: ffmpeg.ffprobe,
        ...(forbidden ? { ALLOW_UNSANDBOXED: '1' } : {}),
      };
      return await runJest({ ...options, variables, result, signal: interrupt.signal });
    };
    const code = await Promise.race([work(), supervisor.broken, interrupt.happened]);
    return code;
  } catch (error) {
    if (interrupt.byUser) return INTERRUPTED;
    if (!(error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  } finally {
    interrupt.abort();
    await supervisor.stop();
    const summary = existsSync(result) ? summaryOf(readFileSync(result, 'utf8')) : null;
    rmSync(data, { recursive: true, force: true });
    interrupt.close();
    say(summary ?? '0 passed, 1 failed');
  }
}

interface JestRun {
  readonly root: string;
  readonly jestArguments: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly result: string;
  readonly signal: AbortSignal;
}

async function runJest({ root, jestArguments, variables, result, signal }: JestRun): Promise<number> {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const nodeOptions = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--no-warnings=ExperimentalWarning'].filter(Boolean).join(' ');
  const [command, args] = tied(process.execPath, [jest, '--json', `--outputFile=${result}`, ...jestArguments]);
  const child = spawn(command, args, {
    cwd: root,
    // Its own group: on Ctrl-C it is ended from here, with all that the tests started.
    detached: true,
    // The result goes to the file; what people read comes over stderr.
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, ...variables, NODE_OPTIONS: nodeOptions },
  });
  const mark = child.pid === undefined ? null : markOf(child.pid);
  const end = async (): Promise<void> => {
    if (mark) await endProcess(mark, { signal: 'SIGTERM', graceMs: 3_000 });
  };
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const over = new AbortController();
  const lingering = lingers(result, over.signal);
  try {
    const code = await Promise.race([
      exited,
      lingering,
      new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true })),
    ]);
    if (code !== 'lingers') return code ?? INTERRUPTED;
    console.log('The tests are done, but something that they left open kept jest running; it was ended.');
    return hasPassed(readFileSync(result, 'utf8')) ? 0 : 1;
  } finally {
    over.abort();
    await end();
  }
}

/** Resolves some time after the result file has come; when `signal` aborts, whenever: nobody waits any more. */
async function lingers(result: string, signal: AbortSignal): Promise<'lingers'> {
  const pause = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => undefined);
  while (!existsSync(result) && !signal.aborted) await pause(500);
  await pause(LINGER_MS);
  return 'lingers';
}
