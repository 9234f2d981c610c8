import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to one PUT of a part on its way to the store. */
export type PartFault =
  | { readonly kind: 'flip' }
  /** The connection is reset after so many bytes of the body. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  | { readonly kind: 'answer'; readonly status: number }
  /** The store sees the request so much later. */
  | { readonly kind: 'late'; readonly ms: number };

export interface PartPut {
  readonly part: number;
  bytes: number;
  status: number | null;
}

export interface PartProxy {
  readonly url: string;
  /** Every PUT so far, with the bytes of its body that came in. */
  readonly puts: readonly PartPut[];
  /** Decides on the n-th PUT of a part (from 1). */
  setFault(fault: (part: number, nth: number) => PartFault | null): void;
  /** How long every answer is held back, so that a test can act in mid-upload. */
  setPause(ms: number): void;
  close(): Promise<void>;
}

/** In front of a real S3: passes everything on as it is, signature and all, counts, and does harm where it is told to. */
export async function startPartProxy(endpoint: string): Promise<PartProxy> {
  const puts: PartPut[] = [];
  let fault: (part: number, nth: number) => PartFault | null = () => null;
  let pauseMs = 0;

  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const part = Number(new URL(incoming.url ?? '', 'http://x').searchParams.get('partNumber'));
    const put: PartPut = { part, bytes: 0, status: null };
    puts.push(put);
    const harm = fault(part, puts.filter((each) => each.part === part).length);
    if (harm?.kind === 'answer') {
      put.status = harm.status;
      answer.writeHead(harm.status, { connection: 'close' });
      answer.end();
      return;
    }
    if (harm?.kind === 'late') await sleep(harm.ms);
    const look = new Transform({
      transform(piece: Buffer, _encoding, done) {
        const before = put.bytes;
        put.bytes += piece.length;
        if (harm?.kind === 'reset' && put.bytes >= harm.afterBytes) {
          incoming.socket.resetAndDestroy();
          return;
        }
        if (harm?.kind === 'flip' && before === 0) piece.writeUInt8(piece.readUInt8(0) ^ 1, 0);
        done(null, piece);
      },
    });
    const onward = request(`${endpoint}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (back) => {
      setTimeout(() => {
        put.status = back.statusCode ?? null;
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      }, pauseMs);
    });
    onward.on('error', () => answer.destroy());
    // A client that goes away takes its request to the store with it: what is half there is not stored.
    incoming.on('close', () => !incoming.complete && onward.destroy());
    incoming.pipe(look).pipe(onward);
  };
  const server = createServer((incoming, answer) => {
    pass(incoming, answer).catch(() => answer.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts,
    setFault(next) {
      fault = next;
    },
    setPause(ms) {
      pauseMs = ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
