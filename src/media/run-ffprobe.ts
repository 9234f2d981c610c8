import { execa } from 'execa';
import { PipelineError } from '../domain/errors.js';
import { pasteable } from './ffmpeg-log.js';
import type { SourceInput } from './input-args.js';
import { processCpuMs } from './process-use.js';
import { hearSandbox, sandboxed, signalSandboxed } from './sandbox.js';
import { watchMoves } from './watch-moves.js';
import { hasCrashed, whyKilled } from './why-killed.js';

export interface FfprobeResult {
  readonly exitCode: number;
  /** First and last part of what it said, at most 16 kB. */
  readonly stderr: string;
}

const STDERR_HEAD_CHARS = 12_000;
const STDERR_TAIL_CHARS = 4_000;
const STALL_MS = 60_000;
/** ffprobe gets no environment but this: what it parses is hostile, and our environment holds keys. */
const CHILD_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Runs ffprobe to its end, in its input's sandbox, and hands over its output piece by piece. It dies with this process
 * (pdeathsig), by `signal`, after `timeoutMs`, or when nothing of it moves for `stallMs`. A non-zero exit is an answer, not an error:
 * the caller knows what it asked.
 * @param onStdout may throw to stop the process; the throw comes out of this function
 * @throws the signal's reason once it is aborted; PipelineError INSPECT_STALLED where it takes too long, DECODER_CRASHED,
 *   RESOURCE_LIMIT, SANDBOX_FAILED; INTERNAL where ffprobe does not start or is killed from outside;
 *   STORAGE_UNAVAILABLE where the server of the source failed, not the source
 */
export async function runFfprobe(wish: {
  args: readonly string[];
  ffprobePath: string;
  timeoutMs: number;
  /** Without output and without use of a core for so long, it hangs. Default 60 000. */
  stallMs?: number;
  signal?: AbortSignal;
  /** Where it reads from. A server's faults are told apart from the file's. */
  input: SourceInput;
  onStdout: (text: string) => void;
}): Promise<FfprobeResult> {
  wish.signal?.throwIfAborted();
  const { input } = wish;
  const [program = '', ...words] = [...(await wrapperOf(wish)), ...wish.args];
  const child = execa(program, words, {
    ...{ reject: false, buffer: false, stdin: 'ignore', env: CHILD_ENV, extendEnv: false },
    ...(input.sandbox ? ({ ipc: true, serialization: 'json' } as const) : {}),
  });
  const inside = input.sandbox ? hearSandbox(child, input) : undefined;
  // Nothing of a reader is worth a gentle end; and one that is stuck in its input would not hear of it.
  const stop = (): void => signalSandboxed(child, inside ?? { stands: false }, 'SIGKILL');
  const killed = whyKilled();
  let head = '';
  let tail = '';
  // Drained whatever it says: a full pipe would stop ffprobe for ever.
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const room = Math.max(0, STDERR_HEAD_CHARS - head.length);
    head += text.slice(0, room);
    tail = (tail + text.slice(room)).slice(-STDERR_TAIL_CHARS);
  });
  let refused: { cause: unknown } | null = null;
  let printedChars = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printedChars += text.length;
    if (refused) return;
    try {
      wish.onStdout(text);
    } catch (cause) {
      refused = { cause };
      stop();
    }
  });
  const movedBy = (): string => {
    const pid = inside === undefined ? child.pid : inside.pid;
    return `${printedChars} ${processCpuMs(pid)}`;
  };
  const watch = watchMoves(movedBy, { wallMs: wish.timeoutMs, stallMs: wish.stallMs ?? STALL_MS }, stop);
  wish.signal?.addEventListener('abort', stop, { once: true });
  const result = await child.finally(() => {
    watch.end();
    wish.signal?.removeEventListener('abort', stop);
  });
  if (refused) throw (refused as { cause: unknown }).cause;
  wish.signal?.throwIfAborted();
  // A file's words are in it: none of them may steer a terminal or a page.
  const stderr = (head + tail).replace(/[^\P{C}\n]/gu, '?');
  const command = pasteable(wish.args).replace(/^ffmpeg/, 'ffprobe');
  const ended = { exitCode: result.exitCode ?? null, signal: result.signal ?? null };
  const details = { command, ...ended, stderr: stderr.slice(-2_000), timeoutMs: wish.timeoutMs };
  if (watch.over) throw new PipelineError('INSPECT_STALLED', { note: watch.over, details });
  if (inside?.stands === false) throw new PipelineError('SANDBOX_FAILED', { details });
  // 0 and 1 are ffprobe's own answers. Others come from whoever could not start it, and must not be blamed on the file.
  if (result.exitCode !== 0 && result.exitCode !== 1) {
    const why = { exitCode: ended.exitCode, signalCode: (result.signal ?? null) as NodeJS.Signals | null };
    if (hasCrashed(why)) throw new PipelineError('DECODER_CRASHED', { details });
    if (killed(why) === 'RESOURCE_LIMIT') throw new PipelineError('RESOURCE_LIMIT', { details });
    const end = result.signal ?? result.code ?? result.exitCode ?? 'not started';
    throw new PipelineError('INTERNAL', { note: `ffprobe did not run to its end (${end}).`, details, cause: result });
  }
  if (input.protocols !== 'file' && SERVER_FAULT.test(stderr))
    throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The source could not be read.', details });
  return { exitCode: result.exitCode, stderr };
}

/** How late a busy machine may look at the clock. */
const CPU_SLACK_S = 5;

async function wrapperOf(wish: { ffprobePath: string; input: SourceInput; timeoutMs: number }): Promise<readonly string[]> {
  const { input, ffprobePath } = wish;
  // It writes nothing. The clock ends it first, and says why; this is for when nobody is left who looks at the clock.
  const limits = { cpuS: wish.timeoutMs / 1000 + CPU_SLACK_S, memoryBytes: 2 * 1024 ** 3, fileBytes: 1 };
  if (input.sandbox) return sandboxed(input.sandbox, { input, limits }, ffprobePath);
  return (await hasSetpriv()) ? ['setpriv', '--pdeathsig', 'KILL', '--', ffprobePath] : [ffprobePath];
}

/**
 * ffmpeg's HTTP reader takes a broken connection for the end of the file and exits 0. What it says then must never
 * become the owner's fault. "Input/output error" is not among it: demuxers say so of files that break off, too, and who serves
 * the source tells of a store that failed (withSource).
 */
const SERVER_FAULT = /Connection (refused|reset|timed out)|Broken pipe|Server returned (5|40)|HTTP error (5|40)|Stream ends prematurely/;

let setpriv: Promise<boolean> | null = null;

/** util-linux's setpriv ties a child's life to ours even under `kill -9`; macOS has none. Asked once a process. */
function hasSetpriv(): Promise<boolean> {
  setpriv ??= execa('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { reject: false, env: CHILD_ENV, extendEnv: false, timeout: 10_000 }).then(
    (result) => result.exitCode === 0,
  );
  return setpriv;
}
