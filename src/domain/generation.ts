import type { Failure } from './artefact.js';
import type { CostReceipt } from './cost.js';
import type { Video, VideoState } from './video.js';

export const GENERATION_STATES = ['queued', 'preparing', 'review', 'published', 'errored', 'cancelled'] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];

/** One encode of a video, as its owner and whoever acts on it see it. Times are ISO 8601 UTC. */
export interface Generation {
  readonly videoId: string;
  readonly generation: number;
  readonly state: GenerationState;
  /** Players get this one. */
  readonly live: boolean;
  /** Why a person wanted it made; null for the first one, or where nothing was said. */
  readonly reason: string | null;
  readonly failure: Failure | null;
  /** Bytes and milliseconds of what was published. */
  readonly sizeBytes: number | null;
  readonly durationMs: number | null;
  readonly createdAt: string;
  readonly playableAt: string | null;
  readonly settledAt: string | null;
  /** Since when players get another one; null for what is live, or never was. */
  readonly supersededAt: string | null;
  /** From then on nothing leads back to it: its objects are being removed, or gone. */
  readonly retiredAt: string | null;
  /** The request by which it was made live again; null where it was published only. */
  readonly liveBy: string | null;
  /** What it has cost so far; null: nothing is known yet. */
  readonly cost: CostReceipt | null;
}

/** How long published generations are kept that players do not get any more. */
export interface KeepPolicy {
  /** The live one and the newest others together. At least 1. */
  readonly count: number;
  /** Every one stays this long after another took its place: players in the middle of it go on with it. */
  readonly supersededMs: number;
}

/** A request is known as a repeat for so long: as long as its Idempotency-Key lives. */
const REPEATED_MS = 86_400_000;
export const isRepeat = (known: string | null, by: string, since: string | null, nowMs: number): boolean =>
  known === by && since !== null && nowMs - Date.parse(since) < REPEATED_MS;

/** States of a video, and of its newest generation, in which that one is on its way, or waits for a person. */
export const IN_MAKING = ['queued', 'preparing', 'review'] as const satisfies readonly (VideoState & GenerationState)[];
export type InMaking = (typeof IN_MAKING)[number];
export const isBeingMade = (state: VideoState | GenerationState): state is InMaking => IN_MAKING.some((each) => each === state);

/** Which generation plan and cost are shown of: the one that is being made, else the one that players get, else the last one. */
export function shownGeneration({ state, generation, liveGeneration }: Pick<Video, 'state' | 'generation' | 'liveGeneration'>): number {
  return isBeingMade(state) ? generation : (liveGeneration ?? generation);
}

/** What can be gone back to: it was published, and nobody removes its objects. */
export const isKept = ({ state, retiredAt }: Pick<Generation, 'state' | 'retiredAt'>): boolean => state === 'published' && retiredAt === null;

/** Which of a video's generations may go, by their numbers. Pure; never the live one. */
export function outlived(
  generations: readonly Pick<Generation, 'generation' | 'state' | 'live' | 'supersededAt' | 'retiredAt'>[],
  policy: KeepPolicy,
  nowMs: number,
): number[] {
  const others = generations.filter((each) => isKept(each) && !each.live).sort((a, b) => b.generation - a.generation);
  const isOld = (at: string | null): boolean => at !== null && nowMs - Date.parse(at) > policy.supersededMs;
  return others.slice(Math.max(0, policy.count - 1)).flatMap(({ generation, supersededAt }) => (isOld(supersededAt) ? [generation] : []));
}
