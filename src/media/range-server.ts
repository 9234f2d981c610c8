import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as Door } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlockReader, type ServedObject } from './block-reader.js';
import { parseRange } from './byte-range.js';
import { SANDBOX_PORT } from './sandbox.js';

export type { ServedObject };

export interface RangeServer {
  /** `http://127.0.0.1:<port>/<token>`: whoever knows it reads this object and nothing else. */
  readonly url: string;
  /** Answers on a listening socket that a sandbox has made of its own loopback, too. */
  serve(door: Door): void;
  /** Bytes that came from upstream so far, index blocks that were asked for again not counted. */
  bytesRead(): number;
  /** The first upstream fault, as it was thrown; null while there was none. Look at it whatever ffmpeg's exit code was: a lost connection is the end of the file to it. */
  failure(): unknown;
  /** Ends all connections and upstream reads. Resolves when none is left. */
  close(): Promise<void>;
}

/**
 * Serves one object over HTTP with ranges, so that ffmpeg reads what it needs and holds no credential. A fault upstream
 * breaks the connection in mid-body: never a body that ends early as if it were whole.
 * @param doors `inside`: nowhere but where `serve` is told, in sandboxes; nobody on this machine can connect.
 *   `loopback`: on a port of this machine's loopback.
 */
export async function serveObject(object: ServedObject, doors: 'inside' | 'loopback' = 'loopback'): Promise<RangeServer> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const reader = new BlockReader(object);
  const open = new Set<Promise<void>>();
  const servers = new Set<Server>();
  let closing = false;
  const listen = (where: Door | { port: number; host: string }): Server => {
    const server = createServer((request, response) => {
      const done: Promise<void> = answer(request, response, { path, object, reader }).finally(() => open.delete(done));
      open.add(done);
    });
    // ffmpeg may decode for minutes between two reads of a connection that it keeps open.
    server.keepAliveTimeout = 0;
    servers.add(server.listen(where));
    return server;
  };
  const port = doors === 'inside' ? SANDBOX_PORT : await portOf(listen({ port: 0, host: '127.0.0.1' }));
  return {
    url: `http://127.0.0.1:${port}${path}`,
    serve: (door) => {
      if (closing) door.close();
      else listen(door);
    },
    bytesRead: () => reader.bytesRead,
    failure: () => reader.failure,
    close: async () => {
      closing = true;
      const closed = [...servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const server of servers) server.closeAllConnections();
      await Promise.all(closed);
      await Promise.all(open);
    },
  };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port');
  return address.port;
}

interface Context {
  readonly path: string;
  readonly object: ServedObject;
  readonly reader: BlockReader;
}

/** Never rejects: a fault ends the connection, and is remembered by the reader where it was upstream's. */
async function answer(request: IncomingMessage, response: ServerResponse, { path, object, reader }: Context): Promise<void> {
  if (request.url !== path) return end(response, 404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, { allow: 'GET, HEAD' });
  const range = parseRange(request.headers.range, object.sizeBytes);
  if (range === 'unsatisfiable') return end(response, 416, { 'content-range': `bytes */${object.sizeBytes}` });
  const { start, end: last } = range ?? { start: 0, end: object.sizeBytes - 1 };
  response.writeHead(range ? 206 : 200, {
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'content-length': last - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${last}/${object.sizeBytes}` } : {}),
  });
  if (request.method === 'HEAD' || last < start) return void response.end();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    // One block ahead, not the sixteen of a stream's default: ffmpeg asks for all up to the end, and leaves when it has its share.
    await pipeline(Readable.from(reader.read(start, last, gone.signal), { highWaterMark: 1 }), response);
  } catch {
    // Upstream failed (the reader remembers) or ffmpeg has dropped the connection (its way to seek). Either way the body must not look whole.
    response.destroy();
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': 0, ...headers }).end();
}
