import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorBody, expiryOf, type HttpFault } from './http-fault.js';
import type { Operation } from './operations.js';
import type { Exchange, ExchangeEnd, Line, Watch } from './watch.js';

export interface FaultProxy {
  /** http://127.0.0.1:PORT */
  readonly endpoint: string;
  close(): Promise<void>;
}

interface Options {
  readonly line: Line;
  /** The real server, http://host:port. Asked at each request. */
  readonly target: () => string;
  readonly operationOf: (method: string, url: string) => Operation;
  readonly watch: () => Watch;
}

/**
 * Passes HTTP on as it is, the Host header too (signatures cover it), streaming; meets each request with what the watch
 * says. Counts every body byte that comes from the sender.
 */
export async function startFaultProxy({ line, target, operationOf, watch }: Options): Promise<FaultProxy> {
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, noDelay: true }, (incoming, answer) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const exchange: Exchange = { line, operation: operationOf(method, url), method, url, headers };
    serve({ incoming, answer, exchange, target: new URL(target()), watch: watch() }).catch((error: unknown) => {
      // Nothing of ours may throw here; if it does, the sender must not hang, and we must hear of it.
      answer.destroy();
      console.error(`The proxy ${line} failed at ${exchange.operation}:`, error);
    });
  });
  server.timeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Visit {
  readonly incoming: IncomingMessage;
  readonly answer: ServerResponse;
  readonly exchange: Exchange;
  readonly target: URL;
  readonly watch: Watch;
}
type End = Pick<ExchangeEnd, 'how' | 'status'>;

async function serve(visit: Visit): Promise<void> {
  const { incoming, exchange, watch } = visit;
  // Whoever is told of an error on the request hears it from the loop that reads it.
  incoming.on('error', () => undefined);
  const fault = await watch.meet(exchange);
  const body = createBody(incoming, fault);
  const expiresAtMs = expiryOf(exchange.url);
  if (fault?.kind === 'expire' && expiresAtMs !== null) await sleep(Math.max(0, expiresAtMs + EXPIRY_MARGIN_MS - Date.now()));
  const end = isGone(incoming) ? ({ how: 'left', status: null } as const) : await treat(visit, body, fault);
  // As the store may have seen it, which looks a moment after us.
  const expired = expiresAtMs !== null && Date.now() > expiresAtMs;
  watch.ended({ ...exchange, ...end, fault, expired, receivedBytes: body.receivedBytes() });
}

/** A signature is good to the second. */
const EXPIRY_MARGIN_MS = 1_500;

async function treat(visit: Visit, body: Body, fault: HttpFault | null): Promise<End> {
  switch (fault?.kind) {
    case 'refuse':
      return await refuse(visit, body, fault);
    case 'disconnect':
      if (fault.when === 'after its body' && !(await body.drain())) return LEFT;
      return cut(visit.incoming, 'closed');
    case 'stall':
      await sleep(fault.ms);
      if (isGone(visit.incoming)) return LEFT;
      return fault.next === 'closes' ? cut(visit.incoming, 'closed') : await passOn(visit, body, null);
    case 'error in 200':
      if (fault.done) return await passOn(visit, body, fault);
      if (!(await body.drain())) return LEFT;
      return tell(visit, 200, {}, errorBody('InternalError'));
    default:
      return await passOn(visit, body, fault);
  }
}

const LEFT: End = { how: 'left', status: null };
const CUT: End = { how: 'cut', status: null };
const UNREACHABLE: End = { how: 'unreachable', status: null };

async function refuse(visit: Visit, body: Body, fault: HttpFault & { kind: 'refuse' }): Promise<End> {
  const headers: Record<string, string> = fault.retryAfterS === null ? {} : { 'retry-after': String(fault.retryAfterS) };
  const say = (): End => tell(visit, fault.status, headers, errorBody(fault.status === 503 ? 'SlowDown' : 'InternalError'));
  if (fault.when === 'before its body') {
    const end = say();
    // A server that closes on unread bytes resets the connection, and its answer is lost: S3 reads on, so do we.
    await body.drain();
    return end;
  }
  return (await body.drain()) ? say() : LEFT;
}

