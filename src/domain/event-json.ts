import type { OutboxEvent } from './event.js';

/** An event as everyone outside reads it: in streams, in lists and in webhooks alike. Names as the API has them. */
export interface EventJson {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created_at: string;
  readonly video_id: string;
  /** 1, 2, 3 … without a gap per video. */
  readonly sequence: number;
  /** Thin: how the video stood with this event. Who wants more reads the video. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function eventJson(event: OutboxEvent): EventJson {
  const { id, type, createdAt, videoId, sequence, data } = event;
  const { state, liveGeneration, failure, upload, ...same } = data;
  const errors = isFailure(failure) ? [{ code: failure.code, message: failure.message }] : [];
  return {
    id,
    object: 'event',
    type,
    created_at: createdAt,
    video_id: videoId,
    sequence,
    data: { status: state, ...same, live_generation: liveGeneration ?? null, errors, ...(isUpload(upload) ? { upload: uploadOf(upload) } : {}) },
  };
}

const uploadOf = ({ id, state }: { id: unknown; state: unknown }): Record<string, unknown> => ({ id, status: state });

const isUpload = (value: unknown): value is { id: unknown; state: unknown } => typeof value === 'object' && value !== null;
const isFailure = (value: unknown): value is { code: unknown; message: unknown } => typeof value === 'object' && value !== null;
