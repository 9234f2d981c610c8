import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKey, Catalogue } from '../catalogue/catalogue.js';
import type { Logger } from '../runtime/logger.js';

/** A revoked key works at most this long. Long enough that a client's burst asks the database once. */
const CACHE_MS = 30_000;
const CACHE_KEYS = 1_000;
/** Look-ups that can wait are made together, so often, and so many at a time. */
const TOGETHER_EVERY_MS = 250;
const MOST_TOGETHER = 1_000;

/** API keys as the catalogue last said, by id. */
export interface KnownKeys {
  /** From memory; null where this id was not looked up lately. */
  recall(id: string): ApiKey | null;
  /**
   * From the catalogue; null where there is no such live key. Who asks for one that is being looked up waits for that. `mayAsk`
   * says whether this look-up may be made at once, by itself; else it is made a moment later with all others of the kind, so
   * that they are a few questions a second, however many ids are tried.
   */
  lookUp(id: string, mayAsk: () => boolean): Promise<ApiKey | null>;
  /** Once for each look-up; nobody waits for it, and a use that is not noted is no fault of the request. */
  noteUse(id: string): void;
}

interface Batch {
  readonly ids: Set<string>;
  readonly found: Promise<ReadonlyMap<string, ApiKey>>;
}

export function createKnownKeys(deps: {
  readonly catalogue: Pick<Catalogue, 'findApiKey' | 'findApiKeys' | 'noteKeyUse'>;
  readonly clock: () => Date;
  readonly logger: Logger;
}): KnownKeys {
  const { catalogue, clock, logger } = deps;
  const known = new Map<string, { key: ApiKey; untilMs: number; noted: boolean }>();
  const asking = new Map<string, Promise<ApiKey | null>>();
  let batch: Batch | null = null;

  // Only hits are kept: a key that was just made works at once, and made-up ids cannot push real ones out.
  const keep = (key: ApiKey): void => {
    known.delete(key.id);
    if (known.size >= CACHE_KEYS) known.delete(known.keys().next().value ?? key.id);
    known.set(key.id, { key, untilMs: clock().getTime() + CACHE_MS, noted: false });
  };

  const begin = (): Batch => {
    const ids = new Set<string>();
    const found = sleep(TOGETHER_EVERY_MS).then(async () => {
      if (batch?.ids === ids) batch = null;
      const keys = await catalogue.findApiKeys([...ids]);
      for (const key of keys) keep(key);
      return new Map(keys.map((key) => [key.id, key]));
    });
    return { ids, found };
  };

  const alone = async (id: string): Promise<ApiKey | null> => {
    const key = await catalogue.findApiKey(id);
    if (key) keep(key);
    return key;
  };
  const together = async (id: string): Promise<ApiKey | null> => {
    if (batch === null || batch.ids.size >= MOST_TOGETHER) batch = begin();
    const { ids, found } = batch;
    ids.add(id);
    return (await found).get(id) ?? null;
  };

  return {
    recall(id) {
      const cached = known.get(id);
      if (cached && cached.untilMs > clock().getTime()) return cached.key;
      known.delete(id);
      return null;
    },
    lookUp(id, mayAsk) {
      const asked = asking.get(id);
      if (asked !== undefined) return asked;
      const answer = (mayAsk() ? alone(id) : together(id)).finally(() => asking.delete(id));
      asking.set(id, answer);
      return answer;
    },
    noteUse(id) {
      const cached = known.get(id);
      if (cached === undefined || cached.noted) return;
      cached.noted = true;
      catalogue.noteKeyUse(id).catch((err: unknown) => logger.debug({ err, key_id: id }, 'the use of a key could not be noted'));
    },
  };
}
