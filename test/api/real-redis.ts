import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';

/**
 * The server's program. Debian's redis-tools carries it under the name of its file checker and decides by the name that it is
 * called by; the package redis-server would start a service on the machine.
 */
const PROGRAMS = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/usr/bin/redis-check-rdb'];

/** Installs Debian's Redis where there is none: that takes root and apt-get. */
export async function obtainRedis(): Promise<string> {
  const found = PROGRAMS.find((path) => existsSync(path));
  if (found) return found;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 };
  await promisify(execFile)('apt-get', ['update', '-q'], options);
  await promisify(execFile)('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'redis-tools'], options);
  const installed = PROGRAMS.find((path) => existsSync(path));
  if (!installed) throw new Error('Redis was installed, but its program is not where Debian puts it.');
  return installed;
}

/** A Redis of the test's own, on a port of its own, that keeps nothing: killed, it comes back empty. */
export async function createTestRedis() {
  const program = await obtainRedis();
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  return {
    url,
    async start(): Promise<void> {
      child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'], {
        argv0: 'redis-server',
        stdio: 'ignore',
      });
      await untilUp(url);
    },
    signal(signal: NodeJS.Signals): void {
      child?.kill(signal);
    },
    async kill(): Promise<void> {
      const gone = new Promise((resolve) => (child === null || child.exitCode !== null ? resolve(null) : child.once('exit', resolve)));
      child?.kill('SIGCONT');
      child?.kill('SIGKILL');
      await gone;
      child = null;
    },
  };
}

async function untilUp(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
  await sleep(10);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
