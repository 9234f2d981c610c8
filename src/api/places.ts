/**
 * Places for requests that are at work at a time, as many as keep what they wait for busy and no more: each that is given back
 * under strain makes them a tenth fewer, and so many that are given back without as there are places make them one more
 * (additive increase, multiplicative decrease, as for connections in networks). And a queue before them that tells a burst from an overload
 * (controlled delay, as for queues in networks): who comes in a burst waits, since it will pass; once for `burstMs` nobody came
 * in who had waited no longer than `standingMs`, more is asked than can be answered, and whoever would wait longer is sent away
 * at once. So those who are let in wait bounded time; what turning the others away costs, they wait as well (docs/benchmarks.md
 * has figures). It is over when of those who came within `calmMs` no more than `calmShare` were sent away: at nearly as many as
 * can be answered some always meet many others, and each of them would keep it going.
 */
export interface Places {
  /** True as soon as there is a place, false where there will be none in time. */
  enter(): boolean | Promise<boolean>;
  /** @param heldMs for how long it was held */
  leave(heldMs: number): void;
  /** More is asked than can be answered. */
  isOverload(): boolean;
  /** It is an overload, and as many wait already as will come in in time: who comes now may as well be sent away before anything is done for him. */
  isHopeless(): boolean;
  /** One was sent away who had not come for a place yet: he counts. */
  sentAway(): void;
}

export interface PlacesOptions {
  /** The most that there are, and as many as there are at first. */
  readonly atOnce: number;
  readonly least: number;
  /** Asked as a place is given back: whether more is at work than does anybody good. */
  readonly isStrain: (heldMs: number) => boolean;
  /** While it is so, who waits is in no burst that will pass: nobody waits longer than `standingMs`. */
  readonly isPressed?: () => boolean;
  readonly burstMs: number;
  readonly standingMs: number;
  readonly calmMs: number;
  /** From 0 to 1. */
  readonly calmShare: number;
  /** More than so many never wait. */
  readonly mostWaiting: number;
}

interface Waiting {
  readonly sinceMs: number;
  readonly decide: (isIn: boolean) => void;
}

const FEWER = 0.9;
/** An overload finds as many places as calm left, all of them taken: until strain made them few, one by one, everybody would wait. */
const AT_ITS_BEGIN = 0.25;
/** Of how long places are held: how much the last one counts against all before. */
const LAST_COUNTS = 0.1;
/** Those who have waited too long are looked for this often. */
const LOOK_MS = 5;

export function createPlaces(options: PlacesOptions, nowMs: () => number = () => performance.now()): Places {
  const { atOnce, least, isStrain, isPressed = () => false, burstMs, standingMs, calmMs, calmShare, mostWaiting } = options;
  let places = atOnce;
  let atWork = 0;
  const queue: Waiting[] = [];
  let usuallyHeldMs = standingMs;
  let lastShortMs = nowMs();
  let timer: NodeJS.Timeout | undefined;
  let isOn = false;
  let seen = { sinceMs: nowMs(), letIn: 0, sentAway: 0 };

  const letIn = (at: number, waitedMs: number): true => {
    if (waitedMs <= standingMs) lastShortMs = at;
    atWork += 1;
    seen.letIn += 1;
    return true;
  };
  const refuse = (): false => {
    seen.sentAway += 1;
    return false;
  };
  const isOverload = (at: number): boolean => {
    const passedMs = at - seen.sinceMs;
    if (isOn ? passedMs < calmMs : queue.length === 0 || at - lastShortMs <= burstMs) return isOn;
    if (!isOn) places = Math.max(least, places * AT_ITS_BEGIN);
    // Whoever waits makes it be asked: if it was not for twice as long, nobody has waited.
    isOn = !isOn || (passedMs < 2 * calmMs && seen.sentAway > calmShare * (seen.letIn + seen.sentAway));
    seen = { sinceMs: at, letIn: 0, sentAway: 0 };
    return isOn;
  };
  /** At least one: else a place that falls free would stand empty until the next one comes. */
  const comeInInTime = (): number => Math.max(1, Math.floor((places * standingMs) / Math.max(1, usuallyHeldMs)));
  const look = (): void => {
    const at = nowMs();
    const limitMs = isOverload(at) || isPressed() ? standingMs : burstMs;
    // Who came first waits longest: those who are late stand in front.
    while (queue[0] && at - queue[0].sinceMs > limitMs) queue.shift()?.decide(refuse());
    if (queue.length > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    isOverload: () => isOverload(nowMs()),
    isHopeless: () => queue.length >= comeInInTime() && isOverload(nowMs()),
    sentAway: () => void refuse(),
    enter() {
      const at = nowMs();
      if (atWork < Math.floor(places)) return letIn(at, 0);
      if (queue.length >= mostWaiting) return refuse();
      if (queue.length === 0) lastShortMs = at;
      timer ??= setInterval(look, LOOK_MS);
      return new Promise((resolve) => queue.push({ sinceMs: at, decide: resolve }));
    },
    leave(heldMs) {
      usuallyHeldMs += (heldMs - usuallyHeldMs) * LAST_COUNTS;
      places = isStrain(heldMs) ? Math.max(least, places * FEWER) : Math.min(atOnce, places + 1 / places);
      look();
      atWork -= 1;
      const at = nowMs();
      for (; queue[0] && atWork < Math.floor(places); queue.shift()) queue[0].decide(letIn(at, at - queue[0].sinceMs));
    },
  };
}
