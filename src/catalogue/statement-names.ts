import { isNativeError } from 'node:util/types';

/** A text that has been used so often is worth a name: before, PostgreSQL would keep what may never come again. */
const NAMED_AFTER = 5;
/** Each connection keeps every named statement on the server, some tens of kilobytes. */
const MAX_NAMES = 100;
/** Another connection keeps our name: a pooler hands its connections out by the transaction. */
const NO_NAMES_HERE: ReadonlySet<string> = new Set(['26000', '42P05']);
/** What a named statement gives has changed its shape: a migration ran. */
const STALE = /^cached plan must not change result type/;

/**
 * Names for statements that come again and again, so that PostgreSQL parses and plans them once a connection. Behind a
 * pooler that does not follow names there are none any more, from the first fault on; after a migration all are new ones.
 */
export interface StatementNames {
  nameOf(text: string): string | undefined;
  /** Notes what the fault of a statement with this name says about names. */
  heard(error: unknown, name: string): void;
}

export function createStatementNames(): StatementNames {
  const uses = new Map<string, number>();
  const names = new Map<string, number>();
  let isOff = false;
  let age = 0;
  return {
    nameOf(text) {
      if (isOff) return undefined;
      const known = names.get(text);
      if (known !== undefined) return `r${age}_${known}`;
      if (names.size >= MAX_NAMES) return undefined;
      const count = (uses.get(text) ?? 0) + 1;
      if (count < NAMED_AFTER) {
        // Texts that differ by how many rows they write are many, and come seldom.
        if (uses.size >= MAX_NAMES * 10) uses.clear();
        uses.set(text, count);
        return undefined;
      }
      uses.delete(text);
      names.set(text, names.size);
      return `r${age}_${names.size - 1}`;
    },
    heard(error, name) {
      if (!isNativeError(error) || !('code' in error)) return;
      if (NO_NAMES_HERE.has(String(error.code))) isOff = true;
      // Of several that fail at once the first one moves on.
      else if (STALE.test(error.message) && name.startsWith(`r${age}_`)) age += 1;
    },
  };
}