/** To the real server and back, with what the fault does on the way. */
async function passOn(visit: Visit, body: Body, fault: HttpFault | null): Promise<End> {
  const { incoming, answer, exchange, target, watch } = visit;
  const { connection: _connection, expect: _expect, ...headers } = incoming.headers;
  const onward = request({ host: target.hostname, port: target.port, method: exchange.method, path: exchange.url, headers, agent: false });
  const answered = new Promise<IncomingMessage | null>((resolve) => {
    onward.once('response', resolve);
    // Refused, reset or closed: the sender finds out by a closed connection.
    onward.on('error', () => resolve(null));
    onward.once('close', () => resolve(null));
  });
  const sent = body.sendTo(onward);
  // An answer may come before the server has read all; then the body is read to its end behind it.
  const first = await Promise.race([answered, sent.then(async (how) => (how === 'sent' ? await answered : how))]);
  if (first === 'left') return LEFT;
  if (first === 'reset') return cut(incoming, 'reset');
  if (first === null) {
    cut(incoming, 'closed');
    return UNREACHABLE;
  }
  if (fault?.kind === 'lost answer' || fault?.kind === 'error in 200' || fault?.kind === 'half answer') {
    const whole = await text(first).catch(() => null);
    if (fault.kind === 'error in 200' && whole !== null) return tell(visit, 200, {}, errorBody('InternalError'));
    if (fault.kind === 'half answer' && whole !== null) await tellHalf(answer, first, whole);
    return cut(incoming, 'closed');
  }
  await watch.answered(exchange);
  if (isGone(incoming)) {
    first.destroy();
    return LEFT;
  }
  const status = first.statusCode ?? 502;
  answer.writeHead(status, ownHeaders(first));
  const delivered = await pipeline(first, answer).then(
    () => true,
    () => false,
  );
  await sent;
  if (delivered) return { how: 'told', status };
  return isGone(incoming) ? LEFT : UNREACHABLE;
}

function ownHeaders(from: IncomingMessage): IncomingMessage['headers'] {
  const { connection: _connection, 'keep-alive': _keepAlive, ...headers } = from.headers;
  return headers;
}

function tell({ answer, exchange }: Visit, status: number, headers: Readonly<Record<string, string>>, body: string): End {
  answer.writeHead(status, { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)), ...headers });
  answer.end(exchange.method === 'HEAD' ? '' : body);
  return { how: 'told', status };
}

/** Headers that promise the whole, and the first half. */
async function tellHalf(answer: ServerResponse, from: IncomingMessage, whole: string): Promise<void> {
  const bytes = Buffer.from(whole);
  answer.writeHead(from.statusCode ?? 502, { ...ownHeaders(from), 'content-length': String(Math.max(2, bytes.length)) });
  await new Promise<void>((resolve) => answer.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)), () => resolve()));
}

function cut(incoming: IncomingMessage, how: 'closed' | 'reset'): End {
  if (how === 'reset') incoming.socket.resetAndDestroy();
  else incoming.socket.destroy();
  return CUT;
}

const isGone = (incoming: IncomingMessage): boolean => incoming.socket.destroyed;

interface Body {
  receivedBytes(): number;
  /** Reads to the end and throws away; false where the sender went before. */
  drain(): Promise<boolean>;
  /** Sends on to the server as far as it takes it; reads to the end in any case. */
  sendTo(onward: NodeJS.WritableStream & { readonly destroyed: boolean; destroy(): void }): Promise<'sent' | 'left' | 'reset'>;
}

/** A request's body, shaped by the fault on its way. Can be read once. */
function createBody(incoming: IncomingMessage, fault: HttpFault | null): Body {
  let received = 0;
  const lengthBytes = Number(incoming.headers['content-length'] ?? 0);
  const read = async (take: (piece: Buffer, from: number) => Promise<'stop' | undefined>): Promise<'end' | 'stopped' | 'left'> => {
    try {
      for await (const piece of incoming.iterator({ destroyOnReturn: false })) {
        const from = received;
        received += (piece as Buffer).length;
        if ((await take(piece as Buffer, from)) === 'stop') return 'stopped';
      }
      return 'end';
    } catch {
      // The only error that a request's body has: its sender went away.
      return 'left';
    }
  };
  const slowUntilMs = fault?.kind === 'slow' ? Date.now() + fault.ms : 0;
  return {
    receivedBytes: () => received,
    drain: async () => (await read(async () => undefined)) === 'end',
    async sendTo(onward) {
      const outcome = await read(async (piece, from) => {
        if (fault?.kind === 'reset' && received >= fault.at * lengthBytes) return 'stop';
        if (fault?.kind === 'slow' && Date.now() < slowUntilMs) await sleep((piece.length / fault.bytesPerS) * 1000);
        const bytes = fault?.kind === 'flip' ? flipped(piece, Math.floor(fault.at * (lengthBytes - 1)) - from) : piece;
        if (!onward.destroyed && !onward.write(bytes)) await roomIn(onward);
        return undefined;
      });
      if (outcome === 'end') {
        if (!onward.destroyed) onward.end();
        return 'sent';
      }
      onward.destroy();
      return outcome === 'left' ? 'left' : 'reset';
    },
  };
}

/** The same bytes, and one bit of the one at `index` the other way round, where it is among them. */
function flipped(piece: Buffer, index: number): Buffer {
  if (index < 0 || index >= piece.length) return piece;
  const other = Buffer.from(piece);
  other[index] = (other[index] ?? 0) ^ 1;
  return other;
}

/** Resolves when there is room for more, or nobody takes any more. */
async function roomIn(onward: NodeJS.WritableStream): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(onward, 'drain', { signal }), once(onward, 'close', { signal })]).catch(() => undefined);
  over.abort();
}
