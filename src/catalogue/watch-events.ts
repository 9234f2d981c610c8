import pg from 'pg';

/** As the migration names it. */
const CHANNEL = 'reelmill_events';
const CONNECT_MS = 5_000;
/** Between two attempts to listen. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Listens to the outbox over a connection of its own, which is made anew whenever it breaks; then, too, everyone is woken,
 * since nobody knows what was missed. A connection that has fallen silent looks like an outbox that does not grow: whoever
 * watches looks by himself at times.
 *
 * Many may watch; the connection is there while anyone does.
 */
export function createEventWatch(options: { readonly databaseUrl: string; readonly applicationName: string }) {
  const watchers = new Set<() => void>();
  let stop: (() => void) | null = null;

  const wakeAll = (): void => {
    for (const wake of watchers) wake();
  };
  const listen = (): (() => void) => {
    let ended = false;
    let pauseMs = FIRST_PAUSE_MS;
    let timer: NodeJS.Timeout | undefined;
    let client: pg.Client | null = null;
    const connect = (): void => {
      const mine = new pg.Client({
        connectionString: options.databaseUrl,
        application_name: `${options.applicationName} listens`,
        connectionTimeoutMillis: CONNECT_MS,
        keepAlive: true,
        keepAliveInitialDelayMillis: 10_000,
      });
      client = mine;
      let over = false;
      const again = (): void => {
        if (over) return;
        over = true;
        // Broken or never made: either way there is nothing of it to keep.
        mine.end().catch(() => undefined);
        if (ended) return;
        timer = setTimeout(connect, pauseMs * (0.5 + Math.random() / 2));
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      };
      mine.on('notification', wakeAll);
      mine.on('error', again);
      mine.on('end', again);
      mine
        .connect()
        .then(() => mine.query(`listen ${CHANNEL}`))
        .then(() => {
          pauseMs = FIRST_PAUSE_MS;
          wakeAll();
        })
        .catch(again);
    };
    connect();
    return () => {
      ended = true;
      clearTimeout(timer);
      // Nobody listens any more: how its end goes concerns nobody.
      client?.end().catch(() => undefined);
    };
  };

  return {
    watch(wake: () => void): () => void {
      // An entry of his own: the same function may watch twice.
      const watcher = (): void => wake();
      watchers.add(watcher);
      stop ??= listen();
      return () => {
        watchers.delete(watcher);
        if (watchers.size > 0) return;
        stop?.();
        stop = null;
      };
    },
    close(): void {
      watchers.clear();
      stop?.();
      stop = null;
    },
  };
}
