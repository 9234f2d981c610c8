import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { decisionOf, shareOf } from '../domain/token-bucket.js';
import type { Logger } from '../runtime/logger.js';
import { createMemoryLimiter, type Limiter } from './limiter.js';

/** Slower than this Redis is as good as away. */
const ANSWER_MS = 50;
/** After a fault it is left alone this long: a server that hangs costs one request its 50 ms, not each of them. */
const PAUSE_MS = 1_000;
const PRESENT_EVERY_MS = 2_000;
/** A process that has not shown itself for so long is gone. */
const PRESENT_MS = 10_000;

/**
 * One bucket, in one step and by Redis's own clock, so that two processes cannot both take the last token and none has to agree
 * with another about the time. Gives the tokens as text: Lua's numbers become whole on their way out.
 */
const TAKE = `
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if kept[1] then tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate / 1000) end
local allowed = 0
if tokens >= 1 then allowed = 1; tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return {allowed, tostring(tokens)}`;

/** Of all processes those that are there, in one step: shows this one, forgets the gone ones, counts. */
const PRESENT = `
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1], time[1], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time[1] - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2000)
return redis.call('ZCARD', KEYS[1])`;

/**
 * Buckets that all processes of the API share, in Redis; a bucket in this process's own memory stands before each of them.
 *
 * - Redis is there: both must have a token. The own bucket refuses what this process alone has given too much of, without asking,
 *   and a Redis that comes back empty finds it as it was.
 * - Redis is away, slow or wiped: the own bucket decides, with this process's share of the rate: as many parts as there were
 *   processes when they were last counted. So all of them together give out what one limit allows, and never twice of it.
 */
export function createRedisLimiter({ url, logger, prefix = 'reelmill' }: { url: string; logger: Logger; prefix?: string }): Limiter {
  const memory = createMemoryLimiter();
  const id = randomUUID();
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: ANSWER_MS,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => Math.min(times * 100, 1_000),
  });
  let processes = 1;
  let awayUntilMs = 0;
  let isAway = false;

  const noteAway = (err: unknown): void => {
    awayUntilMs = performance.now() + PAUSE_MS;
    if (!isAway) logger.warn({ err, processes }, 'redis is away; each process limits by its share');
    isAway = true;
  };
  const noteBack = (): void => {
    if (isAway) logger.info('redis is back');
    isAway = false;
  };
  // Without a listener each failed try to connect would be printed; what it means is told once, above.
  redis.on('error', noteAway);

  const showUp = async (): Promise<void> => {
    try {
      processes = Math.max(1, Number(await redis.eval(PRESENT, 1, `${prefix}:processes`, id, PRESENT_MS / 1000)));
    } catch (err) {
      noteAway(err);
    }
  };
  redis.once('ready', () => void showUp());
  const timer = setInterval(() => void showUp(), PRESENT_EVERY_MS);
  timer.unref();

  return {
    async take(key, rate) {
      if (redis.status !== 'ready' || performance.now() < awayUntilMs) return memory.take(key, shareOf(rate, processes));
      const own = memory.take(key, rate);
      if (!own.allowed) return own;
      try {
        const [allowed, tokens] = (await redis.eval(TAKE, 1, `${prefix}:bucket:${key}`, rate.perS, rate.burst)) as [number, string];
        noteBack();
        if (allowed === 0) memory.giveBack(key);
        return decisionOf(allowed === 1, Number(tokens), rate);
      } catch (err) {
        noteAway(err);
        return own;
      }
    },
    async close() {
      clearInterval(timer);
      redis.disconnect();
    },
  };
}
