import type { ChildProcess, SpawnOptions } from 'node:child_process';
import fluentFfmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { PipelineError } from '../domain/errors.js';
import { DIES_WITH_US } from './dies-with-us.js';
import { FfmpegLog, pasteable } from './ffmpeg-log.js';
import { coreUse, processCpuMs } from './process-use.js';
import { hearSandbox, type Room, type SandboxedChild, sandboxed, signalSandboxed } from './sandbox.js';
import { hasCrashed, whyKilled } from './why-killed.js';

/** With an input that has a sandbox it runs in that, with the room's folder and limits. */
export interface RunFfmpegOptions extends Room {
  readonly ffmpegPath: string;
  /** Ends the run: SIGTERM, SIGKILL 5 s later, then the promise rejects with the signal's own reason. */
  readonly signal?: AbortSignal;
  /** Without a new frame or byte for so long, the run has stalled; waiting for a free core is not counted. Default 60 000. */
  readonly stallMs?: number;
  /** Microseconds on the output's time line, about twice a second, never backwards. */
  readonly onProgress?: (outTimeUs: number) => void;
  /** Every line that ffmpeg writes of its own accord, as it comes. */
  readonly onMessage?: (line: string) => void;
  /** Hears of its processor time so far, ms, as often as of progress: also where the run fails in the end. */
  readonly onCpu?: (cpuMs: number) => void;
  /** Niceness, 1 (a little) to 19 (only idle cores). */
  readonly cpuNice?: number;
}

export interface RunFfmpegResult {
  readonly wallMs: number;
  /** User and system time; absent where /proc is. */
  readonly cpuMs?: number;
}

/**
 * Runs one ffmpeg to its end. The argv begins behind the program's name, has at least one `-i`, and ends with its last
 * output. Exit code 0 is all that success means here: whoever calls counts the frames.
 *
 * Where `setpriv` exists (Linux) ffmpeg dies with the thread that started it, even by kill -9; so call this from a thread that lives on.
 * @throws PipelineError ENCODE_FAILED, DECODER_CRASHED, ENCODE_STALLED, DISK_FULL, RESOURCE_LIMIT, ENCODE_KILLED, SANDBOX_FAILED, with exit code, signal, command and the end of stderr; or the signal's reason
 */
export async function runFfmpeg(argv: readonly string[], options: RunFfmpegOptions): Promise<RunFfmpegResult> {
  options.signal?.throwIfAborted();
  const startedAt = performance.now();
  const log = new FfmpegLog(options.onProgress, options.onMessage);
  const command = buildCommand(argv, options);
  const run = new Promise<void>((resolve, reject) => command.on('end', () => resolve()).on('error', reject));
  let child: ChildProcess | undefined;
  let inside: SandboxedChild | undefined;
  const pid = (): number | undefined => (inside === undefined ? child?.pid : inside.pid);
  let stalled = false;
  let cpuMs: number | undefined;
  const killed = whyKilled();

  // Why it stops is decided here, never read from how it ended: after SIGTERM ffmpeg exits 255 like any failure, or even 0.
  let killTimer: NodeJS.Timeout | undefined;
  const send = (signal: NodeJS.Signals): void => {
    if (child !== undefined) signalSandboxed(child, inside ?? { stands: false }, signal);
  };
  const stop = (): void => {
    send('SIGTERM');
    killTimer ??= setTimeout(() => send('SIGKILL'), KILL_AFTER_MS);
  };
  const stallMs = options.stallMs ?? 60_000;
  let advancedAt = log.advancedAt;
  let lookedAt = startedAt;
  let cpuBeforeMs = 0;
  let idleMs = 0;
  const watchdog = setInterval(
    () => {
      const sinceMs = performance.now() - lookedAt;
      lookedAt += sinceMs;
      // While ffmpeg is ready to run, only what it ran is held against it: a crowded machine must not look like a hung decoder.
      const running = pid();
      const use = running === undefined ? null : coreUse(running);
      idleMs += use?.ready ? Math.min(sinceMs, use.cpuMs - cpuBeforeMs) : sinceMs;
      cpuBeforeMs = use?.cpuMs ?? cpuBeforeMs;
      if (log.advancedAt !== advancedAt) idleMs = 0;
      advancedAt = log.advancedAt;
      if (idleMs < stallMs) return;
      stalled = true;
      stop();
    },
    Math.min(1000, stallMs / 4),
  );
  command.on('start', () => {
    child = (command as unknown as Internals).ffmpegProc;
    if (child !== undefined && options.input?.sandbox) inside = hearSandbox(child, options.input);
    if (options.signal?.aborted) stop();
  });
  command.on('stderr', (line: string) => {
    // At each report, the last one stands right before the exit: afterwards there is nobody left to ask.
    if (!log.take(line)) return;
    cpuMs = processCpuMs(pid()) ?? cpuMs;
    if (cpuMs !== undefined) options.onCpu?.(cpuMs);
  });
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    command.run();
    await run;
    options.signal?.throwIfAborted();
    return { wallMs: Math.round(performance.now() - startedAt), ...(cpuMs === undefined ? {} : { cpuMs }) };
  } catch (error) {
    options.signal?.throwIfAborted();
    const code = stalled
      ? 'ENCODE_STALLED'
      : inside?.stands === false
        ? 'SANDBOX_FAILED'
        : log.diskFull
          ? 'DISK_FULL'
          : log.fileLimit
            ? 'RESOURCE_LIMIT'
            : (killed(child) ?? (hasCrashed(child) ? 'DECODER_CRASHED' : 'ENCODE_FAILED'));
    const details = { exitCode: child?.exitCode ?? null, signal: child?.signalCode ?? null, command: pasteable(argv), stderrTail: log.tail() };
    // The library's error repeats stderr, addresses and all; it only knows more where nothing was started.
    throw new PipelineError(code, { details, cause: child === undefined ? error : undefined });
  } finally {
    clearInterval(watchdog);
    clearTimeout(killTimer);
    options.signal?.removeEventListener('abort', stop);
  }
}

