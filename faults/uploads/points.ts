import { createRandom } from '../random.js';
import type { Operation } from './operations.js';
import { mentions, type Statement } from './postgres-wire.js';
import type { Victim } from './schedule.js';
import type { Line } from './watch.js';

/** The upload that a point is about. */
export interface UploadIds {
  readonly uploadId: string;
  readonly videoId: string;
}

/** Events of Temporal's histories that are points, by the name of their attributes. */
export type HistoryEvent =
  | 'workflowExecutionUpdateAcceptedEventAttributes'
  | 'activityTaskCompletedEventAttributes'
  | 'workflowExecutionUpdateCompletedEventAttributes'
  | 'startChildWorkflowExecutionInitiatedEventAttributes'
  | 'childWorkflowExecutionStartedEventAttributes'
  | 'workflowExecutionCompletedEventAttributes'
  | 'workflowTaskStartedEventAttributes';

/**
 * How a point is seen from outside.
 * - `request`: it has come to the proxy, and is held. `answer`: the server has done it, and nobody has heard.
 * - `statement`: PostgreSQL has not got it yet. `committed`: it has committed it, and nobody has heard.
 * - `event`: stands in the history; found by asking again and again, so a few milliseconds late.
 */
export type Sight =
  | { readonly by: 'request' | 'answer'; readonly line: Line; readonly operation: Operation }
  | { readonly by: 'statement'; readonly line: Line; readonly is: (statement: Statement, before: readonly Statement[], ids: UploadIds) => boolean }
  | { readonly by: 'committed'; readonly line: Line; readonly is: (statements: readonly Statement[], ids: UploadIds) => boolean }
  | { readonly by: 'event'; readonly workflow: 'upload' | 'video'; readonly event: HistoryEvent };

export interface Point {
  readonly name: string;
  readonly sight: Sight;
}

const about = (statement: Statement, pattern: RegExp, { uploadId }: UploadIds): boolean =>
  pattern.test(statement.text) && mentions(statement, uploadId);
const UPDATES_UPLOAD = /^update "uploads"/i;
const completes = (statements: readonly Statement[], ids: UploadIds): boolean =>
  statements.some((statement) => about(statement, UPDATES_UPLOAD, ids));

const http = (name: string, by: 'request' | 'answer', line: Line, operation: Operation): Point => ({ name, sight: { by, line, operation } });
const event = (name: string, workflow: 'upload' | 'video', of: HistoryEvent): Point => ({ name, sight: { by: 'event', workflow, event: of } });
const statement = (name: string, line: Line, is: (Sight & { by: 'statement' })['is']): Point => ({ name, sight: { by: 'statement', line, is } });

/** Everything between "the last part is sent" and "its video is being processed", in the order in which it happens. */
export const POINTS: readonly Point[] = [
  http('last-part-answer', 'answer', 'client → S3', 'UploadPart'),
  http('api-complete-request', 'request', 'client → API', 'completeUpload'),
  statement('api-finds-upload', 'API → PostgreSQL', (sent, _before, ids) => about(sent, /^select .* from "uploads"/is, ids)),
  event('update-accepted', 'upload', 'workflowExecutionUpdateAcceptedEventAttributes'),
  statement('activity-finds-upload', 'control → PostgreSQL', (sent, _before, ids) => about(sent, /^select .* from "uploads"/is, ids)),
  http('s3-list-parts-request', 'request', 'control → S3', 'ListParts'),
  http('s3-list-parts-answer', 'answer', 'control → S3', 'ListParts'),
  http('s3-complete-request', 'request', 'control → S3', 'CompleteMultipartUpload'),
  http('s3-complete-answer', 'answer', 'control → S3', 'CompleteMultipartUpload'),
  http('s3-head-request', 'request', 'control → S3', 'HeadObject'),
  http('s3-head-answer', 'answer', 'control → S3', 'HeadObject'),
  statement('pg-lock', 'control → PostgreSQL', (sent, _before, ids) => about(sent, /for no key update/i, ids)),
  statement('pg-update-upload', 'control → PostgreSQL', (sent, _before, ids) => about(sent, UPDATES_UPLOAD, ids)),
  statement('pg-commit', 'control → PostgreSQL', (sent, before, ids) => /^commit\b/i.test(sent.text) && completes(before, ids)),
  { name: 'pg-committed', sight: { by: 'committed', line: 'control → PostgreSQL', is: completes } },
  event('activity-completed', 'upload', 'activityTaskCompletedEventAttributes'),
  event('update-completed', 'upload', 'workflowExecutionUpdateCompletedEventAttributes'),
  http('api-complete-answer', 'answer', 'client → API', 'completeUpload'),
  event('child-initiated', 'upload', 'startChildWorkflowExecutionInitiatedEventAttributes'),
  event('child-started', 'upload', 'childWorkflowExecutionStartedEventAttributes'),
  event('upload-completed', 'upload', 'workflowExecutionCompletedEventAttributes'),
  event('video-running', 'video', 'workflowTaskStartedEventAttributes'),
];

export type PointVictim = Exclude<Victim, 'client'>;
export const VICTIMS: readonly PointVictim[] = ['API', 'control worker', 'Temporal'];

export interface PlannedKill {
  readonly number: number;
  readonly point: Point;
  readonly victim: PointVictim;
}

/** `count` pairs of point and victim in an order that the seed decides, no pair twice; all of them where there are no more. */
export function drawKills(seed: number, count: number): PlannedKill[] {
  const pairs = POINTS.flatMap((point) => VICTIMS.map((victim) => ({ point, victim })));
  return createRandom(seed)
    .shuffle(pairs)
    .slice(0, count)
    .map((pair, index) => ({ number: index + 1, ...pair }));
}

export const ALL_KILLS = POINTS.length * VICTIMS.length;
