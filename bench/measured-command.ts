import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DIES_WITH_US } from '../src/media/dies-with-us.js';
import { parseStat, peakRssMib } from './proc.js';

export interface CommandCost {
  readonly wallMs: number;
  /** User and system time of the command and all that it waited for. */
  readonly cpuMs: number;
  /** Highest resident size of the command itself. */
  readonly rssMib: number;
}

const SAMPLE_MS = 200;

/**
 * Runs a command to its end and says what it cost. One at a time: CPU time is read as what this process's ended
 * children have used.
 * @throws Error with the end of stderr where it fails
 */
export async function runMeasured(command: string, args: readonly string[]): Promise<CommandCost> {
  const cpuBefore = waitedCpuMs();
  const startedMs = performance.now();
  // A run that is broken off, by Ctrl-C too, leaves nothing behind that would slow the next one.
  const [program = command, ...words] = [...DIES_WITH_US, command, ...args];
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let rssMib = 0;
  const sampler = setInterval(() => {
    rssMib = Math.max(rssMib, (child.pid === undefined ? null : peakRssMib(child.pid)) ?? 0);
  }, SAMPLE_MS);
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => {
    stderr = (stderr + piece.toString('utf8')).slice(-2000);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`${command} ended with ${code ?? child.signalCode}: ${stderr.trim()}`);
    return { wallMs: performance.now() - startedMs, cpuMs: waitedCpuMs() - cpuBefore, rssMib };
  } finally {
    clearInterval(sampler);
    // Nothing that was started outlives a run that was broken off.
    if (child.exitCode === null) child.kill('SIGKILL');
  }
}

const waitedCpuMs = (): number => parseStat(readFileSync('/proc/self/stat', 'latin1')).waitedCpuMs;
