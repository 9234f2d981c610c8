import { execa } from 'execa';
import { PipelineError } from '../domain/errors.js';

export interface FfprobeResult {
  readonly exitCode: number;
  /** First and last part of what it said, at most 16 kB. */
  readonly stderr: string;
}

const STDERR_HEAD_CHARS = 12_000;
const STDERR_TAIL_CHARS = 4_000;
/** Between SIGTERM and SIGKILL: a demuxer that is stuck in its input ignores the first. */
const KILL_AFTER_MS = 5_000;
/** ffprobe gets no environment but this: what it parses is hostile, and our environment holds keys. */
const CHILD_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Runs ffprobe to its end and hands over its output piece by piece. It dies with this process (pdeathsig), by
 * `signal`, or after `timeoutMs`. A non-zero exit is an answer, not an error: the caller knows what it asked.
 * @param onStdout may throw to stop the process; the throw comes out of this function
 * @throws the signal's reason once it is aborted; PipelineError INTERNAL where ffprobe does not start, is killed from
 *   outside, or takes too long; STORAGE_UNAVAILABLE where the server of the source failed, not the source
 */
export async function runFfprobe(wish: {
  args: readonly string[];
  ffprobePath: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** The input is an HTTP server: its faults are told apart from the file's. */
  remote: boolean;
  onStdout: (text: string) => void;
}): Promise<FfprobeResult> {
  wish.signal?.throwIfAborted();
  const command = (await hasSetpriv()) ? ['setpriv', '--pdeathsig', 'KILL', '--', wish.ffprobePath, ...wish.args] : [wish.ffprobePath, ...wish.args];
  const child = execa(command[0] ?? wish.ffprobePath, command.slice(1), {
    ...{ reject: false, buffer: false, stdin: 'ignore', env: CHILD_ENV, extendEnv: false },
    ...{ timeout: wish.timeoutMs, forceKillAfterDelay: KILL_AFTER_MS, cancelSignal: wish.signal },
  });
  let head = '';
  let tail = '';
  // Drained whatever it says: a full pipe would stop ffprobe for ever.
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const room = Math.max(0, STDERR_HEAD_CHARS - head.length);
    head += text.slice(0, room);
    tail = (tail + text.slice(room)).slice(-STDERR_TAIL_CHARS);
  });
  let refused: { cause: unknown } | null = null;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (refused) return;
    try {
      wish.onStdout(text);
    } catch (cause) {
      refused = { cause };
      child.kill();
    }
  });
  const result = await child;
  if (refused) throw (refused as { cause: unknown }).cause;
  wish.signal?.throwIfAborted();
  const stderr = head + tail;
  const details = { command: command.join(' '), stderr: stderr.slice(-2_000), timeoutMs: wish.timeoutMs };
  if (result.timedOut) throw new PipelineError('INTERNAL', { note: 'Reading the file took too long and was stopped.', details });
  // 0 and 1 are ffprobe's own answers. Others come from whoever could not start it, and must not be blamed on the file.
  if (result.exitCode !== 0 && result.exitCode !== 1) {
    throw new PipelineError('INTERNAL', {
      note: `ffprobe did not run to its end (${result.signal ?? result.code ?? result.exitCode ?? 'not started'}).`,
      details,
      cause: result,
    });
  }
  if (wish.remote && SERVER_FAULT.test(stderr)) throw new PipelineError('STORAGE_UNAVAILABLE', { note: 'The source could not be read.', details });
  return { exitCode: result.exitCode, stderr };
}

/**
 * ffmpeg's HTTP reader takes a broken connection for the end of the file and exits 0. What it says then must never
 * become the owner's fault.
 */
const SERVER_FAULT =
  /Connection (refused|reset|timed out)|Broken pipe|Server returned (5|40)|HTTP error (5|40)|Stream ends prematurely|Input\/output error/;

let setpriv: Promise<boolean> | null = null;

/** util-linux's setpriv ties a child's life to ours even under `kill -9`; macOS has none. Asked once a process. */
function hasSetpriv(): Promise<boolean> {
  setpriv ??= execa('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { reject: false, env: CHILD_ENV, extendEnv: false, timeout: 10_000 }).then(
    (result) => result.exitCode === 0,
  );
  return setpriv;
}
