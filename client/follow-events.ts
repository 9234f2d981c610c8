import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import type { ApiOptions } from './api-options.js';
import type { VideoEvent } from './api-types.js';
import { ClientFault } from './client-fault.js';
import { exchange, textOf } from './http-exchange.js';
import { pauseAfter } from './pauses.js';
import { laterOf, noAnswer, unavailable } from './transport.js';

export interface EventWish {
  /** Only of this video, from its first event to its deletion. Without: all that happens, from now on. */
  readonly videoId?: string;
  /** Id of the last event that you have had: it goes on behind it. */
  readonly after?: string;
  readonly signal: AbortSignal;
}

const PATIENCE_MS = 120_000;
/** Three of the server's heartbeats: a connection that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/**
 * Events one by one, in order, for as long as somebody asks for the next. A stream that breaks or ends is opened again behind
 * the last event that was given out: none is left out, none comes twice.
 * @throws ClientFault; or the signal's reason
 */
export async function* followEvents(options: ApiOptions, { videoId, after, signal }: EventWish): AsyncGenerator<VideoEvent, void, undefined> {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/v1/${videoId === undefined ? 'events' : `videos/${videoId}/events`}`;
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const place: Place = { last: after, pauseMs: 0 };
  let failures = 0;
  let silentSinceMs = performance.now();
  for (;;) {
    let later = { why: 'the stream ended', waitMs: 0 };
    const opened = await open(url, options.apiKey, place.last, signal).catch((error: unknown) => {
      if (signal.aborted || error instanceof ClientFault) throw error;
      return noAnswer(error);
    });
    if ('why' in opened) later = opened;
    else {
      // Where it begins, until the first event names a place of its own.
      place.last ??= opened.headers['last-event-id']?.toString();
      [failures, silentSinceMs] = [0, performance.now()];
      for await (const event of eventsOf(opened, place, signal)) {
        silentSinceMs = performance.now();
        yield event;
        if (videoId !== undefined && event.type === 'video.deleted') return;
      }
      silentSinceMs = performance.now();
    }
    failures += 1;
    const pauseMs = Math.max(failures === 1 ? place.pauseMs : pauseAfter(failures), later.waitMs);
    if (performance.now() + later.waitMs - silentSinceMs > patienceMs) throw unavailable(options.baseUrl, patienceMs, later.why);
    if (failures === 2) options.onTrouble?.(later.why);
    await sleep(pauseMs, undefined, { signal });
  }
}

interface Place {
  last: string | undefined;
  /** What the server asks for before a stream is opened again. */
  pauseMs: number;
}

/** The stream; or why not now. @throws ClientFault for a refusal */
async function open(
  url: string,
  apiKey: string,
  last: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage | ReturnType<typeof noAnswer>> {
  const headers = {
    accept: 'text/event-stream',
    authorization: `Bearer ${apiKey}`,
    ...(last === undefined ? {} : { 'last-event-id': last }),
  };
  // A connection of its own: it stays open, and those of other requests are kept for them.
  const response = await exchange({ method: 'GET', url, headers }, { signal, timeout: SILENCE_MS, agent: false });
  if (response.statusCode === 200) return response;
  const answer = await textOf(response);
  return laterOf(answer) ?? noAnswer(new Error(`it answers ${answer.status}`));
}

/** What one stream brings; ends where it ends or breaks, what was cut off in the middle of an event is not given out. */
async function* eventsOf(stream: IncomingMessage, place: Place, signal: AbortSignal): AsyncGenerator<VideoEvent, void, undefined> {
  const come: { readonly id: string | undefined; readonly data: string }[] = [];
  const parser = createParser({
    onEvent: ({ id, data }) => void come.push({ id, data }),
    onRetry: (ms) => {
      place.pauseMs = ms;
    },
  });
  stream.setEncoding('utf8');
  try {
    for await (const text of stream) {
      parser.feed(String(text));
      for (const { id, data } of come.splice(0)) {
        place.last = id ?? place.last;
        yield JSON.parse(data) as VideoEvent;
      }
    }
  } catch (error) {
    // A connection that broke: what came is kept, and the rest is asked for again.
    if (signal.aborted || error instanceof SyntaxError) throw error;
  } finally {
    stream.destroy();
  }
}
