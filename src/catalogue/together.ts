import { type Compilable, type Kysely, sql } from 'kysely';
import { attempt } from './attempts.js';
import { builtOnce } from './built-once.js';
import type { Tables } from './tables.js';

/** More than so many go in several statements. */
const MOST = 200;

interface Asked<K, V> {
  readonly key: K;
  readonly resolve: (value: V | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Look-ups that are asked for in one turn of the event loop go to the database as one statement: of many requests that come
 * together each would pay the way there and back, which costs both sides more than the row. Who asks alone waits for nothing.
 * Each look-up sees at least what was committed before it was asked for.
 *
 * @param find the rows of these keys, in any order; those that are not there are left out
 * @param wanted which row belongs to which key
 */
function together<K, V>(find: (keys: readonly K[]) => Promise<readonly V[]>, wanted: (row: V, key: K) => boolean): (key: K) => Promise<V | null> {
  let waiting: Asked<K, V>[] = [];
  const ask = async (asked: readonly Asked<K, V>[]): Promise<void> => {
    try {
      const rows = await find(asked.map(({ key }) => key));
      for (const { key, resolve } of asked) resolve(rows.find((row) => wanted(row, key)) ?? null);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  const askAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MOST) void ask(all.slice(from, from + MOST));
  };
  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({ key, resolve, reject });
    });
}

/**
 * Look-ups of tenants' rows by their ids, asked for together.
 * @param build the statement over ids and tenants
 */
export function findTogether<R extends { readonly id: string; readonly tenantId: string }>(
  db: Kysely<Tables>,
  build: (ids: readonly string[], tenantIds: readonly string[]) => Compilable<R>,
): (tenantId: string, id: string) => Promise<R | null> {
  const read = builtOnce((_db, lists: { readonly ids: readonly string[]; readonly tenantIds: readonly string[] }) =>
    build(lists.ids, lists.tenantIds),
  );
  const find = together(
    (asked: readonly { readonly tenantId: string; readonly id: string }[]) =>
      attempt(() => read(db, { ids: distinct(asked.map(({ id }) => id)), tenantIds: distinct(asked.map(({ tenantId }) => tenantId)) })),
    // Each asks for his own: that both lists hold a row is not enough.
    (row, { tenantId, id }) => row.id === id && row.tenantId === tenantId,
  );
  return (tenantId, id) => find({ tenantId, id });
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** One text for a statement, however many there are. */
export const anyOf = (column: string, values: readonly string[]) => sql<boolean>`${sql.ref(column)} = any(${values}::text[])`;
