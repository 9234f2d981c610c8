import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackFault, wordsOf } from './fault.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface SandboxFinding {
  readonly sandbox: boolean;
  readonly why?: string;
}

const LIMIT_MS = 60_000;

/** Whether an encoder on this machine could shut ffmpeg in: tried, as the encoder tries it at its start. */
export async function findSandbox(root: string): Promise<SandboxFinding> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist', 'workers', 'prove-sandbox.js')], { timeout: LIMIT_MS });
    return JSON.parse(stdout) as SandboxFinding;
  } catch (error) {
    return { sandbox: false, why: wordsOf(error).slice(-300) };
  }
}

/**
 * Why nobody could make a sandbox here, asked of another program than ours: a fault of our own must fail tests, not skip
 * them. null where it can be done.
 */
export async function forbidsNamespaces(): Promise<string | null> {
  try {
    await promisify(execFile)('unshare', ['--user', '--map-root-user', '--mount', '--net', '--pid', '--fork', 'perl', '-e', '1'], {
      timeout: LIMIT_MS,
    });
    return null;
  } catch (error) {
    return wordsOf(error).slice(-200);
  }
}

/**
 * Before encoders are started that would refuse to.
 * @throws StackFault with what to do where there can be no sandbox and nobody has allowed to do without
 */
export async function assertSandbox(root: string, env: Environment, say: (line: string) => void): Promise<void> {
  const { sandbox, why } = await findSandbox(root);
  if (sandbox) return;
  if (env.ALLOW_UNSANDBOXED !== '1') throw new StackFault(`ffmpeg cannot be shut in on this machine: ${why}.\n${SANDBOX_FIX}`);
  say(`WITHOUT A SANDBOX, as ALLOW_UNSANDBOXED=1 allows (${why}): process your own files only.`);
}

export const SANDBOX_FIX =
  'It needs Linux 5.12 or newer with user namespaces, and perl. In a container, allow them: --security-opt seccomp=unconfined ' +
  '--security-opt apparmor=unconfined. For your own files only: ALLOW_UNSANDBOXED=1 npm start.';
