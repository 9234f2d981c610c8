import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { temporal } from '@temporalio/proto';
import type { HistoryEvent } from './activity-times.js';

export interface HistoryFacts {
  readonly events: readonly HistoryEvent[];
  /** As the server stores it, encoded. */
  readonly sizeBytes: number;
}

type Raw = temporal.api.history.v1.IHistoryEvent;

/** The whole history of the newest run of a workflow. */
export async function readHistory(client: Client, workflowId: string): Promise<HistoryFacts> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  return { events: (history.events ?? []).map(eventOf), sizeBytes: temporal.api.history.v1.History.encode(history).finish().byteLength };
}

function eventOf(raw: Raw): HistoryEvent {
  const { activityTaskScheduledEventAttributes: scheduled, activityTaskStartedEventAttributes: started } = raw;
  const { activityTaskCompletedEventAttributes: completed } = raw;
  const payload = completed?.result?.payloads?.[0];
  return {
    id: Number(raw.eventId),
    atMs: tsToMs(raw.eventTime),
    kind: scheduled ? 'scheduled' : started ? 'started' : completed ? 'completed' : 'other',
    activity: scheduled?.activityType?.name ?? null,
    scheduledId: Number((started ?? completed)?.scheduledEventId ?? 0) || null,
    result: payload ? defaultPayloadConverter.fromPayload(payload) : null,
  };
}