/** What fluent-ffmpeg 2.1.3 has but does not declare. */
interface Internals {
  ffmpegProc?: ChildProcess;
  _spawnFfmpeg(args: string[], options: SpawnOptions, ...callbacks: unknown[]): void;
}

type Callback<T> = (error: Error | null, value: T) => void;

/** A demuxer that is stuck in its input does not hear one SIGTERM. */
const KILL_AFTER_MS = 5000;

function buildCommand(argv: readonly string[], options: RunFfmpegOptions): FfmpegCommand {
  const input = argv.indexOf('-i');
  const source = argv[input + 1];
  const target = argv[argv.length - 1];
  if (input < 0 || source === undefined || target === undefined || argv.length < input + 3)
    throw new RangeError('an argv needs an input and an output');
  const { sandbox } = options.input ?? {};
  const [program = ENV, ...prefix] = sandbox ? sandboxed(sandbox, options, options.ffmpegPath) : [...WRAPPER, options.ffmpegPath];
  const command = fluentFfmpeg({ stdoutLines: 100, niceness: options.cpuNice ?? 0 });
  Object.assign(command, {
    // Per command: the library's setFfmpegPath is one variable for the whole process, and it would look at FFMPEG_PATH itself.
    _getFfmpegPath: (callback: Callback<string>) => callback(null, program),
    // It would parse `-formats` and `-encoders` before each run, asking the wrapper for them, and misreads those of ffmpeg 7.
    _checkCapabilities: (callback: Callback<void>) => callback(null),
    availableEncoders: (callback: Callback<object>) => callback(null, {}),
  });
  const { _spawnFfmpeg: spawn } = command as unknown as Internals;
  if (sandbox) {
    const stdio: SpawnOptions['stdio'] = ['pipe', 'pipe', 'pipe', 'ipc'];
    const withChannel: Internals['_spawnFfmpeg'] = (args, more, ...callbacks) => spawn.call(command, args, { ...more, stdio }, ...callbacks);
    Object.assign(command, { _spawnFfmpeg: withChannel });
  }
  // Two or more arguments each, always: a lone one, or an array, is split at its space. `-y` is the library's.
  command.input(source).inputOptions(...pair([...prefix, '-nostdin', '-hide_banner', '-loglevel', 'warning', ...argv.slice(0, input)]));
  return command.output(target).outputOptions(...pair(['-nostats', '-progress', 'pipe:2', ...argv.slice(input + 2, -1)]));
}

/** At least two, as the types of the library and its splitting want it. */
function pair(words: readonly string[]): [string, string, ...string[]] {
  const [first, second, ...rest] = words;
  if (first === undefined || second === undefined) throw new RangeError('needs two words or more');
  return [first, second, ...rest];
}

const ENV = '/usr/bin/env';

/**
 * Each of these becomes the next by exec, so the process id stays ffmpeg's. It dies with us, and gets none of our
 * environment: what it decodes is hostile, and our environment holds keys.
 */
const WRAPPER = [...DIES_WITH_US, ...[ENV, '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']];
