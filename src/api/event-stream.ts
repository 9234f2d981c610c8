import { Readable } from 'node:stream';
import type { Frame } from './event-feed.js';

/** What may wait in this process for a client that does not read; beyond it the client is let go, and may come again where it was. */
export const MAX_BUFFERED_BYTES = 64 * 1024;
/** Shorter than what load balancers (60 s) and our own server (90 s) take for a dead connection. */
export const HEARTBEAT_MS = 15_000;
/** When a client that lost its stream comes again: spread, so that those of a process that stopped do not come as one. */
const RETRY_MS = { least: 1_000, spread: 2_000 } as const;

export interface EventStream {
  readonly body: Readable;
  send(frames: readonly Pick<Frame, 'text'>[]): void;
  /** Resolves once little waits to be read. */
  room(): Promise<void>;
  /** All that was sent is still delivered. */
  end(): void;
}

/** The body of an answer in server-sent events. `dropped` is called where its client reads too slowly. */
export function createEventStream(options: { readonly dropped: () => void }): EventStream {
  let asked = (): void => undefined;
  let room = Promise.resolve();
  const body = new Readable({
    highWaterMark: MAX_BUFFERED_BYTES / 4,
    read: () => asked(),
  });
  const write = (text: string): void => {
    if (body.destroyed || body.readableEnded) return;
    const hasRoom = body.push(text);
    if (!hasRoom) {
      room = new Promise((resolve) => {
        asked = resolve;
      });
    }
    if (body.readableLength <= MAX_BUFFERED_BYTES) return;
    options.dropped();
    body.destroy();
  };
  const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS);
  body.once('close', () => {
    clearInterval(heartbeat);
    asked();
  });
  write(`retry: ${RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread)}\n\n`);
  return {
    body,
    send: (frames) => write(frames.map(({ text }) => text).join('')),
    room: () => room,
    end() {
      clearInterval(heartbeat);
      if (!body.destroyed) body.push(null);
    },
  };
}
