/** How fast bytes move at this moment, over the last seconds. */
export interface TransferRate {
  /** Bytes moved by now, at a time in ms. A count that falls, because a part is sent again, begins anew. */
  note(atMs: number, movedBytes: number): void;
  /** Bytes a second; null while nothing can be said. */
  perSecond(atMs: number): number | null;
}

const WINDOW_MS = 10_000;
const LEAST_MS = 500;
/** Finer marks than this are not kept. */
const GRAIN_MS = 100;

export function createTransferRate(windowMs = WINDOW_MS): TransferRate {
  let marks: { readonly atMs: number; readonly bytes: number }[] = [];
  return {
    note(atMs, bytes) {
      const last = marks.at(-1);
      if (last && bytes < last.bytes) marks = [];
      else if (last && marks.length > 1 && atMs - (marks.at(-2)?.atMs ?? 0) < GRAIN_MS) marks.pop();
      marks.push({ atMs, bytes });
      // One mark from before the window stays: the window begins at it.
      while (marks.length > 2 && (marks[1]?.atMs ?? 0) <= atMs - windowMs) marks.shift();
    },
    perSecond(atMs) {
      const [first, last] = [marks[0], marks.at(-1)];
      if (!first || !last || atMs - first.atMs < LEAST_MS) return null;
      return ((last.bytes - first.bytes) * 1000) / (atMs - first.atMs);
    },
  };
}
