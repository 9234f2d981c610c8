import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The answer of the test's own that one request is met with. What lies between a client and a real server is faults/uploads/fault-proxy.ts. */
export type Fault = (request: IncomingMessage, answer: ServerResponse, body: Buffer) => void;

export interface FaultServer {
  readonly endpoint: string;
  /** "METHOD /path?query" of every request so far. */
  readonly requests: readonly string[];
  readonly headers: readonly IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** Meets the first request with the first fault and so on; the last fault meets all that follow. */
export async function startFaultServer(...faults: readonly [Fault, ...Fault[]]): Promise<FaultServer> {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((incoming, answer) => {
    const fault = faults[Math.min(requests.length, faults.length - 1)];
    requests.push(`${incoming.method} ${incoming.url}`);
    headers.push(incoming.headers);
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => fault?.(incoming, answer, Buffer.concat(pieces)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole answer. */
export const answers =
  (status: number, body = '', headers: Record<string, string> = {}): Fault =>
  (incoming, answer) => {
    answer.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    answer.end(incoming.method === 'HEAD' ? '' : body);
  };

export const s3Error = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>said the test</Message></Error>`;

/** Says nothing at all. */
export const hangs: Fault = () => undefined;

/** Promises `promised` bytes, sends fewer, then closes the connection or says nothing more. */
export const breaksOff =
  (sent: string, promised: number, then: 'close' | 'hang'): Fault =>
  (_incoming, answer) => {
    answer.writeHead(200, {
      'content-length': String(promised),
      etag: '"e"',
      'last-modified': new Date(0).toUTCString(),
      'content-type': 'application/xml',
    });
    answer.write(sent, () => {
      if (then === 'close') answer.destroy();
    });
  };
