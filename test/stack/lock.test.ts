import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, tryLock, withLock } from '#stack/lock.mjs';
import { scratchFolder } from './scratch-folder.js';

const root = scratchFolder();

function leaveLock(folder: string, owner: object): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(owner));
}

test('a lock has one holder at a time', () => {
  const folder = join(root, 'one');
  const first = tryLock(folder);
  expect(first.held).toBe(true);
  expect(tryLock(folder)).toEqual({ held: false, pid: process.pid });
  if (first.held) first.release();
  expect(existsSync(folder)).toBe(false);
  expect(tryLock(folder).held).toBe(true);
});

test('a lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  await once(child, 'spawn');
  const owner = { pid: child.pid, identity: identityOf(child.pid ?? 0), nonce: 'x' };
  leaveLock(join(root, 'dead'), owner);
  expect(tryLock(join(root, 'dead'))).toEqual({ held: false, pid: child.pid });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(tryLock(join(root, 'dead')).held).toBe(true);
});

test('another process under the pid of the old holder holds nothing', () => {
  leaveLock(join(root, 'reused'), { pid: process.pid, identity: 'an earlier start', nonce: 'x' });
  expect(tryLock(join(root, 'reused')).held).toBe(true);
});

test('those who wait get in one after the other', async () => {
  const seen: string[] = [];
  const enter = (name: string): Promise<void> =>
    withLock(
      join(root, 'queue'),
      () => undefined,
      async () => {
        seen.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 50));
        seen.push(`${name} out`);
      },
    );
  await Promise.all([enter('a'), enter('b')]);
  expect(seen.map((entry) => entry.split(' ')[1])).toEqual(['in', 'out', 'in', 'out']);
});
