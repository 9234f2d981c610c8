import { createServer, type Server } from 'node:http';
import type Koa from 'koa';
import type { ApiState } from './context.js';

/**
 * Node's own limits are for the open internet of long ago (300 s for a request, none for sockets); ours cut off a
 * client that dribbles. `timeout` is longer than the longest wait of a request (30 s), or it would cut those.
 */
export const SERVER_LIMITS = {
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  timeout: 90_000,
  maxConnections: 10_000,
  maxRequestsPerSocket: 0,
} as const;

/** An HTTP server with limits; does not listen yet. */
export function createApiServer(app: Koa<ApiState>): Server {
  // The two request limits are only as exact as the interval at which Node looks (30 s unless told).
  const server = createServer({ connectionsCheckingInterval: 2_000, maxHeaderSize: 16 * 1024 }, app.callback());
  return Object.assign(server, SERVER_LIMITS);
}
