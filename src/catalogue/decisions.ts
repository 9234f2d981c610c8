/**
 * What each write of the catalogue changes, as pure functions: looked at twice, late or from a zombie they answer null.
 * Both adapters decide with these, so they cannot come to differ.
 */
import type { Failure, GenerationReport } from '../domain/artefact.js';
import { ERROR_CODES, PipelineError } from '../domain/errors.js';
import type { EventType } from '../domain/event.js';
import { isBeingMade } from '../domain/generation.js';
import { reportKey } from '../domain/keys.js';
import type { Plan } from '../domain/plan.js';
import { frameTimeUs } from '../domain/rational.js';
import * as trail from '../domain/trail.js';
import { extendedExpiry, isOpenState, UNKNOWN_TYPE, type UploadState } from '../domain/upload.js';
import { type Progress, SETTLED_STATES, STAGES } from '../domain/video.js';
import type { DoorOpening } from './catalogue.js';
import { figuresOf, NEW_GENERATION } from './generation-decisions.js';
import { summaryOf } from './report-summary.js';
import type { Change, Decide, GenerationRecord, Standing, UploadRecord } from './standing.js';

export type ClosedState = Extract<UploadState, 'cancelled' | 'expired' | 'errored'>;

export const extendUpload =
  (lifeMs: number): Decide =>
  (standing, now) => {
    const upload = openUpload(standing);
    const expiresAt = upload && extendedExpiry(upload, Date.parse(now), lifeMs);
    return expiresAt === null ? null : { upload: { expiresAt }, events: [] };
  };

export const attachMultipart =
  (multipartId: string): Decide =>
  (standing) => {
    const upload = openUpload(standing);
    if (upload === null || upload.door !== null) return null;
    return { upload: { multipartId, door: 'parts', state: 'uploading' }, video: { state: 'uploading' }, events: ['video.updated'] };
  };

export const openDoor =
  (opening: DoorOpening): Decide =>
  (standing) => {
    const upload = openUpload(standing);
    if (upload === null || upload.door === 'parts') return null;
    const { door, multipartId, instead } = opening;
    const isMine = upload.door === door && upload.multipartId === multipartId;
    if (!isMine && upload.multipartId !== instead) return null;
    const fileName = upload.named ? upload.fileName : (opening.fileName ?? upload.fileName);
    const contentType = upload.named && upload.contentType !== UNKNOWN_TYPE ? upload.contentType : (opening.contentType ?? upload.contentType);
    if (isMine && fileName === upload.fileName && contentType === upload.contentType) return null;
    return {
      upload: { door, multipartId, fileName, contentType, state: 'uploading' },
      video: { state: 'uploading', name: fileName, contentType },
      events: ['video.updated'],
    };
  };

export const measureParts =
  (partSizeBytes: number): Decide =>
  (standing) => {
    const upload = openUpload(standing);
    return upload === null || upload.partSizeBytes === partSizeBytes ? null : { upload: { partSizeBytes }, events: [] };
  };

export const completeUpload =
  (source: { sizeBytes: number; etag: string }): Decide =>
  (standing, now) => {
    const upload = openUpload(standing);
    if (upload === null) return null;
    const generation = standing.video.generation + 1;
    return {
      upload: { ...sizesFound(upload, source.sizeBytes), state: 'completed', source, completedAt: now, closedAt: now },
      video: { state: 'queued', generation, sourceSizeBytes: source.sizeBytes, uploadedAt: now },
      newGeneration: { ...NEW_GENERATION, videoId: upload.videoId, generation, uploadId: upload.id, createdAt: now },
      events: ['upload.completed'],
    };
  };

