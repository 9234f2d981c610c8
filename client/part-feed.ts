/** Parts are made ready in batches: one call of the API signs them all. */
const LARGEST_BATCH = 16;

export interface PartFeed<T> {
  /** The next part, in order; null when there is none left. Rejects where a batch cannot be made ready. */
  next(): Promise<T | null>;
}

/**
 * Hands parts out one by one, in order, to however many ask at once. While one batch is on its way the next one is made
 * ready, and no more than that: what is signed too early has ended when its turn comes. Batches grow from `first` parts,
 * so that the first byte does not wait for sixteen checksums.
 */
export function createPartFeed<T>(
  numbers: readonly number[],
  first: number,
  prepare: (batch: readonly number[]) => Promise<readonly T[]>,
): PartFeed<T> {
  const ready: T[] = [];
  let size = Math.min(first, LARGEST_BATCH);
  let position = 0;
  let upcoming: Promise<readonly T[]> | null = null;
  let refill: Promise<void> | null = null;

  const begin = (): Promise<readonly T[]> | null => {
    const batch = numbers.slice(position, position + size);
    if (batch.length === 0) return null;
    position += batch.length;
    size = Math.min(size * 2, LARGEST_BATCH);
    const made = prepare(batch);
    // It is awaited when its turn comes; until then its failure is nobody's.
    made.catch(() => undefined);
    return made;
  };
  const more = async (): Promise<void> => {
    const batch = upcoming ?? begin();
    upcoming = null;
    if (batch === null) return;
    ready.push(...(await batch));
    upcoming = begin();
  };
  return {
    async next() {
      while (ready.length === 0) {
        if (refill === null && upcoming === null && position >= numbers.length) return null;
        refill ??= more().finally(() => {
          refill = null;
        });
        await refill;
      }
      return ready.shift() ?? null;
    },
  };
}
