import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearStalePidFile } from '../../stack/services/postgres-cluster.js';

const data = mkdtempSync(join(tmpdir(), 'reelmill-pid-'));
const file = join(data, 'postmaster.pid');
afterAll(() => rmSync(data, { recursive: true, force: true }));

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a server that was killed and that nobody has collected is not one that runs', async () => {
  // `sleep` never waits for the child that the shell has left it; the shell would, so the child has to outlive it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [pid] = (await once(parent.stdout, 'data')).map((text) => Number(String(text)));
    const state = (): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.charAt(0) ?? '';
    for (let round = 0; round < 100 && state() !== 'Z'; round += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state()).toBe('Z');
    writeFileSync(file, `${pid}\n`);
    await clearStalePidFile(data, () => undefined, 200);
    expect(existsSync(file)).toBe(false);
  } finally {
    parent.kill('SIGKILL');
  }
});
