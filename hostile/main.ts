import { parsed, whole } from '../faults/option-values.js';
import { StackFault } from '../stack/fault.js';
import { findSandbox } from '../stack/prove-sandbox.js';
import { findRoot } from '../stack/root.js';
import { obtainFfmpeg } from '../stack/tools/ffmpeg.js';
import { canAudit } from './audit.js';
import { reportOf } from './report.js';
import { runHostile } from './run.js';

const HELP = `Files that mean it ill, through the product's own inspection, plan and encoding, in its sandbox.

  npm run hostile -- --n N --seed S [--jobs J] [--light]

  --n N      files: all rows of known attacks first, then mutants of eight containers (default 400)
  --seed S   decides what the mutants are (default 1)
  --jobs J   workers at a time (default 2)
  --light    leave out the rows that take minutes or hundreds of megabytes, and hold nobody to a time

Every file that ffmpeg and ffprobe open and every connection that they try is written down by strace, where that is installed.
Exit code 0: no hang, no connection, nothing opened outside, no worker died, every end has a code that says what to do, nothing was
published in part without a word. The last line is one JSON object.`;

/** `npm run hostile`. Resolves with the exit code, when everything that it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    const { values } = parsed({ args: [...argv], options: { n: text, seed: text, jobs: text, light: flag, help: flag }, strict: true });
    if (values.help) {
      say(HELP);
      return 0;
    }
    const wish = {
      n: whole('--n', values.n ?? '400', 1, 1_000_000),
      seed: whole('--seed', values.seed ?? '1', 0, 2 ** 31),
      jobs: whole('--jobs', values.jobs ?? '2', 1, 64),
      heavy: !values.light,
    };
    const { ffmpeg, ffprobe, version } = await obtainFfmpeg(process.env, say);
    const { sandbox, why } = await findSandbox(findRoot());
    if (!sandbox && process.env.ALLOW_UNSANDBOXED !== '1') throw new StackFault(`There can be no sandbox here: ${why}.`);
    say(
      `Seed ${wish.seed}, ffmpeg ${version}, ${sandbox ? 'in the sandbox' : 'WITHOUT A SANDBOX'}, ${canAudit() ? 'strace watches' : 'strace is not installed: opened files are not watched'}`,
    );
    const startedAt = performance.now();
    const run = await runHostile({ ...wish, ffmpeg, ffprobe, sandboxed: sandbox }, say);
    const { report, faults } = reportOf(run, { seed: wish.seed, heldTimes: wish.heavy });
    for (const { name, end, stage } of run.outcomes) if (!name.startsWith('#')) say(`${end.padEnd(20)} ${stage.padEnd(8)} ${name}`);
    for (const fault of faults.slice(0, 100)) say(fault);
    for (const [code, count] of Object.entries(report.codes).sort(([, a], [, b]) => b - a)) say(`${String(count).padStart(8)}  ${code}`);
    say(`${report.n} files in ${Math.round((performance.now() - startedAt) / 1000)} s; ${report.audited ?? 'no'} programs watched`);
    say(JSON.stringify(report));
    return report.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  }
}
