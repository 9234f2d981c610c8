import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request that a browser made, as it went by. */
export interface Passed {
  readonly method: string;
  readonly url: URL;
  /** Bytes of body that the server got. */
  sentBytes: number;
  /** null: it was broken off before the server answered. */
  status: number | null;
}

export interface CountingProxy {
  readonly address: string;
  readonly passed: readonly Passed[];
  /** Every PUT waits this long before it goes on: so that there is a middle of an upload. */
  slowPutsMs: number;
  /** Of every PUT only so many bytes go on, and nothing more until the browser goes away; null: all of them. */
  holdsPutsAfterBytes: number | null;
  /** Answers to requests that fit are lost: the server has done its work, and the browser sees a broken connection. A browser may ask once more by itself. */
  losesAnswerTo: ((passed: Passed) => boolean) | null;
  close(): Promise<void>;
}

/** A plain HTTP proxy between a browser and everything that it talks to. Addresses stay as they are, so signatures hold. */
export async function startCountingProxy(): Promise<CountingProxy> {
  const passed: Passed[] = [];

  const pass = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    const one: Passed = { method: from.method ?? '', url: new URL(from.url ?? ''), sentBytes: 0, status: null };
    passed.push(one);
    if (one.method === 'PUT' && proxy.slowPutsMs > 0) await sleep(proxy.slowPutsMs);
    if (from.destroyed && !from.complete) return;
    const { hostname, port, pathname, search } = one.url;
    const onward = request({ hostname, port, path: pathname + search, method: one.method, headers: from.headers }, (answer) => {
      one.status = answer.statusCode ?? 0;
      if (proxy.losesAnswerTo?.(one)) {
        answer.resume().on('end', () => to.destroy());
        return;
      }
      to.writeHead(one.status, answer.statusMessage, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    let isHeld = false;
    // What is held back is read all the same: a proxy that does not read does not hear that the browser has gone.
    from.on('data', (piece: Buffer) => {
      const limitBytes = one.method === 'PUT' ? (proxy.holdsPutsAfterBytes ?? Infinity) : Infinity;
      const passing = piece.subarray(0, Math.max(0, limitBytes - one.sentBytes));
      one.sentBytes += passing.length;
      onward.write(passing);
      if (passing.length < piece.length) isHeld = true;
    });
    from.on('end', () => {
      if (!isHeld) onward.end();
    });
    // Broken off by the browser: the server hears of it too.
    to.on('close', () => onward.destroy());
  };
  const server = createServer((from, to) => void pass(from, to));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: CountingProxy = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    slowPutsMs: 0,
    holdsPutsAfterBytes: null,
    losesAnswerTo: null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
