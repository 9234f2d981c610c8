import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('twenty sessions that nobody comes back to: whole files are kept, and nothing else is left', async () => {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const child = spawn(process.execPath, ['stack/faults.mjs', 'abandoned', '--n', '20', '--seed', '7'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  expect(JSON.parse(last)).toMatchObject({
    ok: true,
    seed: 7,
    sessions: 20,
    multiparts_left: 0,
    reserved_bytes: 0,
    open_uploads: 0,
    gap: 0,
    alarms: 0,
  });
  const { completed, expired } = JSON.parse(last) as { completed: number; expired: number };
  expect([completed > 0, completed + expired]).toEqual([true, 20]);
}, 900_000);
