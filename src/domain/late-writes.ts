/** Between two looks at what is left of a deleted video, milliseconds. */
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const AT_LEAST_MS = 1_000;

/**
 * How long to wait before looking once more for objects of a deleted video, in milliseconds; null: never again.
 *
 * Each pause is as long as the video has been deleted, so what comes late is gone at the latest twice as late. Over only
 * after a look that began when nothing could be written any more, and that found nothing.
 *
 * @param look.ageMs time from the deletion to the beginning of the look
 * @param look.found whether there was something to remove
 * @param look.lateWritesMs time after a deletion in which something may still be written: by an encoder that has not
 *   heard of it, or by a client whose URL has not ended
 */
export function pauseBeforeNextLook(look: { readonly ageMs: number; readonly found: boolean; readonly lateWritesMs: number }): number | null {
  const leftMs = look.lateWritesMs - look.ageMs;
  if (leftMs <= 0 && !look.found) return null;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, look.ageMs));
  return Math.ceil(leftMs > 0 ? Math.max(AT_LEAST_MS, Math.min(pauseMs, leftMs)) : pauseMs);
}
