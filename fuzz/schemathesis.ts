import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '#stack/lock.mjs';
import { StackFault } from '../stack/fault.js';
import { systemEnvironment } from '../stack/services/system-environment.js';
import { printedBy } from '../stack/tools/find-tool.js';
import { onPath, toolPlaces } from '../stack/tools/places.js';
import { type FuzzReport, reportOf } from './report.js';

type Env = Readonly<Record<string, string | undefined>>;

export interface FuzzWish {
  /** The checkout. */
  readonly root: string;
  readonly env: Env;
  readonly url: string;
  readonly apiKey: string;
  readonly eventsSecret: string;
  readonly seed: number;
  /** Cases for each operation and phase. */
  readonly examples: number;
  readonly phases: readonly ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
  /** The whole run is ended after this time. */
  readonly limitMs: number;
  /** Folder for its report; exists. */
  readonly out: string;
}

/**
 * All that Schemathesis looks at, but: whether each valid request is taken (no schema says that an id, a cursor or a key must
 * be one that the API gave), and what needs the keys of two tenants (`test/api/tenancy.test.ts` has them).
 */
const LEFT_OUT = 'positive_data_acceptance,object_level_authorization';
const INSTALL_MS = 300_000;
const ONE_ANSWER_S = '20';

/**
 * Its Python, with exactly the packages of tools/schemathesis/requirements.txt: from the cache of tools, or made there. A stamp
 * that is written last says that it is whole.
 * @throws StackFault with what to do
 */
export async function obtainSchemathesis(root: string, env: Env, say: (line: string) => void): Promise<string> {
  const places = toolPlaces(root, env);
  const requirements = join(root, 'tools', 'schemathesis', 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  const version = /^schemathesis==(.+)$/m.exec(wanted)?.[1] ?? '';
  const folder = join(places.cache, `schemathesis-${version}`);
  const [python, stamp] = [join(folder, 'bin', 'python'), join(folder, 'requirements.txt')];
  const isThere = (): boolean => existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isThere()) return python;
  const waits = (pid: number): void => say(`Another run (process ${pid}) is installing Schemathesis; waiting for it …`);
  return await withLock(join(places.cache, `.lock-schemathesis-${version}`), waits, async () => {
    if (isThere()) return python;
    await needPython(places.path, say);
    say(`Installing Schemathesis ${version} into ${folder} (usually 20-60 s, once) …`);
    rmSync(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder], 'It needs Python 3.10 or newer with its module venv.');
    await run(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--no-input', '-r', requirements], 'It needs PyPI.');
    writeFileSync(stamp, wanted);
    return python;
  });
}

/** Debian's Python, with what makes an environment of its own, where there is none and apt-get may install it. */
async function needPython(path: readonly string[], say: (line: string) => void): Promise<void> {
  const there = onPath(path, 'python3');
  const whole = there !== null && (await printedBy(there, ['-c', 'import venv, ensurepip'])) !== null;
  if (whole || process.getuid?.() !== 0 || onPath(path, 'apt-get') === null) return;
  say('Installing python3-venv with apt-get …');
  await run('apt-get', ['update', '-q'], 'Install python3 and python3-venv.');
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'python3-venv'], 'Install python3 and python3-venv.');
}

async function run(program: string, args: readonly string[], advice: string): Promise<void> {
  await promisify(execFile)(program, [...args], { timeout: INSTALL_MS }).catch((error: { readonly stderr?: string; readonly message: string }) => {
    throw new StackFault(`Schemathesis could not be installed: ${(error.stderr || error.message).trim().slice(-500)}\n${advice}`);
  });
}

/** Calls every operation of the API's own description, as it allows and as it does not, and holds each answer to it. */
export async function fuzzApi(python: string, wish: FuzzWish): Promise<FuzzReport> {
  const file = join(wish.out, 'report.json');
  const args = [
    ...['-m', 'schemathesis.cli', '--config-file', join(wish.root, 'tools', 'schemathesis', 'schemathesis.toml')],
    ...['run', `${wish.url}/openapi.json`, '--no-color', '--continue-on-failure', '--generation-database', 'none'],
    ...['--phases', wish.phases.join(','), '-n', String(wish.examples), '--seed', String(wish.seed)],
    ...['--checks', 'all', '--exclude-checks', LEFT_OUT, '--request-timeout', ONE_ANSWER_S],
    ...['--report', 'json', '--report-json-path', file],
  ];
  const env = { ...systemEnvironment(wish.env), REELMILL_API_KEY: wish.apiKey, EVENTS_SECRET: wish.eventsSecret };
  const child = spawn(python, args, { cwd: wish.out, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: wish.limitMs, killSignal: 'SIGKILL' });
  let said = '';
  const take = (piece: Buffer): void => {
    said += piece.toString('utf8');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  if (!existsSync(file)) throw new StackFault(`Schemathesis came to no end within ${wish.limitMs / 1000} s:\n${said.slice(-2_000)}`);
  return reportOf(JSON.parse(readFileSync(file, 'utf8')), said);
}
