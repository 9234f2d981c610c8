/**
 * Places for requests that are at work at a time, and a queue before them that tells a burst from an overload
 * (controlled delay, as for queues in networks): who comes in a burst waits, since it will pass; once the queue has not
 * been empty for `burstMs`, more is asked than can be answered, and whoever would wait longer than `standingMs` is sent away
 * at once. So those who are let in wait bounded time; what turning the others away costs, they wait as well (docs/benchmarks.md
 * has figures). It stays so until nobody has been sent away for `calmMs`.
 */
export interface Places {
  /** True as soon as there is a place, false where there will be none in time. */
  enter(): boolean | Promise<boolean>;
  leave(): void;
  /** More is asked than can be answered, and others wait already: who comes now may as well be sent away before anything is done for him. */
  isHopeless(): boolean;
}

export interface PlacesOptions {
  readonly atOnce: number;
  readonly burstMs: number;
  readonly standingMs: number;
  readonly calmMs: number;
  /** More than so many never wait. */
  readonly mostWaiting: number;
}

interface Waiting {
  readonly sinceMs: number;
  readonly decide: (isIn: boolean) => void;
}

/** Those who have waited too long are looked for this often. */
const LOOK_MS = 5;

export function createPlaces(options: PlacesOptions, nowMs: () => number = () => performance.now()): Places {
  const { atOnce, burstMs, standingMs, calmMs, mostWaiting } = options;
  let atWork = 0;
  const queue: Waiting[] = [];
  let lastEmptyMs = nowMs();
  let sentAwayMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const refuse = (at: number): false => {
    sentAwayMs = at;
    return false;
  };
  const isOverload = (at: number): boolean => at - sentAwayMs < calmMs || (queue.length > 0 && at - lastEmptyMs > burstMs);
  const look = (): void => {
    const at = nowMs();
    const limitMs = isOverload(at) ? standingMs : burstMs;
    // Who came first waits longest: those who are late stand in front.
    while (queue[0] && at - queue[0].sinceMs > limitMs) queue.shift()?.decide(refuse(at));
    if (queue.length > 0) return;
    lastEmptyMs = at;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    isHopeless: () => queue.length >= atOnce && isOverload(nowMs()),
    enter() {
      if (atWork < atOnce) {
        atWork += 1;
        return true;
      }
      if (queue.length >= mostWaiting) return refuse(nowMs());
      if (queue.length === 0) lastEmptyMs = nowMs();
      timer ??= setInterval(look, LOOK_MS);
      return new Promise((resolve) => queue.push({ sinceMs: nowMs(), decide: resolve }));
    },
    leave() {
      look();
      const next = queue.shift();
      if (next) next.decide(true);
      else atWork -= 1;
    },
  };
}
