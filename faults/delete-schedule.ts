import { createRandom } from './random.js';

/**
 * How far a video is when it is deleted.
 *
 * - `waiting`: its upload was announced, nothing was sent.
 * - `uploading`: one of two parts was sent; the other is sent after the deletion, to a URL that has not ended.
 * - `completing`: all parts were sent; completion and deletion are asked for at the same time.
 * - `queued`, `encoding`, `packaging`, `published`: as the API says, or a little later.
 * - `zombie`: while it is encoded, by an encoder that is stopped (SIGSTOP) before the deletion and goes on after the purge.
 */
export const MOMENTS = ['waiting', 'uploading', 'completing', 'queued', 'encoding', 'packaging', 'published', 'zombie'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface PlannedDeletion {
  readonly number: number;
  readonly moment: Moment;
  /** Between the moment and the deletion, milliseconds. */
  readonly waitMs: number;
  /** Between the deletion and SIGCONT, milliseconds. */
  readonly wakeMs: number;
  /** The part of the stack that is killed (-9) while the deletion is on its way, and how long after it was sent; null: none. */
  readonly kill: { readonly part: 'API' | 'control worker'; readonly afterMs: number } | null;
}

const WAIT_MS: Readonly<Record<Moment, number>> = {
  waiting: 300,
  uploading: 300,
  completing: 0,
  queued: 1_500,
  encoding: 4_000,
  packaging: 200,
  published: 1_500,
  zombie: 3_000,
};
const WAKE_MS = [3_000, 9_000] as const;
/** The launcher gives up a part that dies often without living for a minute; a run stays well below that. */
const KILLS_EACH = 3;
const API_KILL_MS = 60;
const CONTROL_KILL_MS = 1_500;

/** Every moment in turn, in an order that the seed decides. The same wish gives the same deletions, on every machine. */
export function drawDeletions(wish: { readonly seed: number; readonly deletions: number }): PlannedDeletion[] {
  const random = createRandom(wish.seed);
  const rounds = Math.ceil(wish.deletions / MOMENTS.length);
  const moments = Array.from({ length: rounds }, () => random.shuffle(MOMENTS)).flat();
  const order = random.shuffle(Array.from({ length: wish.deletions }, (_, index) => index));
  const [api, control] = [new Set(order.slice(0, killsOf(wish.deletions))), new Set(order.slice(-killsOf(wish.deletions)))];
  return moments.slice(0, wish.deletions).map((moment, index) => {
    const waitMs = Math.round(random.between(0, WAIT_MS[moment]));
    const wakeMs = moment === 'zombie' ? Math.round(random.between(...WAKE_MS)) : 0;
    const [apiMs, controlMs] = [Math.round(random.between(0, API_KILL_MS)), Math.round(random.between(0, CONTROL_KILL_MS))];
    const kill = api.has(index)
      ? ({ part: 'API', afterMs: apiMs } as const)
      : control.has(index)
        ? ({ part: 'control worker', afterMs: controlMs } as const)
        : null;
    return { number: index + 1, moment, waitMs, wakeMs, kill };
  });
}

const killsOf = (deletions: number): number => Math.min(KILLS_EACH, Math.floor(deletions / 4));
