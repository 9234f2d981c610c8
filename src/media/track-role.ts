import type { TrackRole } from '../domain/track-label.js';
import type { ProbedStream } from './probe-facts.js';

/** What a track is marked to be for; the mark that changes most what one hears or reads wins. */
export function roleOf({ disposition }: ProbedStream): { role?: TrackRole } {
  if (disposition?.comment) return { role: 'commentary' };
  if (disposition?.visual_impaired) return { role: 'described' };
  if (disposition?.hearing_impaired) return { role: 'captions' };
  if (disposition?.dub) return { role: 'dubbed' };
  return disposition?.original ? { role: 'original' } : {};
}
