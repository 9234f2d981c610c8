import autocannon from 'autocannon';

export interface LoadWish {
  readonly url: string;
  readonly apiKey: string;
  readonly connections: number;
  readonly seconds: number;
  /** The n-th request, counted from 0 over all connections. */
  readonly request: (n: number) => {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  /** Asked of every answer: for what a status does not tell. */
  readonly onAnswer?: (status: number, body: string) => void;
}

export interface LoadResult {
  /** Answers a second with a 2xx or 304. */
  readonly perSecond: number;
  readonly p50Ms: number;
  /** Of answers with a 2xx or 304. */
  readonly p99Ms: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without an answer. */
  readonly broken: number;
}

/** Sends as fast as the answers come, over so many connections that are kept. One second to warm up is not counted. */
export async function httpLoad(wish: LoadWish): Promise<LoadResult> {
  let n = 0;
  const run = (seconds: number, look: (client: autocannon.Client) => void) =>
    autocannon({
      url: wish.url,
      connections: wish.connections,
      duration: seconds,
      timeout: 60,
      setupClient: look,
      requests: [
        {
          setupRequest: (request) => {
            const { method, path, headers, body } = wish.request(n++);
            const common = { ...request, method, path, headers: { authorization: `Bearer ${wish.apiKey}`, ...headers } };
            return body === undefined
              ? common
              : { ...common, headers: { ...common.headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
          },
          ...(wish.onAnswer ? { onResponse: wish.onAnswer } : {}),
        },
      ],
    });
  await run(1, () => undefined);
  const timesMs: number[] = [];
  const statuses: Record<string, number> = {};
  const result = await run(wish.seconds, (client) => {
    client.on('response', (status, _bytes, timeMs) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (isGood(status)) timesMs.push(timeMs);
    });
  });
  timesMs.sort((a, b) => a - b);
  const at = (share: number): number => timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * share))] ?? Number.POSITIVE_INFINITY;
  return { perSecond: timesMs.length / result.duration, p50Ms: at(0.5), p99Ms: at(0.99), statuses, broken: result.errors + result.timeouts };
}

const isGood = (status: number): boolean => (status >= 200 && status < 300) || status === 304;
