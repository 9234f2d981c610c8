import { createSeal } from './sealed.js';

const PREFIX = 'pos_';

export interface StreamMarks {
  make(position: number, tenantId: string): string;
  /** null for what is no mark of this tenant: an event's id, say. */
  read(text: string, tenantId: string): number | null;
}

/**
 * Where a stream began, for who loses it before its first event. A position counts over all tenants and is shown to nobody:
 * it is sealed, for its tenant alone.
 */
export function createStreamMarks(secrets: readonly string[]): StreamMarks {
  const seal = createSeal(secrets);
  const wordsOf = (tenantId: string): readonly string[] => [tenantId, 'stream'];
  return {
    make: (position, tenantId) => PREFIX + Buffer.from(seal.close(String(position), wordsOf(tenantId)), 'base64').toString('base64url'),
    read(text, tenantId) {
      const position = text.startsWith(PREFIX) ? seal.open(text.slice(PREFIX.length), wordsOf(tenantId)) : null;
      return position === null ? null : Number(position);
    },
  };
}
