import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../../cli/reelmill.mjs', import.meta.url));

export interface CliRun {
  readonly child: ChildProcess;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals | null>;
  /** Lines of the output so far that are JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they then check
  events(): any[];
  out(): string;
  err(): string;
}

/** The command as a user runs it, with a state folder of the test's own. Ends with the test at the latest. */
export function runCli(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
  const { NODE_OPTIONS: _ours, ...rest } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const events = () =>
    out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .flatMap((line) => {
        try {
          return [JSON.parse(line)];
        } catch {
          return []; // the last line, in the middle of being written
        }
      });
  return { child, exit, events, out: () => out, err: () => err };
}