export const closeUpload =
  (state: ClosedState, failure: Failure | null): Decide =>
  (standing, now) => {
    const { upload } = standing;
    if (upload === null || !isOpenState(upload.state)) return null;
    // Its client was active since whoever asks last looked.
    if (state === 'expired' && Date.parse(upload.expiresAt) > Date.parse(now)) return null;
    const reason = state === 'errored' ? (failure ?? { code: 'INTERNAL', message: ERROR_CODES.INTERNAL.text }) : failure;
    const closed = { state, failure: reason, closedAt: now };
    const told = state === 'errored' ? [] : ([`upload.${state}`] as const);
    // A video that waits for no upload any more is not ended by one; the room that the upload holds is given back all the same.
    if (openUpload(standing) === null) return { upload: closed, events: told };
    const ended = state === 'errored' ? 'errored' : 'cancelled';
    return { upload: closed, video: { state: ended, failure: reason }, events: [...told, `video.${ended}`] };
  };

export const savePlan =
  (plan: Plan): Decide =>
  (standing) => {
    const generation = inFlight(standing);
    if (generation === null || generation.plan !== null) return null;
    const top = plan.rungs[0];
    const durationMs = Math.round(frameTimeUs(plan.grid.frameCount, plan.grid.rate) / 1000);
    // While another generation is live, players get that one, and these figures are about it.
    const figures = standing.video.liveGeneration === null ? { durationMs, width: top?.width ?? null, height: top?.height ?? null } : {};
    const begun = begin(standing);
    return { video: { ...begun.video, ...figures }, generation: { ...begun.generation, plan }, events: begun.events };
  };

export const saveProgress =
  (progress: Progress): Decide =>
  (standing, now) => {
    const generation = inFlight(standing);
    if (generation === null || !rises(standing.video.progress, progress)) return null;
    const begun = begin(standing);
    const video = { ...begun.video, progress };
    if (stageIndex(progress) <= stageIndex(standing.video.progress)) return { ...begun, video };
    const moved = trail.moveOn(trail.trailOf(generation), progress.stage, now);
    return { video, generation: { ...begun.generation, trail: moved }, events: ['video.updated'] };
  };

export const markPlayable = (): Decide => (standing, now) => {
  const generation = inFlight(standing);
  if (generation === null || generation.playableAt !== null) return null;
  // Players have an earlier one, and go on with it until this one is published.
  if (standing.video.liveGeneration !== null) return { generation: { playableAt: now }, events: [] };
  return {
    video: { playable: true, playableAt: standing.video.playableAt ?? now },
    generation: { playableAt: now },
    events: ['video.playable'],
  };
};

export const publish =
  (report: GenerationReport): Decide =>
  (standing, now) => {
    const generation = inFlight(standing);
    if (generation === null) return null;
    if (report.videoId !== generation.videoId || report.generation !== generation.generation) {
      throw new PipelineError('INTERNAL', {
        note: 'The report is about another generation than the one to publish.',
        details: {
          videoId: generation.videoId,
          generation: generation.generation,
          reportVideoId: report.videoId,
          reportGeneration: report.generation,
        },
      });
    }
    const first = generation.playableAt === null && standing.video.liveGeneration === null;
    return {
      video: {
        ...figuresOf(report),
        state: 'ready',
        liveGeneration: generation.generation,
        playable: true,
        playableAt: standing.video.playableAt ?? now,
        publishedAt: now,
        failure: null,
        progress: { ...standing.video.progress, percent: 100, stage: 'publish' },
      },
      generation: {
        state: 'published',
        failure: null,
        reportKey: reportKey(generation),
        summary: summaryOf(report),
        playableAt: generation.playableAt ?? now,
        settledAt: now,
        trail: trail.moveOn(trail.trailOf(generation), null, now),
      },
      events: [
        ...(first ? (['video.playable'] as const) : []),
        'video.ready',
        ...(isAgain(generation) ? (['video.reprocess.published'] as const) : []),
      ],
    };
  };

export const reject = (failure: Failure): Decide => settle('errored', failure);
export const cancel = (): Decide => settle('cancelled', null);

export const park =
  (failure: Failure): Decide =>
  (standing, now) => {
    const generation = inFlight(standing);
    if (generation === null || generation.state === 'review') return null;
    const parked = trail.park(trail.trailOf(generation), failure, standing.video.progress.stage, now);
    return { video: { state: 'review', failure }, generation: { state: 'review', failure, trail: parked }, events: ['video.review.requested'] };
  };

