import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launch } from './part.js';

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/** The variable that marks every process of one stack. */
export const STACK_VARIABLE = 'REELMILL_STACK_ID';

/**
 * Starts a part in its own process group with its output in `log`. On Linux the kernel ends it when the launcher ends,
 * however that happens: kill -9 of the launcher leaves nothing behind. Elsewhere the next start ends it by its record.
 */
export function spawnPart(launch: Launch, options: { readonly log: string; readonly stackId: string }): ChildProcess {
  const output = openLog(options.log);
  try {
    const [command, args] = tied(launch.command, launch.args);
    return spawn(command, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...launch.env, [STACK_VARIABLE]: options.stackId },
      cwd: launch.cwd,
    });
  } finally {
    closeSync(output);
  }
}

/** The command that dies with the process which starts it, where the system can do that. */
export function tied(command: string, args: readonly string[]): [string, string[]] {
  return hasSetpriv() ? ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, [...args]];
}

export function hasSetpriv(): boolean {
  return process.platform === 'linux' && (process.env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, 'setpriv')));
}

/** The end of a log, for a fault's text. */
export function logTail(log: string, lines = 12): string {
  return existsSync(log) ? readFileSync(log, 'utf8').slice(-20_000).trimEnd().split('\n').slice(-lines).join('\n') : '(no log)';
}

function openLog(log: string): number {
  mkdirSync(dirname(log), { recursive: true });
  if (existsSync(log) && statSync(log).size > LOG_LIMIT_BYTES) renameSync(log, `${log}.1`);
  return openSync(log, 'a', 0o600);
}
