import { createServer } from 'node:net';
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
  const port = remembered !== undefined && (await isFree(remembered)) ? remembered : await firstFree(PREFERRED_PORTS[name]);
  if (port !== remembered) state.change((before) => ({ ...before, ports: { ...before.ports, [name]: port } }));
  return port;
}

async function firstFree(preferred: number): Promise<number> {
  for (let index = 0; index < TRIES; index += 1) if (await isFree(preferred + index * BLOCK)) return preferred + index * BLOCK;
  throw new StackFault(
    `No port is free from ${preferred} to ${preferred + TRIES * BLOCK} on 127.0.0.1. End what listens there, or use another machine.`,
  );
}

/** Whether 127.0.0.1:port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
