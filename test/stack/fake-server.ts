import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The client's side of the connection. */
  readonly port: number;
}

export interface FakeAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean;
  /** Says nothing at all. */
  readonly hang?: boolean;
}

/**
 * An HTTP server on loopback whose answers a test writes. It stands for the world's bad days (503, 403, cut connections),
 * which the real API and store do not give on demand.
 */
export async function fakeServer(
  answer: (request: FakeRequest) => FakeAnswer,
): Promise<{ url: string; requests: FakeRequest[]; close(): Promise<void> }> {
  const requests: FakeRequest[] = [];
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks),
        port: incoming.socket.remotePort ?? 0,
      };
      requests.push(request);
      const { status, json, text, headers, cut, hang } = answer(request);
      if (cut) return void incoming.socket.destroy();
      if (hang) return;
      outgoing.writeHead(status, { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
      return void outgoing.end(json === undefined ? text : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}
