import type { Catalogue } from '../catalogue/catalogue.js';
import type { Logger } from '../runtime/logger.js';
import { pause } from '../runtime/pause.js';

type Forgetting = Pick<Catalogue, 'forgetRequests' | 'forgetAudit' | 'forgetDeliveries'>;

/** How often; and how many rows one statement deletes, so that none holds locks for long. */
const EVERY_MS = 60_000;
const AT_ONCE = 5_000;
/** Statements for each kind of row in one round: what a day of the busiest tenant leaves is gone in an hour. */
const MOST_STATEMENTS = 20;
const DAY_MS = 86_400_000;

export interface Keep {
  readonly auditDays: number;
  readonly deliveriesDays: number;
}

/**
 * Clears away rows whose time is over, until the returned function is called: requests with an Idempotency-Key that have expired,
 * old rows of the audit, deliveries that ended long ago. Every process of the API does; each row goes once, and two never wait for
 * one another. A round that fails is left to the next.
 */
export function forgetOldRows(options: Keep & { readonly catalogue: Forgetting; readonly logger: Logger }): () => void {
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await pause(EVERY_MS, stop.signal, { ref: false });
      if (!stop.signal.aborted) await forgetOnce(options, stop.signal);
    }
  };
  void run();
  return () => stop.abort();
}

/** One round. @returns how many rows went, by kind */
export async function forgetOnce(
  { catalogue, logger, auditDays, deliveriesDays }: Keep & { readonly catalogue: Forgetting; readonly logger: Logger },
  signal?: AbortSignal,
): Promise<{ readonly requests: number; readonly audit: number; readonly deliveries: number }> {
  const all = async (name: string, forget: () => Promise<number>): Promise<number> => {
    let gone = 0;
    try {
      for (let statement = 0; statement < MOST_STATEMENTS && !signal?.aborted; statement += 1) {
        const rows = await forget();
        gone += rows;
        if (rows < AT_ONCE) break;
      }
    } catch (err) {
      logger.debug({ err, rows: name }, 'old rows are cleared away another time');
    }
    return gone;
  };
  return {
    requests: await all('requests', () => catalogue.forgetRequests(AT_ONCE)),
    audit: await all('audit', () => catalogue.forgetAudit(auditDays * DAY_MS, AT_ONCE)),
    deliveries: await all('deliveries', () => catalogue.forgetDeliveries(deliveriesDays * DAY_MS, AT_ONCE)),
  };
}
