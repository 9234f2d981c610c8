import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowClient } from '@temporalio/client';
import { workflowId } from '../../src/workflows/contract.js';
import type { Point, Sight, UploadIds } from './points.js';
import { type Exchange, NO_WATCH, type Watch } from './watch.js';

/** Between two looks at a history. Milliseconds. */
const LOOK_MS = 4;

export interface Trap {
  /** To be put on the lines of the stack. */
  readonly watch: Watch;
  /** Resolves when the point was reached and `spring` was done. */
  readonly sprung: Promise<void>;
}

/**
 * Waits for one upload to reach a point, then runs `spring`, once, while whatever was seen is held.
 * @param signal ends the looking
 */
export function setTrap(options: {
  readonly point: Point;
  readonly ids: UploadIds;
  readonly client: WorkflowClient;
  readonly spring: () => Promise<void>;
  readonly signal: AbortSignal;
}): Trap {
  const { point, ids, client, spring, signal } = options;
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const sprung = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  let set = true;
  const snap = async (): Promise<void> => {
    if (!set) return;
    set = false;
    await spring().then(resolve, reject);
  };
  const { sight } = point;
  if (sight.by === 'event') lookAt(sight, ids, client, signal).then((seen) => (seen ? snap() : undefined), reject);
  const watch: Watch = {
    ...NO_WATCH,
    async meet(exchange) {
      if (sight.by === 'request' && isIt(sight, exchange, ids)) await snap();
      return null;
    },
    answered: (exchange) => (sight.by === 'answer' && isIt(sight, exchange, ids) ? snap() : undefined),
    statement: (line, statement, before) =>
      sight.by === 'statement' && sight.line === line && sight.is(statement, before, ids) ? snap() : undefined,
    committed: (line, statements) => (sight.by === 'committed' && sight.line === line && sight.is(statements, ids) ? snap() : undefined),
  };
  return { watch, sprung };
}

/** Keys of S3 and addresses of the API both name the upload. */
const isIt = (sight: Sight & { by: 'request' | 'answer' }, exchange: Exchange, { uploadId }: UploadIds): boolean =>
  sight.line === exchange.line && sight.operation === exchange.operation && exchange.url.includes(uploadId);

/** Asks for the history until the event stands there. */
async function lookAt(
  sight: Sight & { by: 'event' },
  { uploadId, videoId }: UploadIds,
  client: WorkflowClient,
  signal: AbortSignal,
): Promise<boolean> {
  const id = sight.workflow === 'upload' ? workflowId.upload(uploadId) : workflowId.processVideo(videoId, 1);
  while (!signal.aborted) {
    // Not there yet, or Temporal is away: asked again until the time is up.
    const history = await client
      .getHandle(id)
      .fetchHistory()
      .catch(() => null);
    if (history?.events?.some((event) => event[sight.event])) return true;
    await sleep(LOOK_MS);
  }
  return false;
}
