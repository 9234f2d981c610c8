import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./fixtures/logs-and-ends.mjs', import.meta.url));
const LINES = 5_000;

function start(end: string) {
  const child = spawn(process.execPath, [PROGRAM, String(LINES), end], { stdio: ['ignore', 'pipe', 'ignore'] });
  return { child, ended: once(child, 'close') };
}

test.each([
  ['exit', 3],
  ['throw', 1],
  ['idle', 0],
])('no line is lost where the process ends at once: %s', async (end, code) => {
  const { child, ended } = start(end);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  expect((await ended)[0]).toBe(code);
  const lines = said.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).n)).toEqual(Array.from({ length: LINES }, (_, n) => n));
});

test.each(['exit', 'idle'])(
  'a process whose lines nobody reads any more ends all the same: %s',
  async (end) => {
    const { child, ended } = start(end);
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.stdout.destroy();
    const [code, signal] = await ended;
    clearTimeout(late);
    expect([code, signal]).toEqual([end === 'exit' ? 3 : 0, null]);
  },
  30_000,
);
