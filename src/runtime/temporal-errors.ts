/** How Temporal's client says that it is away, or was asked before: for whoever talks to it from outside a workflow. */
import { isGrpcServiceError, WorkflowExecutionAlreadyStartedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';

/** gRPC status codes of a service that is away, slow or busy: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, UNAVAILABLE. */
const AWAY: readonly number[] = [1, 2, 4, 8, 10, 14];

/** Whether asking again may help. */
export function isAway(error: unknown): boolean {
  const grpc = isGrpcServiceError(error) ? error : error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : null;
  return error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || (grpc !== null && AWAY.includes(grpc.code));
}

/** The server's name for an update whose workflow ended before it answered. */
export const ENDED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow';

/** For a start that is repeated: started before, running or ended, it never runs twice by this. */
export function unlessStarted(error: unknown): void {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
}
