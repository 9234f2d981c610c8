import { PipelineError } from '../domain/errors.js';
import type { Logger } from '../runtime/logger.js';
import type { ApiContext, Next } from './context.js';
import { createLoopLoad } from './loop-load.js';
import { createPlaces, type Places, type PlacesOptions } from './places.js';
import { patternOf, type Route } from './route.js';

const BOTH = { calmMs: 2_000, mostWaiting: 1_000 } as const;
/** Reads wait for the processor and for a connection of the catalogue's pool: more of them at a time wait longer and are no more. */
const READS: Omit<PlacesOptions, 'isStrain'> = { ...BOTH, atOnce: 20, least: 3, burstMs: 150, standingMs: 20, calmShare: 0 };
/** They wait for a commit and for a workflow's start. A Temporal that is short of processors is kept busy by few, and what it is given more only waits longer. */
const WRITES: Omit<PlacesOptions, 'isStrain'> = { ...BOTH, atOnce: 16, least: 1, burstMs: 400, standingMs: 60, calmShare: 1 / 3 };
const SLOW_WRITE_MS = 100;
/**
 * Of its time in which the event loop is at work or waits for a processor. Beyond, who comes waits before he is even seen, every
 * reader too; and a write costs the machine as much as a hundred reads.
 */
const FULL_LOOP = 0.6;
/** Where writes are turned away and the loop is as full as this all the same, reads give way as well: those who are let in are not late. Reads alone keep all their places: nothing else wants them. */
const CRAMPED_LOOP = 0.75;
const TELL_EVERY_MS = 1_000;
/** When to come again, seconds: spread, so that those who were sent away together do not come as one. */
const COME_AGAIN_S = { least: 1, spread: 4 } as const;

/**
 * Lets in what can be answered in time and sends the rest away with 503, which costs little. What belongs to an upload that is under
 * way always comes in, and so does what needs no key (health, metrics): a creator's transfer goes on while others are turned away.
 */
export function createAdmission(routes: readonly Pick<Route, 'method' | 'path' | 'auth' | 'unlimited'>[], { logger }: { readonly logger: Logger }) {
  const loopLoad = createLoopLoad();
  const write = createPlaces({ ...WRITES, isStrain: (heldMs) => heldMs > SLOW_WRITE_MS || loopLoad() > FULL_LOOP });
  const read = createPlaces({ ...READS, isStrain: () => write.isOverload() && loopLoad() > CRAMPED_LOOP, isPressed: write.isOverload });
  const laneOf = (method: string): Places => (method === 'GET' || method === 'HEAD' ? read : write);
  const free = routes
    .filter(({ auth, unlimited }) => unlimited || auth !== 'key')
    .map(({ method, path }) => ({ method: method.toUpperCase(), path: patternOf(path) }));
  const isUnderWay = (asked: string, path: string): boolean => {
    const method = asked === 'HEAD' ? 'GET' : asked;
    return free.some((route) => route.method === method && route.path.test(path));
  };

  let sentAway = 0;
  // One line for all of them: a line each would be one more load.
  const tell = (): void => {
    logger.warn({ requests: sentAway }, 'requests were turned away: more was asked than could be answered');
    sentAway = 0;
  };
  const comeAgainS = (): number => {
    if (sentAway === 0) setTimeout(tell, TELL_EVERY_MS).unref();
    sentAway += 1;
    return COME_AGAIN_S.least + Math.floor(Math.random() * COME_AGAIN_S.spread);
  };

  return {
    /** Whether who comes would only wait in vain, by the head of his request: he is not even asked for his key. */
    isHopeless: (method: string, path: string): boolean =>
      path.startsWith('/v1/') && laneOf(method).isHopeless() && !isUnderWay(method, path) && method !== 'OPTIONS',
    /** Counts one who is turned away at the door. @returns when he may come again, seconds */
    turnAway(method: string): number {
      laneOf(method).sentAway();
      return comeAgainS();
    },
    async markUnderWay(ctx: ApiContext, next: Next): Promise<void> {
      ctx.state.underWay = isUnderWay(ctx.method, ctx.path);
      await next();
    },
    /** Behind the key, the limit and the body: nobody holds a place who is still sending. */
    async toAPlace(ctx: ApiContext, next: Next): Promise<void> {
      if (ctx.state.caller === undefined || ctx.state.underWay) {
        await next();
        return;
      }
      const places = laneOf(ctx.method);
      const entered = places.enter();
      if (!(entered === true || (await entered))) {
        ctx.set('Retry-After', String(comeAgainS()));
        throw new PipelineError('OVERLOADED');
      }
      let isIn = true;
      const sinceMs = performance.now();
      const leave = (): void => {
        if (isIn) places.leave(performance.now() - sinceMs);
        isIn = false;
      };
      ctx.state.giveUpPlace = leave;
      try {
        await next();
      } finally {
        leave();
      }
    },
  };
}

export type Admission = ReturnType<typeof createAdmission>;