export const unpark = (): Decide => (standing, now) => {
  const generation = inFlight(standing);
  if (generation?.state !== 'review') return null;
  const retried = trail.retry(trail.trailOf(generation), standing.video.progress.stage, now);
  return {
    video: { state: 'preparing', failure: null },
    generation: { state: 'preparing', failure: null, trail: retried },
    events: ['video.updated'],
  };
};

/** The end of every story: it asks for no state, and no state follows on it (see `unlessDeleted`). */
export const deleteVideo = (): Decide => (standing, now) => {
  const open = standing.upload !== null && isOpenState(standing.upload.state);
  return {
    video: { state: 'deleted', deletedAt: now, playable: false, liveGeneration: null, failure: null, posterKey: null, storyboardKey: null },
    ...(open ? { upload: { state: 'cancelled', closedAt: now } } : {}),
    ...(inFlight(standing) ? { generation: { state: 'cancelled', failure: null, settledAt: now } } : {}),
    events: open ? ['upload.cancelled', 'video.deleted'] : ['video.deleted'],
  };
};

/** Every decision goes through here: whoever writes one need not think of tombstones. */
export const unlessDeleted =
  (decide: Decide): Decide =>
  (standing, now) =>
    standing.video.state === 'deleted' ? null : decide(standing, now);

const settle =
  (state: 'errored' | 'cancelled', failure: Failure | null): Decide =>
  (standing, now) => {
    const generation = inFlight(standing);
    if (generation === null) return null;
    const settled = { state, failure, settledAt: now, trail: trail.moveOn(trail.trailOf(generation), null, now) };
    const again = state === 'errored' ? 'video.reprocess.failed' : 'video.reprocess.cancelled';
    // A generation that was published before plays on: to its viewers nothing has happened, and its owner reads why not.
    if (standing.video.liveGeneration !== null) {
      const progress = { ...standing.video.progress, percent: 100, stage: 'publish' } as const;
      return { video: { state: 'ready', failure, playable: true, progress }, generation: settled, events: [again] };
    }
    // What this generation had made playable goes away with it.
    const events: EventType[] = [`video.${state}`];
    return { video: { state, failure, playable: false }, generation: settled, events: isAgain(generation) ? [...events, again] : events };
  };

/** Made because somebody wanted it once more. */
const isAgain = ({ begunBy }: GenerationRecord): boolean => begunBy !== null;

/** A file that came in one piece is one part. */
function sizesFound(upload: UploadRecord, sizeBytes: number): Pick<UploadRecord, 'sizeBytes' | 'partSizeBytes'> {
  const { partSizeBytes } = upload;
  return {
    sizeBytes: upload.sizeBytes ?? sizeBytes,
    partSizeBytes: partSizeBytes === null || upload.door === 'whole' ? Math.max(1, sizeBytes) : partSizeBytes,
  };
}

function openUpload(standing: Standing) {
  const awaited = standing.video.state === 'waiting' || standing.video.state === 'uploading';
  return standing.upload !== null && isOpenState(standing.upload.state) && awaited ? standing.upload : null;
}

/** The generation where it may still change: it is the video's own, and neither of them is settled. */
function inFlight({ video, generation }: Standing): GenerationRecord | null {
  if (generation === null || generation.generation !== video.generation || SETTLED_STATES.includes(video.state)) return null;
  return isBeingMade(generation.state) ? generation : null;
}

/** queued → preparing, where it is still queued. */
function begin(standing: Standing): Change {
  if (standing.generation?.state !== 'queued') return { events: [] };
  return { video: { state: 'preparing' }, generation: { state: 'preparing' }, events: ['video.updated'] };
}

const stageIndex = (progress: Progress): number => (progress.stage === null ? -1 : STAGES.indexOf(progress.stage));

/** Neither per cent nor stage falls, and one of them rises, or the chunks done where a chunk is less than one per cent. */
function rises(before: Progress, after: Progress): boolean {
  if (after.percent < before.percent || stageIndex(after) < stageIndex(before)) return false;
  return after.percent > before.percent || stageIndex(after) > stageIndex(before) || after.chunksDone > before.chunksDone;
}
