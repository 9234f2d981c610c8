export const EVENT_TYPES = [
  'upload.created',
  'upload.completed',
  'upload.expired',
  'upload.cancelled',
  'video.created',
  'video.updated',
  'video.playable',
  'video.ready',
  'video.errored',
  'video.review.requested',
  'video.cancelled',
  'video.deleted',
  'video.reprocess.started',
  'video.reprocess.published',
  'video.reprocess.failed',
  'video.reprocess.cancelled',
  'video.rolled_back',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** One row of the outbox, written in the same transaction as the change that it tells of. */
export interface OutboxEvent {
  /** Rises over all tenants; the cursor for readers. */
  readonly position: number;
  readonly id: string;
  readonly tenantId: string;
  readonly videoId: string;
  /** 1, 2, 3 … without a gap per video. */
  readonly sequence: number;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
}
