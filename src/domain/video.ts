import type { Failure } from './artefact.js';
import type { CostReceipt } from './cost.js';
import type { Labels } from './labels.js';
import type { Decision, Plan } from './plan.js';
import type { Trail } from './trail.js';

export const VIDEO_STATES = ['waiting', 'uploading', 'queued', 'preparing', 'review', 'ready', 'errored', 'cancelled', 'deleted'] as const;
export type VideoState = (typeof VIDEO_STATES)[number];

/** States that nothing but a person or a new generation moves on from. */
export const SETTLED_STATES: readonly VideoState[] = ['ready', 'errored', 'cancelled', 'deleted'];

export const STAGES = ['inspect', 'plan', 'encode', 'package', 'verify', 'publish'] as const;
export type Stage = (typeof STAGES)[number];

/** The resource that a creator owns. Times are ISO 8601 UTC. */
export interface Video extends Labels {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly contentType: string;
  /** null until it was declared or the upload is complete. */
  readonly sourceSizeBytes: number | null;
  readonly sourceKey: string;
  readonly state: VideoState;
  readonly playable: boolean;
  readonly progress: Progress;
  readonly failure: Failure | null;
  /** The generation that is being made or was made last; 0 before the upload is complete. */
  readonly generation: number;
  /** The published generation that players get; null before the first. */
  readonly liveGeneration: number | null;
  readonly durationMs: number | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Keys of the live generation's pictures, from its report; null before the first publish. They carry an attempt, so nobody can compute them. */
  readonly posterKey: string | null;
  readonly storyboardKey: string | null;
  /** Plan of the generation that is being made, else of the live one, once made; see `shownGeneration`. */
  readonly plan: Plan | null;
  /** What only came to light while that one was made, beside the plan's decisions; from publishing on. Absent: nothing. */
  readonly findings?: readonly Decision[];
  /** Of that generation; null before the first, and of generations of releases that kept none. */
  readonly trail: Trail | null;
  /** What that generation has cost so far; null: nothing is known yet. */
  readonly cost: CostReceipt | null;
  /** Rises with every change: the ETag. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly uploadedAt: string | null;
  readonly playableAt: string | null;
  readonly publishedAt: string | null;
  /** null while it is not deleted: from then on it is a tombstone, which nothing changes any more. */
  readonly deletedAt: string | null;
}

export interface Progress {
  /** 0–100, never falls within a generation. */
  readonly percent: number;
  readonly stage: Stage | null;
  readonly chunksDone: number;
  readonly chunksTotal: number;
  /** When it will be published, as a range of seconds from the moment this was written; absent where nothing was measured yet. */
  readonly etaS?: EtaRange | null;
}

/** Honest about what it does not know: the truth is expected between `low` and `high`, whole seconds. */
export interface EtaRange {
  readonly low: number;
  readonly high: number;
}

export const NO_PROGRESS: Progress = { percent: 0, stage: null, chunksDone: 0, chunksTotal: 0 };

/** Share of the whole that is done when a stage begins; encoding fills the room between its start and `package`. */
const STAGE_START: Record<Stage, number> = { inspect: 0, plan: 3, encode: 5, package: 94, verify: 96, publish: 99 };

/**
 * Per cent for a stage and the chunks done in it; pure and monotone in both.
 * @param measured.share of the encoding's work that is done, 0–1, where it is known better than by counting chunks (their lengths differ)
 */
export function progressAt(
  stage: Stage,
  chunksDone: number,
  chunksTotal: number,
  measured: { readonly share?: number; readonly etaS?: EtaRange | null } = {},
): Progress {
  const base = STAGE_START[stage];
  const counted = chunksTotal > 0 ? chunksDone / chunksTotal : 0;
  const share = stage === 'encode' ? Math.min(1, measured.share ?? counted) : 0;
  const percent = Math.floor(base + share * (STAGE_START.package - STAGE_START.encode));
  return { percent, stage, chunksDone, chunksTotal, ...(measured.etaS ? { etaS: measured.etaS } : {}) };
}
