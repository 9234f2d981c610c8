import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface SseEvent {
  readonly id: string;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what the schema of an event says
  readonly data: any;
  readonly atMs: number;
}

export interface SseReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** All so far. */
  readonly events: SseEvent[];
  readonly comments: string[];
  /** Resolves with all events once there are `count`. */
  until(count: number): Promise<SseEvent[]>;
  /** Resolves when the server has ended the stream, or the connection broke. */
  readonly ended: Promise<'ended' | 'broken'>;
  pause(): void;
  resume(): void;
  close(): void;
}

/** Reads server-sent events over a socket of its own, as a browser does. */
export async function openSse(url: string, headers: Readonly<Record<string, string>> = {}): Promise<SseReader> {
  const sent: ClientRequest = request(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end();
  });
  const events: SseEvent[] = [];
  const comments: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) comments.push(block);
      const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.data !== undefined)
        events.push({ id: fields.id ?? '', event: fields.event ?? '', data: JSON.parse(fields.data), atMs: performance.now() });
    }
    for (const look of waiting) look();
  });
  const ended = new Promise<'ended' | 'broken'>((resolve) => {
    answer.once('end', () => resolve('ended'));
    answer.once('error', () => resolve('broken'));
    answer.once('close', () => resolve('broken'));
  });
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    events,
    comments,
    ended,
    until: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${events.length} of ${count} events came: ${events.map((each) => each.event).join(', ')}`));
        }, 20_000);
        const look = (): void => {
          if (events.length < count) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve([...events]);
        };
        waiting.add(look);
        look();
      }),
    pause: () => void answer.pause(),
    resume: () => void answer.resume(),
    close: () => void sent.destroy(),
  };
}
