import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run faults -- …`, as a user runs it. */
export const faults = (...args: string[]) => command('faults', args);

/** One that is expected to keep every promise: what it said, and the figures in its last line. Else all that it said is the error. */
export async function figuresOf(run: Promise<{ code: number | null; output: string }>) {
  const { code, output } = await run;
  const lines = output.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  if (code !== 0 || !last.startsWith('{')) throw new Error(`Exit code ${code}. It said:\n${output}`);
  return { lines, figures: JSON.parse(last) };
}

/** `npm run NAME -- …`, as a user runs it. */
export function command(name: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => variable !== 'NODE_OPTIONS'));
  const child = spawn(process.execPath, [`stack/${name}.mjs`, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}
