import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Node's own limits are loose (300 s for a request, none for an idle socket); ours cut off a client that dribbles.
 * `timeout` is silence on a socket: longer than the longest wait of a request (30 s), or it would cut those.
 * `keepAliveTimeout` is longer than a load balancer's usual 60 s, or we would close a connection that it is about to use.
 */
export const SERVER_LIMITS = {
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  timeout: 90_000,
  maxConnections: 10_000,
} as const;

/** How often Node looks for requests over their limit: the limits are only as exact as this (30 s unless told). */
const LOOK_MS = 2_000;

/** Connections that the kernel keeps for us until we take them: those of a burst that finds no room there come again after seconds. */
const BACKLOG = 4_096;

/** An HTTP server with limits; does not listen yet. */
export function createApiServer(listener: RequestListener): Server {
  const server = createServer({ connectionsCheckingInterval: LOOK_MS, maxHeaderSize: 16 * 1024 }, listener);
  return Object.assign(server, SERVER_LIMITS);
}

/** @throws the system's error where the port is taken or not allowed */
export async function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...at, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** A request that is on its way when the stop begins has this long to arrive on a connection that is there. */
const ON_THE_WAY_MS = 300;

/**
 * Takes no new connection, lets running requests end, and cuts what is left after `finishMs`. A connection without a request is
 * left open for a moment first: Node's own close() ends it at once, and with it a request that was just sent and not yet read.
 * @returns connections that had to be cut
 */
export async function stop(server: Server, finishMs: number): Promise<number> {
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  await Promise.race([closed, sleep(Math.min(ON_THE_WAY_MS, finishMs))]);
  // A connection that falls idle after its last answer would keep the server open.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const timer = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), finishMs).unref());
  const late = (await Promise.race([closed, timer])) === 'late';
  clearInterval(idle);
  const left = late ? await new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count ?? 0))) : 0;
  server.closeAllConnections();
  await closed;
  // Ends Node's own watch over slow requests.
  server.close();
  return left;
}
