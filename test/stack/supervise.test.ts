import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Part } from '../../stack/part.js';
import { isAlive, markOf, type ProcessMark, signalProcess } from '../../stack/processes.js';
import { openState } from '../../stack/state.js';
import { createSupervisor, type Supervisor } from '../../stack/supervise.js';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();
const supervisors: Supervisor[] = [];
const strays: ProcessMark[] = [];
afterEach(async () => {
  await Promise.all(supervisors.splice(0).map((supervisor) => supervisor.stop()));
  for (const mark of strays.splice(0)) if (isAlive(mark)) signalProcess(mark.pid, 'SIGKILL');
});

function setUp(name: string, more: { readonly healthyMs?: number } = {}) {
  const data = join(root, name);
  const state = openState(data);
  const said: string[] = [];
  const supervisor = createSupervisor({ logs: join(data, 'logs'), state, say: (line) => said.push(line), backOffMs: 10, ...more });
  supervisors.push(supervisor);
  return { data, state, said, supervisor };
}

/** A part that writes its pid to a file and then runs `then`. */
function toy(data: string, then: string, more: Partial<Part> = {}): Part & { pid(): number } {
  const file = join(data, 'pid');
  const pid = (): number => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  return {
    name: 'toy',
    tier: 'service',
    stopSignal: 'SIGTERM',
    graceMs: 300,
    readyMs: 20_000,
    async prepare() {
      writeFileSync(file, '0');
      const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); ${then}`;
      return { command: process.execPath, args: ['-e', script], env: { PATH: process.env.PATH ?? '' } };
    },
    async ready(signal) {
      while (pid() === 0) await sleep(20, undefined, { signal });
    },
    pid,
    ...more,
  };
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !what(); await sleep(20)) if (Date.now() > end) throw new Error('it never came to that');
}

const STAY = 'setInterval(() => 0, 1000);';

test('a part that is killed is started again, and its record follows', async () => {
  const { data, state, said, supervisor } = setUp('restart');
  const part = toy(data, STAY);
  await supervisor.start(part);
  const first = part.pid();
  expect(state.current.parts.toy?.pid).toBe(first);
  process.kill(first, 'SIGKILL');
  await until(() => said.includes('toy is back.'));
  expect(part.pid()).not.toBe(first);
  expect(state.current.parts.toy?.pid).toBe(part.pid());
  expect(said[0]).toMatch(/^toy stopped \(ended by SIGKILL\); starting it again/);
});

test('a part that ignores SIGTERM is ended all the same, and forgotten', async () => {
  const { data, state, supervisor } = setUp('stubborn');
  const part = toy(data, `process.on('SIGTERM', () => 0); ${STAY}`);
  await supervisor.start(part);
  const mark = markOf(part.pid());
  await supervisor.stop();
  expect(mark && isAlive(mark)).toBe(false);
  expect(state.current.parts).toEqual({});
});

test('a part that ends at every start is a fault with the end of its log', async () => {
  const { data, supervisor } = setUp('broken');
  const part = toy(data, `console.error('no such luck'); process.exit(3);`, { ready: (signal) => sleep(60_000, undefined, { signal }) });
  await expect(supervisor.start(part)).rejects.toThrow(/toy does not start \(exit code 3\)[\s\S]*no such luck/);
});

test('a part that cannot be kept alive breaks the stack instead of trying for ever', async () => {
  const { data, supervisor } = setUp('hopeless');
  let starts = 0;
  const part = toy(data, STAY);
  await supervisor.start({
    ...part,
    prepare: async () => {
      starts += 1;
      if (starts > 1) return { command: process.execPath, args: ['-e', 'process.exit(9)'], env: {} };
      return await part.prepare();
    },
  });
  process.kill(part.pid(), 'SIGKILL');
  await expect(supervisor.broken).rejects.toThrow(/toy cannot be kept running \(exit code 9\)/);
});

test('a part that lives long enough in between may die as often as it likes', async () => {
  const { data, said, supervisor } = setUp('killed-often', { healthyMs: 0 });
  const part = toy(data, STAY);
  await supervisor.start(part);
  for (let deaths = 1; deaths <= 9; deaths += 1) {
    await sleep(5);
    process.kill(part.pid(), 'SIGKILL');
    await until(() => said.filter((line) => line === 'toy is back.').length === deaths);
  }
  expect(said.filter((line) => line.includes(' in '))).toEqual([]);
});

describe('a launcher of its own', () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'supervisor.mjs');

  async function launch(name: string): Promise<{ launcher: ChildProcess; part: ProcessMark; grandchild: ProcessMark; said: string[] }> {
    const launcher = spawn(process.execPath, [script, join(root, name)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const self = launcher.pid === undefined ? null : markOf(launcher.pid);
    if (self) strays.push(self);
    const said: string[] = [];
    for await (const line of createInterface({ input: launcher.stdout })) {
      said.push(line);
      if (line.startsWith('ready')) break;
    }
    const marks = (said.at(-1) ?? '')
      .split(' ')
      .slice(1)
      .map((pid) => markOf(Number(pid)));
    const [part, grandchild] = marks;
    if (!part || !grandchild) throw new Error(`no processes: ${said.join('\n')}`);
    strays.push(part, grandchild);
    return { launcher, part, grandchild, said };
  }

  test('ends everything on SIGTERM, also what a part put into another group', async () => {
    const { launcher, part, grandchild } = await launch('polite');
    launcher.kill('SIGTERM');
    await once(launcher, 'exit');
    expect([part, grandchild].filter(isAlive)).toEqual([]);
  });

  (process.platform === 'linux' ? test : test.skip)('takes its parts with it when it is killed, and the next start sweeps the rest', async () => {
    const { launcher, part, grandchild } = await launch('killed');
    launcher.kill('SIGKILL');
    await until(() => !isAlive(part));
    // The toy's own child is nobody's part: the toy did not tie it. The next launcher of this data ends it.
    const next = await launch('killed');
    await until(() => !isAlive(grandchild));
    expect(isAlive(next.part)).toBe(true);
    next.launcher.kill('SIGTERM');
    await once(next.launcher, 'exit');
    expect([next.part, next.grandchild].filter(isAlive)).toEqual([]);
  });
});
