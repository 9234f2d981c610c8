import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { obtainProgram } from '../stack/debian-package.js';

/**
 * The server's program. Debian's redis-tools carries it under the name of its file checker and decides by the name that it is
 * called by; the package redis-server would start a service on the machine.
 */
const PROGRAMS = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/usr/bin/redis-check-rdb'];

/** A Redis of the test's own, on a port of its own, that keeps nothing: killed, it comes back empty. */
export async function createTestRedis() {
  const program = await obtainProgram(PROGRAMS, 'redis-tools');
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
