import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run hostile -- …`, as a user runs it. */
function hostile(...args: string[]): Promise<{ code: number | null; output: string }> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const child = spawn(process.execPath, ['stack/hostile.mjs', ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

test('300 files that mean it ill end in a code each, and reach nothing', async () => {
  const { code, output } = await hostile('--n', '300', '--seed', '7', '--light');
  const last = output.trim().split('\n').at(-1) ?? '';
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  const report = JSON.parse(last);
  expect(report).toMatchObject({
    ok: true,
    n: 300,
    seed: 7,
    hangs: 0,
    connections: 0,
    opensOutside: 0,
    workerDeaths: 0,
    withoutCode: 0,
    silentPartials: 0,
  });
  // Else nothing was ever encoded, or nothing was ever refused, and the zeros say nothing.
  expect(report.published).toBeGreaterThan(10);
  expect(Object.keys(report.codes).length).toBeGreaterThan(6);
}, 600_000);
