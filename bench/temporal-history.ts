import type { Client, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { HistoryEvent } from './activity-times.js';

export interface HistoryFacts {
  readonly events: readonly HistoryEvent[];
  /** As the server counts it. */
  readonly sizeBytes: number;
}

type Raw = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** The whole history of the newest run of a workflow. */
export async function readHistory(client: Client, workflowId: string): Promise<HistoryFacts> {
  const handle = client.workflow.getHandle(workflowId);
  const [history, { historySize }] = await Promise.all([handle.fetchHistory(), handle.describe()]);
  return { events: (history.events ?? []).map(eventOf), sizeBytes: historySize ?? 0 };
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
