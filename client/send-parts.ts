import { setMaxListeners } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientFault, clientFault, wordsOf } from './client-fault.js';
import type { Slice } from './part-checksum.js';
import type { PartFeed } from './part-feed.js';
import { pauseAfter } from './pauses.js';
import type { PutAnswer, PutConnection } from './put-part.js';

/** A part that can be sent: where to, what with, until when. */
export interface ReadyPart {
  readonly partNumber: number;
  readonly slice: Slice;
  /** Base64; null where the upload has none. */
  readonly checksum: string | null;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** By this machine's wall clock, which goes on while it sleeps. */
  readonly signedAtMs: number;
  readonly lifeMs: number;
}

export interface SendOptions {
  readonly file: FileHandle;
  readonly connection: PutConnection;
  readonly parallel: number;
  /** A new URL for the same bytes. */
  readonly signAgain: (part: ReadyPart) => Promise<ReadyPart>;
  /** The bytes' checksum as they lie on disk now, and a URL for it. */
  readonly readAgain: (part: ReadyPart) => Promise<ReadyPart>;
  /** Whether the session is still open; rejects where it has ended without a file. */
  readonly isOpen: () => Promise<boolean>;
  /** How long no part at all may get through. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly onSent: (part: ReadyPart) => void;
  /** Bytes that are on their way, up and, where a try fails, down again. */
  readonly onMoving: (bytes: number) => void;
  /** A try that failed: for whoever wants to see trouble. */
  readonly onTrouble: (part: ReadyPart, why: string) => void;
}

/** A refusal that is no network's fault is not cured by trying for minutes. */
const MAX_REFUSALS = 6;
/** Below this share of its life a URL is still good enough to begin a part with. */
const FRESH = 0.9;

/** Sends all that the feed gives, `parallel` at a time. Resolves with false where the upload turned out to be completed already. */
export async function sendParts(feed: PartFeed<ReadyPart>, options: SendOptions): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // One listener for each part on its way, and one for each pause.
  setMaxListeners(0, signal);
  const trouble: Trouble = { sinceMs: null };
  let isOpen = true;
  const sender = async (): Promise<void> => {
    try {
      for (;;) {
        const part = await feed.next();
        signal.throwIfAborted();
        if (part === null) return;
        if (await sendPart(part, { ...options, signal }, trouble)) continue;
        isOpen = false;
        stop.abort();
        return;
      }
    } catch (error) {
      stop.abort();
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: options.parallel }, sender));
  options.signal.throwIfAborted();
  if (!isOpen) return false;
  // The one that failed by itself comes before those that were stopped because of it.
  const failed = ended.filter((end) => end.status === 'rejected').map((end): unknown => end.reason);
  const first = failed.find((reason) => reason instanceof ClientFault) ?? failed.find((reason) => reason !== stop.signal.reason);
  if (first !== undefined) throw first;
  return true;
}

/** When the first try failed since a part got through, whichever; by a clock that stands still while the machine sleeps. */
interface Trouble {
  sinceMs: number | null;
}

/** True when the store has it, false where the upload is completed without it. */
async function sendPart(first: ReadyPart, options: SendOptions, trouble: Trouble): Promise<boolean> {
  let part = first;
  let refusals = 0;
  for (let attempt = 1; ; attempt += 1) {
    if (Date.now() - part.signedAtMs > part.lifeMs * FRESH) part = await options.signAgain(part);
    const answer = await attemptPut(part, options);
    if (typeof answer !== 'string' && answer.status >= 200 && answer.status < 300) {
      trouble.sinceMs = null;
      options.onSent(part);
      return true;
    }
    const why = typeof answer === 'string' ? answer : `the store answered ${[answer.status, answer.code].join(' ').trim()}`;
    options.onTrouble(part, why);
    const cure = typeof answer === 'string' ? 'send-again' : cureOf(answer.status);
    if (cure === 'ask' && !(await options.isOpen())) return false;
    if (cure !== 'send-again') refusals += 1;
    if (refusals >= MAX_REFUSALS)
      throw clientFault('UPLOAD_FAILED', `Part ${part.partNumber} was refused ${refusals} times (${why}). The same command tries again.`);
    trouble.sinceMs ??= performance.now();
    const silentMs = performance.now() - trouble.sinceMs;
    if (silentMs > options.patienceMs)
      throw clientFault(
        'STORE_UNAVAILABLE',
        `No part got through for ${Math.round(silentMs / 1000)} s (${why}). The same command goes on where it was.`,
      );
    await sleep(pauseAfter(attempt), undefined, { signal: options.signal });
    if (cure === 'sign-again') part = await options.signAgain(part);
    if (cure === 'read-again') part = await options.readAgain(part);
  }
}

type Cure = 'sign-again' | 'read-again' | 'ask' | 'send-again';

/**
 * What an answer that is no success asks for. 403: the URL has ended. 400: other bytes arrived than the checksum's,
 * whether they changed on the way or on disk. 404: the store does not know the upload. All else passes by itself.
 */
export function cureOf(status: number): Cure {
  if (status === 401 || status === 403) return 'sign-again';
  if (status === 404) return 'ask';
  if (status === 408 || status === 429 || status >= 500) return 'send-again';
  return 'read-again';
}

/** The answer, or the words of a connection that failed. */
async function attemptPut(part: ReadyPart, options: SendOptions): Promise<PutAnswer | string> {
  let moved = 0;
  let over = false;
  const onBytes = (bytes: number): void => {
    if (over) return;
    moved += bytes;
    options.onMoving(bytes);
  };
  try {
    return await options.connection.put({ ...part, file: options.file, onBytes }, options.signal);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof ClientFault) throw error;
    return wordsOf(error);
  } finally {
    over = true;
    options.onMoving(-moved);
  }
}
