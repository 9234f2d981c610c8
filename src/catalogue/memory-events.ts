import type { OutboxEvent } from '../domain/event.js';
import type { Catalogue } from './catalogue.js';
import { newEventId } from './drafts.js';
import type { EventDraft } from './standing.js';

/** The outbox of the memory adapter. */
export function createMemoryEvents() {
  const events: OutboxEvent[] = [];
  const watchers = new Set<() => void>();
  const reads: Pick<Catalogue, 'listEvents' | 'listTenantEvents' | 'findEventPosition' | 'lastEventPosition' | 'watchEvents'> = {
    listEvents: async (after, limit) => structuredClone(events.filter((event) => event.position > after).slice(0, limit)),
    async listTenantEvents({ tenantId, videoId, after, limit }) {
      const wanted = events.filter((event) => event.tenantId === tenantId && (videoId === undefined || event.videoId === videoId));
      return structuredClone(wanted.filter((event) => event.position > after).slice(0, limit));
    },
    async findEventPosition(tenantId, eventId) {
      return events.find((event) => event.tenantId === tenantId && event.id === eventId)?.position ?? null;
    },
    lastEventPosition: async () => events.length,
    watchEvents(wake) {
      const watcher = (): void => wake();
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
  return {
    all: events as readonly OutboxEvent[],
    reads,
    append(drafts: readonly EventDraft[]): void {
      for (const draft of drafts) events.push({ ...draft, id: newEventId(), position: events.length + 1 });
      // Once the change that they tell of is whole.
      if (drafts.length > 0) for (const wake of watchers) queueMicrotask(wake);
    },
  };
}
