import { type Bucket, type Decision, type Rate, takeToken } from '../domain/token-bucket.js';

/** Token buckets by key. Never rejects and never waits long: a limiter that is away must not be noticed by who is limited. */
export interface Limiter {
  take(key: string, rate: Rate): Decision | Promise<Decision>;
  close(): Promise<void>;
}

export interface MemoryLimiter extends Limiter {
  take(key: string, rate: Rate): Decision;
  /** A token back: it was taken for nothing. */
  giveBack(key: string): void;
}

/** Buckets that were full again long ago are forgotten when there are so many. */
const MAX_BUCKETS = 50_000;

/** In this process alone. `nowMs` is a clock that never goes back. */
export function createMemoryLimiter(nowMs: () => number = () => performance.now()): MemoryLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key, rate) {
      const { bucket, decision } = takeToken(buckets.get(key) ?? null, rate, nowMs());
      // To the end of the order: the first are those that were not asked for the longest.
      buckets.delete(key);
      if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value ?? key);
      buckets.set(key, bucket);
      return decision;
    },
    giveBack(key) {
      const bucket = buckets.get(key);
      if (bucket) buckets.set(key, { ...bucket, tokens: bucket.tokens + 1 });
    },
    close: async () => undefined,
  };
}
