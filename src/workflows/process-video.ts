import {
  CancellationScope,
  condition,
  defineUpdate,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { Failure } from '../domain/artefact.js';
import { ERROR_CODES } from '../domain/errors.js';
import type { GenerationRef } from '../domain/keys.js';
import { audioName, type Decision, type Plan } from '../domain/plan.js';
import type { Probe } from '../domain/probe.js';
import { damageWish } from '../domain/recipe.js';
import { sizeClassFor } from '../domain/size-class.js';
import { progressAt, type Stage } from '../domain/video.js';
import { control, encode, heavy, inspect, note, settle } from './activity-proxies.js';
import { type ProcessVideoInput, type ProcessVideoResult, type Resolution, VIDEO_RESOLVE, workflowId } from './contract.js';
import { type StageRow, stageTable } from './details.js';
import { encodeChunks } from './encode-chunks.js';
import { failureOf, isOwnersFault, Rejected } from './failures.js';
import { growing } from './growing.js';

const resolveUpdate = defineUpdate<void, [Resolution]>(VIDEO_RESOLVE);

/**
 * One generation of one video, from the complete source to its publication:
 * inspect → plan → (chunks ∥ audio) → pictures → package → verify → publish.
 *
 * A stage that fails through the file's own fault ends the video as errored. Any other failure that retries do not
 * cure parks it in review, and the Update `resolve` re-runs that stage only. Publishing is the pivot: before it
 * everything is taken back on a refusal or a cancel; after it there is only forward.
 */
export async function processVideo(input: ProcessVideoInput): Promise<ProcessVideoResult> {
  const at: GenerationRef = { videoId: input.videoId, generation: input.generation };
  const rows: StageRow[] = [];
  let plan: Plan | null = null;
  let findings: readonly Decision[] = [];
  let review: Failure | null = null;
  let resolution: Resolution | null = null;
  const show = (): void => setCurrentDetails(stageTable(rows, plan, review, findings));

  setHandler(
    resolveUpdate,
    (answer) => {
      resolution = answer;
    },
    {
      validator: (answer) => {
        if (review === null) throw new Error('This video is not in review.');
        if (answer.action !== 'retry' && answer.action !== 'reject') throw new Error('The action must be "retry" or "reject".');
      },
    },
  );
  upsertSearchAttributes({ ReelmillTenantId: [input.tenantId], ReelmillVideoId: [input.videoId], ReelmillNeedsReview: [false] });

  /** Runs one stage until it succeeds, is the owner's fault, or a person says no. */
  const stage = async <T>(name: Stage, work: () => Promise<T>): Promise<T> => {
    for (;;) {
      const begun: StageRow = { stage: name, startedMs: Date.now(), endedMs: null, failure: null };
      rows.push(begun);
      upsertSearchAttributes({ ReelmillStage: [name] });
      show();
      try {
        if (name !== 'encode') await note.saveProgress(at, progressAt(name, 0, 0));
        const result = await work();
        rows[rows.length - 1] = { ...begun, endedMs: Date.now() };
        show();
        return result;
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = failureOf(error);
        rows[rows.length - 1] = { ...begun, endedMs: Date.now(), failure };
        upsertSearchAttributes({ ReelmillFailureCode: [failure.code] });
        if (isOwnersFault(failure)) throw new Rejected(failure);
        await parked(failure);
      }
    }
  };
  const parked = async (failure: Failure): Promise<void> => {
    [review, resolution] = [failure, null];
    upsertSearchAttributes({ ReelmillNeedsReview: [true], ReelmillStage: ['review'] });
    show();
    await settle.parkVideo(at, failure);
    await condition(() => resolution !== null);
    const answer = resolution as Resolution | null;
    review = null;
    upsertSearchAttributes({ ReelmillNeedsReview: [false] });
    if (answer?.action === 'reject') throw new Rejected(failure);
    await settle.unparkVideo(at);
  };

  try {
    const probe = await stage('inspect', async () => cuttable(input, await inspect.inspectSource(await control.loadSource(at))));
    const decided = await stage('plan', () => control.planVideo(at, probe));
    plan = decided;
    await stage('encode', async () => {
      await together([() => encodeAll(input, decided), ...trackTasks(input, decided)]);
      await heavy.makeImages(at);
    });
    findings = (await stage('package', () => heavy.packageVideo(at))).findings ?? [];
    await stage('verify', () => heavy.verifyVideo(at));
    await stage('publish', () => settle.publishVideo(at));
  } catch (error) {
    return await CancellationScope.nonCancellable(() => takeBack(at, error, show));
  }
  await settle.closeGrowing(at);
  await settle.sweepGeneration(at);
  return { state: 'published', generation: input.generation };
}

/** What has no index by which it can be cut is put into a container that has one, once. */
async function cuttable(input: ProcessVideoInput, probe: Probe): Promise<Probe> {
  if (probe.seekable !== false) return probe;
  const to = { sizeClass: sizeClassFor(probe.video), tenantId: input.tenantId, chunksBefore: 0 };
  return encode('remux', to).remuxSource({ videoId: input.videoId, generation: input.generation, probe });
}

/** The main sound, which players wait for; beside it what the plan has of other tracks, and plans of before have none. */
function trackTasks({ videoId, generation, ...at }: ProcessVideoInput, plan: Plan): (() => Promise<unknown>)[] {
  const to = { ...plan, chunksBefore: 0 };
  const others = (plan.extraAudio ?? []).map(audioName);
  return [
    ...(plan.audio ? [() => encodeSound({ ...at, videoId, generation }, plan)] : []),
    ...others.map((track) => () => encode(track, to).encodeAudio({ videoId, generation, track })),
    ...(plan.subtitles ? [() => encode('subtitles', to).extractSubtitles({ videoId, generation })] : []),
  ];
}

async function encodeSound(at: ProcessVideoInput, plan: Plan): Promise<void> {
  await encode('audio', { ...plan, chunksBefore: 0 }).encodeAudio({ videoId: at.videoId, generation: at.generation });
  // Sound is often the last that a player waits for before it can begin.
  await growing({ videoId: at.videoId, generation: at.generation });
}

function encodeAll(input: ProcessVideoInput, plan: Plan): Promise<void> {
  return executeChild(encodeChunks, {
    workflowId: workflowId.encodeChunks(input.videoId, input.generation),
    args: [
      {
        ...{ videoId: input.videoId, generation: input.generation, tenantId: input.tenantId, grid: plan.grid, sizeClass: plan.sizeClass },
        damaged: damageWish(plan),
      },
    ],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    // A retry after review runs it again; one that succeeded is never run twice.
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    staticSummary: `${plan.grid.chunkCount} chunks × ${plan.rungs.map((rung) => rung.name).join(', ')}`,
  });
}

/** Runs all at once; the first failure cancels the others, and none is left running behind. */
async function together(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  await CancellationScope.cancellable(async () => {
    let first: unknown = null;
    const scope = CancellationScope.current();
    const guarded = tasks.map(async (task) => {
      try {
        await task();
      } catch (error) {
        first ??= error;
        scope.cancel();
      }
    });
    await Promise.all(guarded);
    if (first !== null) throw first;
  });
}

/** Nothing can be taken back once players have it: a publish whose answer was lost counts. */
async function takeBack(at: GenerationRef, error: unknown, show: () => void): Promise<ProcessVideoResult> {
  const published = { state: 'published', generation: at.generation } as const;
  if (isCancellation(error)) {
    const failure: Failure = { code: 'CANCELLED', message: ERROR_CODES.CANCELLED.text };
    return (await settle.cancelVideo(at)) ? { state: 'cancelled', failure } : published;
  }
  if (!(error instanceof Rejected)) throw error;
  show();
  return (await settle.rejectVideo(at, error.failure)) ? { state: 'errored', failure: error.failure } : published;
}
