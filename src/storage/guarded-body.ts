import { Readable } from 'node:stream';

export interface BodyGuard {
  /** Bytes that must arrive; fewer or more is an error. null where the sender does not say. */
  readonly expectedBytes: number | null;
  /** Longest silence in milliseconds while the reader waits. A reader that rests costs nothing: ffmpeg may rest for minutes. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
  /** What the reader sees in place of the source's own error. */
  readonly translate?: (error: Error) => Error;
}

/**
 * Passes a body on, and ends it with an error where it would otherwise end early or hang.
 * An abort ends it with the signal's own reason. A failure before anyone reads is kept until someone does,
 * so that a connection lost between two lines of a caller cannot take the process down as an unheard 'error' event.
 * Destroying the result destroys the source.
 */
export function guardBody(source: Readable, guard: BodyGuard): Readable {
  const translate = guard.translate ?? ((error: Error): Error => error);
  let receivedBytes = 0;
  let idle: NodeJS.Timeout | undefined;
  let waiting = false;
  let ended = false;
  let failure: Error | null = null;

  const fail = (error: Error): void => {
    clearTimeout(idle);
    failure ??= guard.signal?.aborted ? reasonOf(guard.signal) : translate(error);
    source.destroy();
    if (waiting) body.destroy(failure);
  };
  const onAbort = (): void => fail(new Error('aborted'));
  const body = new Readable({
    read() {
      waiting = true;
      if (failure) {
        body.destroy(failure);
        return;
      }
      clearTimeout(idle);
      idle = setTimeout(() => fail(named('TimeoutError', `no byte for ${guard.idleMs} ms, ${receivedBytes} received`)), guard.idleMs);
      source.resume();
    },
    destroy(error, done) {
      clearTimeout(idle);
      guard.signal?.removeEventListener('abort', onAbort);
      source.destroy();
      done(error);
    },
  });

  source.pause();
  source.on('data', (chunk: Buffer) => {
    if (body.destroyed) return;
    clearTimeout(idle);
    receivedBytes += chunk.length;
    waiting = false;
    if (!body.push(chunk)) source.pause();
  });
  source.once('end', () => {
    ended = true;
    clearTimeout(idle);
    if (guard.expectedBytes === null || receivedBytes === guard.expectedBytes) body.push(null);
    else fail(named('ShortBody', `${receivedBytes} of ${guard.expectedBytes} bytes arrived`));
  });
  source.on('error', fail);
  source.once('close', () => {
    if (!ended && !body.destroyed) fail(named('ShortBody', `the connection closed after ${receivedBytes} bytes`));
  });
  guard.signal?.addEventListener('abort', onAbort, { once: true });
  if (guard.signal?.aborted) onAbort();
  return body;
}

/** ECONNRESET is what the AWS SDK takes as worth another try. */
const named = (name: string, message: string): Error => Object.assign(new Error(message), { name, code: 'ECONNRESET' });

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}
