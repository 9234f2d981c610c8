import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../faults/random.js';
import type { HttpClient, Shot } from './http-client.js';
import { createTally, type Tally } from './tally.js';

export interface OpenWish {
  readonly client: HttpClient;
  /** Requests a second, each kind for itself, and what the n-th of it is. */
  readonly kinds: Readonly<Record<string, { readonly perSecond: number; readonly shot: (n: number) => Shot }>>;
  readonly seconds: number;
  /** Decides when requests are sent. */
  readonly seed: number;
  readonly onAnswer?: (kind: string, status: number, text: string) => void;
}

export interface OpenResult {
  readonly tallies: Readonly<Record<string, Tally>>;
  /** Requests that were due and had to wait because this process was late: by how much at the worst, ms. */
  readonly worstLateMs: number;
}

const TICK_MS = 1;

/**
 * Sends whether or not answers come, as people do: at the times of a Poisson process. Answers are timed from when they were due
 * to be asked for, so a server cannot look fast by letting its clients wait. Resolves when all are answered.
 */
export async function openLoad(wish: OpenWish): Promise<OpenResult> {
  const tallies = Object.fromEntries(Object.keys(wish.kinds).map((kind) => [kind, createTally()]));
  const random = createRandom(wish.seed);
  const startMs = performance.now();
  const endMs = startMs + wish.seconds * 1000;
  const running = new Set<Promise<void>>();
  let worstLateMs = 0;
  const plans = Object.entries(wish.kinds).map(([kind, { perSecond, shot }]) => {
    const gapMs = (): number => (-Math.log(1 - random.next()) / perSecond) * 1000;
    return { kind, shot, gapMs, nextMs: startMs + gapMs(), n: 0 };
  });
  const fire = async (kind: string, shot: Shot, dueMs: number): Promise<void> => {
    const { status, text } = await wish.client.send(shot);
    tallies[kind]?.note(status, dueMs);
    wish.onAnswer?.(kind, status, text);
  };
  while (performance.now() < endMs) {
    for (const plan of plans) {
      for (; plan.nextMs <= performance.now() && plan.nextMs < endMs; plan.nextMs += plan.gapMs()) {
        worstLateMs = Math.max(worstLateMs, performance.now() - plan.nextMs);
        const sent = fire(plan.kind, plan.shot(plan.n++), plan.nextMs);
        running.add(sent);
        void sent.finally(() => running.delete(sent));
      }
    }
    await sleep(TICK_MS);
  }
  await Promise.all(running);
  return { tallies, worstLateMs };
}
