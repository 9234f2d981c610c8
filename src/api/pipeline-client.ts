/** The only file of the API with a Temporal client. */
import { createHash } from 'node:crypto';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { isErrorCode, PipelineError } from '../domain/errors.js';
import type { Logger } from '../runtime/logger.js';
import { ENDED_MEANWHILE, isAway, unlessStarted } from '../runtime/temporal-errors.js';
import {
  UPLOAD_ABORT,
  UPLOAD_COMPLETE,
  UPLOAD_REFUSE,
  UPLOAD_WATCH,
  type UploadOutcome,
  VIDEO_RESOLVE,
  WORKFLOWS,
  workflowId,
} from '../workflows/contract.js';
import { deletionStart, takeInStart, uploadStart, videoStart } from '../workflows/start-upload.js';
import type { Pipeline } from './pipeline.js';

export interface TemporalOptions {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  /** PEM texts of a client certificate. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly apiKey?: string;
  readonly logger: Logger;
  readonly limits?: Partial<Limits>;
}

interface Limits {
  /** For a call that the Temporal server answers by itself. */
  readonly callMs: number;
  /** How long one request waits for an update; the update goes on, and the client asks again. */
  readonly waitMs: number;
  /** How long an update is listened to on behalf of all that wait: completing 10 GB takes some S3 servers minutes. */
  readonly updateMs: number;
}

const LIMITS: Limits = { callMs: 8_000, waitMs: 30_000, updateMs: 120_000 };

/** Connects at the first call, and again whenever the server was away: it need not be up when the API starts. */
export function createTemporalPipeline(options: TemporalOptions): Pipeline {
  const limits = { ...LIMITS, ...options.limits };
  const connection = Connection.lazy({
    address: options.address,
    ...(options.tls ? { tls: { clientCertPair: { crt: Buffer.from(options.tls.cert), key: Buffer.from(options.tls.key) } } } : {}),
    ...(options.apiKey ? { apiKey: options.apiKey } : {}),
    // gRPC's own limit is two minutes: the API would stay blind that long after Temporal is back.
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 3_000 },
  });
  const client = new Client({ connection, namespace: options.namespace });
  const flights = new Map<string, Promise<unknown>>();

  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + ms, call).catch(translate);

  /** One update at a time per name and workflow in this process: parallel callers get the same answer. */
  const update = async <T>(id: string, name: string, ...args: [] | [unknown]): Promise<Answer<T> | null> => {
    const key = `${name} ${id} ${JSON.stringify(args)}`;
    let flight = flights.get(key) as Promise<Answer<T> | null> | undefined;
    if (!flight) {
      const handle = client.workflow.getHandle(id);
      const call = (): Promise<T> => (args.length === 0 ? handle.executeUpdate<T, []>(name) : handle.executeUpdate<T, [unknown]>(name, { args }));
      flight = within(limits.updateMs, call).then((value) => ({ value }), nullWhereGone);
      flights.set(key, flight);
      // Also settles it where every caller has stopped waiting.
      flight.then(
        () => flights.delete(key),
        (err: unknown) => {
          flights.delete(key);
          options.logger.debug({ err, workflow_id: id, update: name }, 'an update got no answer');
        },
      );
    }
    return await atMost(flight, limits.waitMs);
  };

  return {
    async startUpload(input) {
      await within(limits.callMs, () => client.workflow.start(WORKFLOWS.upload, uploadStart(input))).catch(unlessStarted);
    },
    async takeIn(key) {
      await within(limits.callMs, () => client.workflow.start(WORKFLOWS.takeIn, takeInStart(key, createHash('sha256').update(key).digest('hex'))));
    },
    async completeUpload(uploadId) {
      return (await update<UploadOutcome>(workflowId.upload(uploadId), UPLOAD_COMPLETE))?.value ?? null;
    },
    async abortUpload(uploadId) {
      return (await update<UploadOutcome>(workflowId.upload(uploadId), UPLOAD_ABORT))?.value ?? null;
    },
    async refuseUpload(uploadId, failure) {
      return (await update<UploadOutcome>(workflowId.upload(uploadId), UPLOAD_REFUSE, failure))?.value ?? null;
    },
    async watchUpload(uploadId) {
      const told = within(limits.callMs, () => client.workflow.getHandle(workflowId.upload(uploadId)).signal(UPLOAD_WATCH));
      return await told.then(() => 'watching' as const, nullWhereGone);
    },
    async resolveVideo(videoId, generation, resolution) {
      const answer = await update<void>(workflowId.processVideo(videoId, generation), VIDEO_RESOLVE, resolution);
      return answer === null ? null : 'accepted';
    },
    async startVideo(input) {
      await within(limits.callMs, () => client.workflow.start(WORKFLOWS.processVideo, videoStart(input))).catch(unlessStarted);
    },
    async startDeletion(input) {
      await within(limits.callMs, () => client.workflow.start(WORKFLOWS.deleteVideo, deletionStart(input))).catch(unlessStarted);
    },
    async ping() {
      await within(2_000, () => connection.workflowService.describeNamespace({ namespace: options.namespace }));
    },
    async close() {
      await connection.close();
    },
  };
}

/** Keeps "answered with nothing" apart from "no such workflow". */
interface Answer<T> {
  readonly value: T;
}

function nullWhereGone(error: unknown): null {
  if (error instanceof WorkflowNotFoundError) return null;
  if (error instanceof WorkflowUpdateFailedError && hasEnded(error)) return null;
  throw error;
}

/** It ended before it answered; or it was cancelled while it worked on the answer, which is its end too. */
function hasEnded({ cause }: WorkflowUpdateFailedError): boolean {
  const reason = cause instanceof ActivityFailure ? cause.cause : cause;
  return reason instanceof CancelledFailure || (reason instanceof ApplicationFailure && reason.type === ENDED_MEANWHILE);
}

function translate(error: unknown): never {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) throw error;
  if (error instanceof WorkflowUpdateFailedError) {
    if (hasEnded(error)) throw error;
    const type = error.cause instanceof ApplicationFailure ? error.cause.type : null;
    if (isErrorCode(type)) throw new PipelineError(type, { cause: error });
    // A validator's refusal: the workflow is not in a state that takes this update.
    throw new PipelineError('CONFLICT', { cause: error, ...(error.cause ? { note: error.cause.message } : {}) });
  }
  throw new PipelineError(isAway(error) ? 'WORKFLOWS_UNAVAILABLE' : 'INTERNAL', { cause: error });
}

async function atMost<T>(flight: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new PipelineError('WORKFLOWS_UNAVAILABLE', { details: { waitedMs: ms } })), ms);
  });
  try {
    return await Promise.race([flight, late]);
  } finally {
    clearTimeout(timer);
  }
}
