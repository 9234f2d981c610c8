import { isGrpcServiceError, WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Runs } from '../src/activities/runs.js';
import { PipelineError } from '../src/domain/errors.js';

const CALL_MS = 10_000;

/** The workflows of a namespace, over the worker's own connection. */
export function createTemporalRuns(connection: NativeConnection, namespace: string): Runs {
  const client = new WorkflowClient({ connection, namespace });
  /** What is not there, or has ended, is `absent`; everything else that goes wrong is tried again. */
  const ask = async <T>(call: () => Promise<T>, absent: T): Promise<T> => {
    try {
      return await connection.withDeadline(Date.now() + CALL_MS, call);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return absent;
      const grpc = isGrpcServiceError(error) ? error : error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : null;
      throw new PipelineError(grpc === null ? 'INTERNAL' : 'WORKFLOWS_UNAVAILABLE', { cause: error });
    }
  };
  return {
    isRunning: (workflowId) => ask(async () => (await client.getHandle(workflowId).describe()).status.name === 'RUNNING', false),
    cancel: (workflowId) => ask(async () => void (await client.getHandle(workflowId).cancel()), undefined),
    terminate: (workflowId, reason) => ask(async () => void (await client.getHandle(workflowId).terminate(reason)), undefined),
  };
}
