import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bodyOf } from '../client/index.js';
import { prepareStack, startLauncher, until } from '../faults/launcher.js';
import { parsed, whole } from '../faults/option-values.js';
import { StackFault } from '../stack/fault.js';
import { findRoot } from '../stack/root.js';
import { fuzzApi, obtainSchemathesis } from './schemathesis.js';

const HELP = `The running API, called as its own description allows and as it does not, by Schemathesis.

  npm run fuzz -- [--n N] [--seed S]

  --n N      cases for each operation and phase (default 60)
  --seed S   decides what they are (default 1)

A stack of its own is started, with one published video. Python 3.10 or newer is needed; Schemathesis is installed into the
cache of tools. Exit code 0: no server error, no answer that the description does not list (status, type, shape, headers), no
wrong request taken, no call without its key let in, nothing found after its deletion, and the ledger adds up. The last line
is one JSON object.`;

const UP_MS = 15 * 60_000;
const LIMIT_MS = 60 * 60_000;

/** `npm run fuzz`. Resolves with the exit code, when everything that it started has ended. */
export async function main(argv: readonly string[]): Promise<number> {
  const say = (line: string): void => console.log(line);
  try {
    const text = { type: 'string' } as const;
    const { values } = parsed({ args: [...argv], options: { n: text, seed: text, help: { type: 'boolean' } }, strict: true });
    if (values.help) {
      say(HELP);
      return 0;
    }
    const wish = { examples: whole('--n', values.n ?? '60', 1, 100_000), seed: whole('--seed', values.seed ?? '1', 0, 2 ** 31) };
    return await onStack(wish, say);
  } catch (error) {
    if (!(error instanceof StackFault)) throw error;
    say(error.message);
    return 1;
  }
}

async function onStack(wish: { readonly examples: number; readonly seed: number }, say: (line: string) => void): Promise<number> {
  const root = findRoot();
  const python = await obtainSchemathesis(root, process.env, say);
  await prepareStack(root, say);
  const data = mkdtempSync(join(tmpdir(), 'reelmill-fuzz-'));
  const eventsSecret = randomBytes(24).toString('hex');
  const stack = startLauncher({ root, data, args: ['--encoders', '1'], env: { EVENTS_SECRET: eventsSecret } });
  try {
    say('Starting a stack, and publishing one video …');
    await until('one video is published', stack, UP_MS, async () => {
      const { data: videos } = await bodyOf(stack.api().GET('/v1/videos', { signal: AbortSignal.timeout(5_000) }));
      return videos.some((video) => video.status === 'ready') || null;
    });
    const url = `http://127.0.0.1:${stack.state().ports.api}`;
    const apiKey = readFileSync(join(data, 'api-key'), 'utf8').trim();
    const pidBefore = stack.state().parts.API?.pid;
    say(`Seed ${wish.seed}, ${wish.examples} cases for each operation and phase …`);
    const phases = ['examples', 'coverage', 'fuzzing', 'stateful'] as const;
    const report = await fuzzApi(python, { ...wish, root, env: process.env, url, apiKey, eventsSecret, phases, limitMs: LIMIT_MS, out: data });
    const { words, ...figures } = report;
    if (!report.ok) say(words);
    const ledger = await bodyOf(stack.api().GET('/v1/ops/ledger', { params: { query: { tenants: 'all' } } }));
    const restarts = stack.state().parts.API?.pid === pidBefore ? 0 : 1;
    const ok = report.ok && ledger.gap === 0 && restarts === 0;
    say(`${figures.cases} cases over ${figures.tested} of ${figures.operations} operations in ${figures.seconds} s: ${figures.failures} failures`);
    say(JSON.stringify({ ...figures, ok, ledger_gap: ledger.gap, restarts }));
    return ok ? 0 : 1;
  } finally {
    await stack.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
