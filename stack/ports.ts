import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from '#stack/lock.mjs';
import { StackFault } from './fault.js';
import type { StateFile } from './state.js';

/** Where each listener would like to be: one block, below the range that systems hand out by themselves. */
export const PREFERRED_PORTS = { api: 7300, s3: 7301, postgres: 7302, temporal: 7303, temporalUi: 7304 } as const;
export type PortName = keyof typeof PREFERRED_PORTS;
const BLOCK = 10;
const TRIES = 200;

/** The remembered port of this data folder, else the preferred one, else the same place in the next free block; remembered. */
export async function claimPort(state: StateFile, name: PortName): Promise<number> {
  const remembered = state.current.ports[name];
  const port = remembered !== undefined && (await isOurs(remembered)) ? remembered : await firstFree(PREFERRED_PORTS[name]);
  if (port !== remembered) state.change((before) => ({ ...before, ports: { ...before.ports, [name]: port } }));
  return port;
}

async function firstFree(preferred: number): Promise<number> {
  for (let index = 0; index < TRIES; index += 1) if (await isOurs(preferred + index * BLOCK)) return preferred + index * BLOCK;
  throw new StackFault(
    `No port is free from ${preferred} to ${preferred + TRIES * BLOCK} on 127.0.0.1. End what listens there, or use another machine.`,
  );
}

/**
 * Free, and promised to this launcher until it ends: two that start at the same moment would both find it free, and the
 * one that comes too late would take the other's service for its own.
 */
async function isOurs(port: number): Promise<boolean> {
  if (!(await isFree(port))) return false;
  const lock = tryLock(join(tmpdir(), `reelmill-ports-${process.getuid?.() ?? 'user'}`, String(port)));
  if (lock.held) process.once('exit', lock.release);
  // Held by this very process: it asked before, and the service did not come up.
  return lock.held || lock.pid === process.pid;
}

/** Whether 127.0.0.1:port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
