import type { Catalogue } from '../catalogue/catalogue.js';
import type { OutboxEvent } from '../domain/event.js';
import { eventJson } from '../domain/event-json.js';
import type { Logger } from '../runtime/logger.js';
import { pause } from '../runtime/pause.js';

/** Looked at this often whether woken or not: what a notification that got lost costs. */
const LOOK_MS = 1_000;
/** Between two looks, however many notifications come: what is written at once is read at once. */
const LEAST_PAUSE_MS = 10;
/** Rows that one read brings. */
const PAGE = 500;
/** A follower's rows while it catches up: not more at a time than its buffer takes. */
const CATCH_UP_PAGE = 50;
/** Kept for a follower during one read; more, and it reads again. */
const MEANWHILE = 200;

export interface Scope {
  readonly tenantId: string;
  /** Only of this video. */
  readonly videoId?: string;
}

export interface Follower {
  /** Where it goes on: a position, or null for "from now on". */
  readonly after: number | null;
  /** Takes the next events, as frames in their order. Called while it catches up as well as live. */
  take(frames: readonly Frame[]): void;
  /** Called once, before anything is taken, where it follows "from now on": which position that is. */
  began?(position: number): void;
  /** Resolves once it has room for a page: it is read no further before. */
  room(): Promise<void>;
}

export interface Frame {
  readonly type: OutboxEvent['type'];
  /** Of server-sent events, with its id. */
  readonly text: string;
}

interface Following extends Follower {
  readonly scope: Scope;
  seen: number;
  /** Live: null. Else what was published during its read. */
  meanwhile: Followed[] | null;
  over: boolean;
}

interface Followed extends Frame {
  readonly position: number;
}

/**
 * The outbox, live, for all who follow it in this process: one listener and one reader, each event read once and told to
 * all whom it concerns. What is told always comes from the catalogue; a notification only says that it is time to read. While
 * nobody follows, nothing is read: it begins anew with the next one.
 *
 * Nobody misses an event or gets one twice: who comes with a position reads on from there by itself, until one short read
 * has everything that was visible; what was published during that read was kept for it, and from then on it is live.
 */
export function createEventFeed(deps: { readonly catalogue: Catalogue; readonly logger: Logger }) {
  const { catalogue, logger } = deps;
  const byTenant = new Map<string, Set<Following>>();
  const byVideo = new Map<string, Set<Following>>();
  const over = new AbortController();
  /** Everything up to here was published. null before the first look. */
  let position: number | null = null;
  let begun: Promise<void> | null = null;
  /** Followers that are about to be one. */
  let coming = 0;
  let woken = (): void => undefined;

  const publish = (events: readonly OutboxEvent[]): void => {
    // What came at once goes out at once: a write costs more than what it carries.
    const batches = new Map<Following, Followed[]>();
    for (const event of events) {
      const concerned = [...(byVideo.get(event.videoId) ?? []), ...(byTenant.get(event.tenantId) ?? [])];
      if (concerned.length === 0) continue;
      const frame = frameOf(event);
      for (const follower of concerned) {
        if (follower.scope.tenantId !== event.tenantId) continue;
        const batch = batches.get(follower);
        if (batch) batch.push(frame);
        else batches.set(follower, [frame]);
      }
    }
    for (const [follower, batch] of batches) tell(follower, batch);
  };

  const look = async (): Promise<void> => {
    for (let rows = PAGE; rows === PAGE && !over.signal.aborted; ) {
      const events = await catalogue.listEvents(position ?? 0, PAGE);
      publish(events);
      position = events.at(-1)?.position ?? position;
      rows = events.length;
    }
  };

  const isAlone = (): boolean => coming === 0 && byTenant.size === 0 && byVideo.size === 0;

  const run = async (): Promise<void> => {
    let away = false;
    while (!over.signal.aborted) {
      if (isAlone()) {
        // Both in one turn: who comes next finds nothing begun, and never a reader that has gone.
        begun = null;
        break;
      }
      const called = new Promise<void>((resolve) => {
        woken = resolve;
      });
      try {
        await look();
        if (away) logger.info('events can be read again');
        away = false;
      } catch (err) {
        // Those who follow wait; nothing is lost, since the position stands.
        if (!away && !over.signal.aborted) logger.warn({ err }, 'events cannot be read');
        away = true;
      }
      await pause(LEAST_PAUSE_MS, over.signal, { ref: false });
      await Promise.race([called, pause(LOOK_MS, over.signal, { ref: false })]);
    }
  };

  /** Together with its first look: who follows "from now on" follows from a moment after he asked. */
  const begin = async (): Promise<void> => {
    position = await catalogue.lastEventPosition();
    if (over.signal.aborted) return;
    const unwatch = catalogue.watchEvents(() => woken());
    void run().finally(unwatch);
  };

  const catchUp = async (follower: Following): Promise<void> => {
    while (!follower.over) {
      await follower.room();
      const meanwhile: Followed[] = [];
      follower.meanwhile = meanwhile;
      const { scope, seen: after } = follower;
      const events = await catalogue.listTenantEvents({ ...scope, after, limit: CATCH_UP_PAGE }).catch((err: unknown) => {
        logger.debug({ err }, 'events cannot be read');
        return null;
      });
      if (follower.over) return;
      hand(follower, (events ?? []).map(frameOf));
      if (events !== null && events.length < CATCH_UP_PAGE && meanwhile.length < MEANWHILE) {
        follower.meanwhile = null;
        hand(follower, meanwhile);
        return;
      }
      if (events === null) await pause(LOOK_MS, over.signal, { ref: false });
    }
  };

  return {
    /**
     * @returns ends it
     * @throws PipelineError CATALOGUE_UNAVAILABLE where it cannot be begun
     */
    async follow(scope: Scope, follower: Follower): Promise<() => void> {
      coming += 1;
      try {
        begun ??= begin().catch((error: unknown) => {
          begun = null;
          throw error;
        });
        await begun;
      } finally {
        coming -= 1;
      }
      const [index, key] = scope.videoId === undefined ? [byTenant, scope.tenantId] : [byVideo, scope.videoId];
      const following: Following = {
        after: follower.after,
        take: (frames) => follower.take(frames),
        room: () => follower.room(),
        scope,
        seen: follower.after ?? position ?? 0,
        meanwhile: follower.after === null ? null : [],
        over: false,
      };
      const set = index.get(key) ?? new Set();
      index.set(key, set.add(following));
      if (follower.after === null) follower.began?.(following.seen);
      if (follower.after !== null) void catchUp(following);
      return () => {
        following.over = true;
        set.delete(following);
        if (set.size === 0 && index.get(key) === set) index.delete(key);
      };
    },
    close: () => over.abort(),
  };
}
export type EventFeed = ReturnType<typeof createEventFeed>;

function tell(follower: Following, events: readonly Followed[]): void {
  if (follower.meanwhile === null) hand(follower, events);
  else if (follower.meanwhile.length < MEANWHILE) follower.meanwhile.push(...events);
}

/** Only what it has not had: a read may have been ahead of the publishing. */
function hand(follower: Following, events: readonly Followed[]): void {
  const fresh = events.filter((event) => event.position > follower.seen);
  follower.seen = fresh.at(-1)?.position ?? follower.seen;
  if (fresh.length > 0) follower.take(fresh);
}

function frameOf(event: OutboxEvent): Followed {
  const { position, id, type } = event;
  return { position, type, text: `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(eventJson(event))}\n\n` };
}
