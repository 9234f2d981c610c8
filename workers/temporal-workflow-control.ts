/** The adapter of activities/workflow-control.ts: what activities may ask of Temporal. */
import { createHash } from 'node:crypto';
import {
  ApplicationFailure,
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import pLimit from 'p-limit';
import type { WorkflowControl } from '../src/activities/workflow-control.js';
import type { Failure } from '../src/domain/artefact.js';
import { isErrorCode, PipelineError } from '../src/domain/errors.js';
import type { Standing } from '../src/domain/reconcile.js';
import type { UploadOutcome } from '../src/domain/upload.js';
import { ENDED_MEANWHILE, isAway, unlessStarted } from '../src/runtime/temporal-errors.js';
import { type ProcessVideoInput, UPLOAD_ABORT, UPLOAD_COMPLETE, UPLOAD_REFUSE, WORKFLOWS, workflowId } from '../src/workflows/contract.js';
import { deletionStart, takeInStart, uploadInput, uploadStart, videoStart } from '../src/workflows/start-upload.js';

/** For a call that the server answers by itself, and for an update that a workflow answers. Under the activities' 30 s. */
const CALL_MS = 8_000;
const UPDATE_MS = 25_000;
/** Questions to the server at a time. */
const PARALLEL = 16;
/** Marks a run that reconciling started after one that did not end well: it is not started a third time. */
const MARK = 'reconciled';

export function createWorkflowControl(client: Client, connection: Pick<NativeConnection, 'withDeadline'>): WorkflowControl {
  const limit = pLimit(PARALLEL);
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + ms, call).catch(translate);

  const standingOf = async (id: string): Promise<Standing> => {
    try {
      const { status, memo } = await within(CALL_MS, () => client.workflow.getHandle(id).describe());
      if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return 'running';
      if (status.name === 'COMPLETED') return 'completed';
      return memo?.[MARK] === true ? 'failed again' : 'failed';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'unknown';
      throw error;
    }
  };
  const standings = (ids: readonly string[]): Promise<Standing[]> => Promise.all(ids.map((id) => limit(() => standingOf(id))));

  const update = async (uploadId: string, name: string, ...args: [] | [Failure]): Promise<UploadOutcome | null> => {
    const handle = client.workflow.getHandle(workflowId.upload(uploadId));
    try {
      return await within(UPDATE_MS, () =>
        args.length === 0 ? handle.executeUpdate<UploadOutcome, []>(name) : handle.executeUpdate<UploadOutcome, [Failure]>(name, { args }),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  return {
    uploadStandings: (ids) => standings(ids.map(workflowId.upload)),
    videoStandings: (generations) => standings(generations.map(({ videoId, generation }) => workflowId.processVideo(videoId, generation))),

    deletionStandings: (videoIds) => standings(videoIds.map(workflowId.deleteVideo)),

    async startUpload(upload, how) {
      const start = uploadStart(uploadInput(upload));
      const { workflowIdReusePolicy, memo } = policyOf(how);
      await within(CALL_MS, () =>
        client.workflow.start(WORKFLOWS.upload, { ...start, workflowIdReusePolicy, memo: { ...start.memo, ...memo } }),
      ).catch(unlessStarted);
    },

    async startVideo(row, how) {
      const { videoId, tenantId, generation, fileName, sizeBytes } = row;
      const video: ProcessVideoInput = { videoId, tenantId, generation, fileName, sizeBytes };
      await within(CALL_MS, () =>
        client.workflow.start(WORKFLOWS.processVideo, {
          ...videoStart(video),
          ...policyOf(how),
        }),
      ).catch(unlessStarted);
    },

    async startDeletion({ videoId, tenantId }, how) {
      const { workflowIdReusePolicy, memo } = policyOf(how);
      await within(CALL_MS, () =>
        client.workflow.start(WORKFLOWS.deleteVideo, { ...deletionStart({ videoId, tenantId }), workflowIdReusePolicy, memo }),
      ).catch(unlessStarted);
    },

    completeUpload: (uploadId) => update(uploadId, UPLOAD_COMPLETE),
    abortUpload: (uploadId) => update(uploadId, UPLOAD_ABORT),
    refuseUpload: (uploadId, failure) => update(uploadId, UPLOAD_REFUSE, failure),

    async takeIn(key) {
      await within(CALL_MS, () => client.workflow.start(WORKFLOWS.takeIn, takeInStart(key, createHash('sha256').update(key).digest('hex'))));
    },
  };
}

const policyOf = (how: 'first' | 'again') =>
  how === 'again'
    ? ({ workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY', memo: { [MARK]: true } } as const)
    : ({ workflowIdReusePolicy: 'REJECT_DUPLICATE', memo: {} } as const);

function translate(error: unknown): never {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) throw error;
  if (error instanceof WorkflowUpdateFailedError) {
    const type = codeBehind(error);
    if (type === ENDED_MEANWHILE) throw new PipelineError('WORKFLOWS_UNAVAILABLE', { note: 'The session ended while it was asked.', cause: error });
    throw new PipelineError(isErrorCode(type) ? type : 'INTERNAL', { cause: error });
  }
  throw new PipelineError(isAway(error) ? 'WORKFLOWS_UNAVAILABLE' : 'INTERNAL', { cause: error });
}

/** An update that failed carries the failure of the activity behind it. */
function codeBehind(error: Error): string | null | undefined {
  let cause: unknown = error;
  while (cause instanceof Error && !(cause instanceof ApplicationFailure)) cause = cause.cause;
  return cause instanceof ApplicationFailure ? cause.type : null;
}
