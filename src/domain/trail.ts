import type { Failure } from './artefact.js';
import type { Stage } from './video.js';

/** In this order; `review` may come between any two. */
export const TIMED_STAGES = ['queued', 'inspect', 'plan', 'encode', 'package', 'verify', 'publish', 'review'] as const satisfies readonly (
  | Stage
  | 'queued'
  | 'review'
)[];
export type TimedStage = (typeof TIMED_STAGES)[number];

/** What one generation went through, by the catalogue's clock. Times are ISO 8601 UTC. */
export interface Trail {
  /** Where it is now; null: it has come to its end, or nothing is known of it yet. */
  readonly at: TimedStage | null;
  readonly since: string | null;
  /** A stage that was run again counts all its runs. */
  readonly stages: Readonly<Partial<Record<TimedStage, StageTime>>>;
  /** Each time that it was parked, the latest last. */
  readonly reviews: readonly Review[];
}

export interface StageTime {
  readonly startedAt: string;
  /** Of runs that have ended. */
  readonly ms: number;
}

export interface Review {
  readonly code: Failure['code'];
  /** The stage that failed. */
  readonly stage: Stage | null;
  readonly since: string;
  /** When a person had it tried again; null: not. */
  readonly retriedAt: string | null;
}

const REVIEWS_KEPT = 20;

/** The trail so far. A generation of a release that kept none has an empty one once it has begun: what it did before is not known. */
export function trailOf(generation: { readonly trail: Trail | null; readonly state: string; readonly createdAt: string }): Trail {
  if (generation.trail !== null) return generation.trail;
  const none: Trail = { at: null, since: null, stages: {}, reviews: [] };
  return generation.state === 'queued' ? moveOn(none, 'queued', generation.createdAt) : none;
}

/** Ends the present stage, and begins another; null: none. */
export function moveOn(trail: Trail, to: TimedStage | null, now: string): Trail {
  if (to === trail.at) return trail;
  const { at, since } = trail;
  const left = at === null || since === null ? null : trail.stages[at];
  const ended = at !== null && left ? { [at]: { ...left, ms: left.ms + Math.max(0, Date.parse(now) - Date.parse(since ?? now)) } } : {};
  const begun = to === null ? {} : { [to]: trail.stages[to] ?? { startedAt: now, ms: 0 } };
  return { ...trail, at: to, since: to === null ? null : now, stages: { ...trail.stages, ...ended, ...begun } };
}

export function park(trail: Trail, failure: Failure, stage: Stage | null, now: string): Trail {
  const review: Review = { code: failure.code, stage, since: now, retriedAt: null };
  return { ...moveOn(trail, 'review', now), reviews: [...trail.reviews, review].slice(-REVIEWS_KEPT) };
}

/** Back to the stage that failed. */
export function retry(trail: Trail, stage: Stage | null, now: string): Trail {
  const last = trail.reviews.at(-1);
  const reviews = last ? [...trail.reviews.slice(0, -1), { ...last, retriedAt: now }] : trail.reviews;
  return { ...moveOn(trail, stage ?? 'inspect', now), reviews };
}
