import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuMeter } from './cpu-meter.js';
import { createHttpClient, type Shot } from './http-client.js';
import { createTally } from './tally.js';

export interface LoadWish {
  readonly url: string;
  readonly apiKey: string;
  readonly connections: number;
  readonly seconds: number;
  /** Before the count begins, seconds. */
  readonly warmUpS?: number;
  /** The n-th request, counted from 0 over all connections. */
  readonly request: (n: number) => Shot;
  readonly cpu?: CpuMeter;
  readonly onAnswer?: (status: number, text: string) => void;
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
  /** Processor time for each answer, ms, by who used it. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

const WARM_UP_S = 2;

/** Sends as fast as the answers come, over so many connections that are kept; who is sent away comes again when he was told to. The time to warm up is not counted. */
export async function httpLoad(wish: LoadWish): Promise<LoadResult> {
  const client = createHttpClient(wish);
  let n = 0;
  const run = async (seconds: number) => {
    const tally = createTally();
    const startMs = performance.now();
    const untilMs = startMs + seconds * 1000;
    const one = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        const fromMs = performance.now();
        const { status, retryAfterS, text } = await client.send(wish.request(n++));
        tally.note(status, fromMs);
        wish.onAnswer?.(status, text);
        // As clients do: who comes again at once only takes the server's time.
        if (status === 503) await sleep(Math.min(retryAfterS * 1000, Math.max(0, untilMs - performance.now())));
      }
    };
    await Promise.all(Array.from({ length: wish.connections }, one));
    return { tally, seconds: (performance.now() - startMs) / 1000 };
  };
  try {
    await run(wish.warmUpS ?? WARM_UP_S);
    const before = wish.cpu?.() ?? {};
    const { tally, seconds } = await run(wish.seconds);
    const after = wish.cpu?.() ?? {};
    const statuses = tally.statuses();
    const answers = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    const cpuMs = Object.fromEntries(Object.entries(after).map(([who, ms]) => [who, (ms - (before[who] ?? 0)) / Math.max(1, answers)]));
    return {
      ...{ perSecond: tally.good() / seconds, p50Ms: tally.quantileMs(0.5), p99Ms: tally.quantileMs(0.99) },
      ...{ statuses, broken: statuses[0] ?? 0, cpuMs },
    };
  } finally {
    await client.close();
  }
}
