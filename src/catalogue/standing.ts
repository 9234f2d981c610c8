import type { Failure } from '../domain/artefact.js';
import type { CostReceipt } from '../domain/cost.js';
import type { EventType, OutboxEvent } from '../domain/event.js';
import type { Generation, GenerationState } from '../domain/generation.js';
import type { Plan } from '../domain/plan.js';
import { type Holding, heldMore, holdingOf } from '../domain/quota.js';
import { type DaySpent, spentMore } from '../domain/spending.js';
import type { Trail } from '../domain/trail.js';
import type { Upload } from '../domain/upload.js';
import type { Video } from '../domain/video.js';
import type { ReportSummary } from './report-summary.js';
import type { Trace } from './tenancy.js';

/** The unique row (video, generation): one encode of one upload. */
export interface GenerationRecord {
  readonly videoId: string;
  readonly generation: number;
  readonly uploadId: string;
  readonly state: GenerationState;
  readonly plan: Plan | null;
  readonly failure: Failure | null;
  readonly reportKey: string | null;
  readonly summary: ReportSummary | null;
  /** null: it has not begun, or was made by a release that kept none. */
  readonly trail: Trail | null;
  readonly createdAt: string;
  readonly playableAt: string | null;
  readonly settledAt: string | null;
  readonly reason: string | null;
  /** The request that wanted it made once more; null where an upload brought it. */
  readonly begunBy: string | null;
  readonly liveBy: string | null;
  readonly supersededAt: string | null;
  readonly retiredAt: string | null;
  /** Changed by `saveCosts` alone. */
  readonly cost: CostReceipt | null;
}

/** An upload with what only the catalogue needs to know of it. */
export interface UploadRecord extends Upload {
  /** What completion found in the store. */
  readonly source: { readonly sizeBytes: number; readonly etag: string } | null;
}

/** How one video stands at the moment of a decision: the rows that one write looks at and may change. */
export interface Standing {
  readonly video: Video;
  /** Where the write is about an upload. */
  readonly upload: UploadRecord | null;
  /** Where the write is about a generation. */
  readonly generation: GenerationRecord | null;
  readonly eventSequence: number;
}

/** What a decision changes. Every change makes the video's version rise by one. */
export interface Change {
  readonly video?: Partial<Omit<Video, 'id' | 'version' | 'updatedAt' | 'plan' | 'findings' | 'trail' | 'cost'>>;
  readonly upload?: Partial<UploadRecord>;
  readonly generation?: Partial<Omit<GenerationRecord, 'videoId' | 'generation' | 'cost'>>;
  readonly newGeneration?: GenerationRecord;
  readonly events: readonly EventType[];
}

/** Pure: same standing, same answer. null where nothing changes. `now` is the catalogue's own clock. */
export type Decide = (standing: Standing, now: string) => Change | null;

/**
 * The one way to change a video: lock it, look, decide, write the rows and their events, all or nothing.
 * Resolves to how it stands afterwards, changed or not; null where the upload or the video is unknown. A trace is left by a change only.
 */
export type ChangeVideo = (place: Place, decide: Decide, trace?: Trace) => Promise<Standing | null>;
export type Place =
  | { readonly uploadId: string }
  /** With a tenant: only a video of that tenant. */
  | { readonly videoId: string; readonly generation: number; readonly tenantId?: string }
  /** The video of this tenant, with its own generation and its open upload, where there are such. */
  | { readonly videoId: string; readonly tenantId: string };

export type EventDraft = Omit<OutboxEvent, 'position' | 'id'>;

/** What comes of a change: the rows, the events that tell of it in the video's own sequence, and how the tenant's account moves with it. */
export interface Applied {
  readonly after: Standing;
  readonly events: EventDraft[];
  readonly held: Holding;
  readonly spent: readonly DaySpent[];
}

export function applyChange(before: Standing, change: Change, now: string): Applied {
  const generation = change.newGeneration ?? (before.generation && { ...before.generation, ...change.generation });
  const video: Video = {
    ...before.video,
    ...change.video,
    plan: generation === null ? before.video.plan : generation.plan,
    findings: generation === null ? before.video.findings : generation.summary?.findings,
    trail: generation === null ? before.video.trail : generation.trail,
    version: before.video.version + 1,
    updatedAt: now,
  };
  const upload = before.upload && { ...before.upload, ...change.upload };
  const after = { video, upload, generation, eventSequence: before.eventSequence + change.events.length };
  const held = heldMore(holdingOf(before.video, before.upload), holdingOf(video, upload));
  return { after, events: eventsOf(video, upload, change.events, before.eventSequence, now), held, spent: spentMore(before, after, now) };
}

export function eventsOf(video: Video, upload: Upload | null, types: readonly EventType[], lastSequence: number, now: string): EventDraft[] {
  return types.map((type, index) => ({
    tenantId: video.tenantId,
    videoId: video.id,
    sequence: lastSequence + index + 1,
    type,
    data: eventData(video, type.startsWith('upload.') ? upload : null),
    createdAt: now,
  }));
}

/** Thin: what changed and how the video stands with it. Who wants more reads the video. */
function eventData(video: Video, upload: Upload | null): Record<string, unknown> {
  const { state, generation, liveGeneration, playable, version, failure, passthrough } = video;
  const progress = { percent: video.progress.percent, stage: video.progress.stage };
  const facts = { state, generation, liveGeneration, playable, progress, version, failure, passthrough };
  return upload === null ? facts : { ...facts, upload: { id: upload.id, state: upload.state } };
}

/** Since when another one is live, for the generations between which a change has moved the live pointer. */
export function liveMoves(before: Video, after: Video, now: string): { readonly generation: number; readonly supersededAt: string | null }[] {
  const [from, to] = [before.liveGeneration, after.liveGeneration];
  if (from === to) return [];
  return [...(from === null ? [] : [{ generation: from, supersededAt: now }]), ...(to === null ? [] : [{ generation: to, supersededAt: null }])];
}

/** A generation as the port shows it. */
export function toGeneration(record: GenerationRecord, liveGeneration: number | null): Generation {
  const { videoId, generation, state, reason, failure, summary, createdAt, playableAt, settledAt, supersededAt, retiredAt, liveBy, cost } = record;
  const figures = { sizeBytes: summary?.sizeBytes ?? null, durationMs: summary === null ? null : Math.round(summary.durationUs / 1000) };
  const times = { createdAt, playableAt, settledAt, supersededAt, retiredAt };
  return { videoId, generation, state, live: generation === liveGeneration, reason, failure, ...figures, ...times, liveBy, cost };
}
