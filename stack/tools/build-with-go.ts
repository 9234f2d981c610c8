import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StackFault } from '../fault.js';
import { endProcess, markOf, signalGroup } from '../processes.js';
import { tied } from '../spawn-part.js';
import type { ToolSpec } from './tool.js';

const LIMIT_MS = 60 * 60_000;
const TELL_EVERY_MS = 30_000;

/** Leaves `out/NAME`, or throws. */
export type BuildWithGo = (
  spec: ToolSpec,
  options: { readonly go: string; readonly root: string; readonly out: string; readonly say: (line: string) => void },
) => Promise<void>;

/** Builds a tool from pinned source through Go's own module proxy and checksum database, as the user has them set up. */
export const buildWithGo: BuildWithGo = async (spec, { go, root, out, say }) => {
  // Inside of what is cleared away by the next start, should this one be killed.
  const work = join(out, '.work');
  mkdirSync(work);
  const startedMs = Date.now();
  const passed = (): string => `${Math.round((Date.now() - startedMs) / 1000)} s`;
  say(`Building ${spec.name} ${spec.version} with Go: ${spec.buildTakes}, once; it is kept in the user cache …`);
  const ticker = setInterval(() => say(`… still building ${spec.name} (${passed()} so far)`), TELL_EVERY_MS);
  try {
    const command = await spec.goBuild({ root, work, out });
    const { code, tail } = await runGo(go, command.args, { cwd: command.cwd, env: { ...process.env, ...command.env } });
    if (code !== 0) {
      throw new StackFault(
        `Building ${spec.name} failed (exit code ${code}). Go's last words:\n${tail}\nGo needs its module proxy, and Go 1.26 or newer.`,
      );
    }
    say(`Built ${spec.name} in ${passed()}.`);
  } finally {
    clearInterval(ticker);
    rmSync(work, { recursive: true, force: true });
  }
};

async function runGo(go: string, args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
  const [command, argv] = tied(go, args);
  const child = spawn(command, argv, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  const take = (chunk: Buffer): void => {
    tail = (tail + chunk.toString()).slice(-3_000);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const mark = child.pid === undefined ? null : markOf(child.pid);
  const end = (): void => {
    if (mark) endProcess(mark, { signal: 'SIGTERM', graceMs: 2_000 }).catch((error: unknown) => take(Buffer.from(String(error))));
  };
  const timer = setTimeout(end, LIMIT_MS);
  // Ctrl-C in mid-build: the compilers that go started go with it.
  const killGroup = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  };
  process.once('exit', killGroup);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
    });
    return { code, tail: tail.trim() };
  } finally {
    clearTimeout(timer);
    process.off('exit', killGroup);
  }
}
