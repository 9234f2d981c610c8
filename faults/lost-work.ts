import { chunkAt } from '../src/domain/grid.js';
import { toNumber } from '../src/domain/rational.js';
import type { Piece, Sighting } from './pieces.js';
import { CONTROL_WORKER, type FaultKind } from './schedule.js';
import type { VideoRow } from './videos.js';

/** A fault that was given, and what its victim held in that moment. */
export interface GivenFault {
  readonly kind: FaultKind;
  readonly part: string | null;
  readonly sightings: readonly Sighting[];
}

export interface LostWork {
  /** Chunks, and sound tracks. */
  readonly pieces: number;
  /** Attempts beyond the first that a piece took, of those that began or may have begun. */
  readonly redone: number;
  /** Of these: no fault was seen to hit them (a task handed to a frozen worker's open poll, for one); they count whole. */
  readonly unexplained: number;
  /** Attempts that were lost while they waited for a core: time went by, no work was lost. */
  readonly waiting: number;
  /** Faults that a running or idle encoder, or an ffmpeg, suffered. */
  readonly encoderFaults: number;
  /** Of these: those that hit while ffmpeg ran. */
  readonly busyFaults: number;
  readonly redonePerKill: number;
  /** Seconds of media whose encoding was begun and thrown away. */
  readonly mediaLostS: number;
  /** Why attempts ended, by error code. */
  readonly reasons: Readonly<Record<string, number>>;
}

const HURTS: ReadonlySet<FaultKind> = new Set(['kill encoder', 'kill ffmpeg', 'drain', 'freeze']);

/** What the faults cost, from the histories and from what was seen when they were given. */
export function lostWork(activities: readonly Piece[], faults: readonly GivenFault[], videos: readonly VideoRow[]): LostWork {
  const grids = new Map(videos.map((video) => [video.id, video.grid]));
  const hits = faults.filter((fault) => HURTS.has(fault.kind) && fault.part !== CONTROL_WORKER);
  const seen = hits.flatMap((fault) => fault.sightings);
  const lost = lostAttempts(activities).map(({ piece, attempt }) => ({
    seconds: lengthOf(piece, grids.get(piece.videoId) ?? null),
    piece,
    sighting: seen.find((at) => at.workflowId === piece.workflowId && at.activityId === piece.activityId && at.attempt === attempt),
  }));
  const redone = lost.filter(({ sighting }) => sighting?.running !== false);
  const reasons: Record<string, number> = {};
  for (const { lastFailure } of activities) if (lastFailure !== null) reasons[lastFailure] = (reasons[lastFailure] ?? 0) + 1;
  return {
    pieces: new Set(activities.map(nameOf)).size,
    redone: redone.length,
    unexplained: redone.filter(({ sighting }) => !sighting).length,
    waiting: lost.length - redone.length,
    encoderFaults: hits.length,
    busyFaults: hits.filter(({ sightings }) => sightings.some(({ running }) => running)).length,
    redonePerKill: hits.length === 0 ? redone.length : redone.length / hits.length,
    mediaLostS: redone.reduce((sum, { piece, seconds, sighting }) => sum + seconds * (sighting ? share(sighting.elapsedMs, piece.wallMs) : 1), 0),
    reasons,
  };
}

/** Every attempt that was not the last one of its piece. A piece that moves to larger machines goes on as another activity. */
function lostAttempts(activities: readonly Piece[]): { readonly piece: Piece; readonly attempt: number }[] {
  const last = new Map(activities.map((piece) => [nameOf(piece), piece]));
  return activities.flatMap((piece) => {
    const lost = last.get(nameOf(piece)) === piece ? piece.attempts - 1 : piece.attempts;
    return Array.from({ length: lost }, (_, index) => ({ piece, attempt: index + 1 }));
  });
}

const nameOf = (piece: Piece): string => `${piece.videoId} ${piece.chunk ?? 'sound'}`;

/** How much of a piece was done after `elapsedMs`, measured by how long it took in the end. */
function share(elapsedMs: number, wallMs: number | null): number {
  return wallMs === null || wallMs === 0 ? 1 : Math.min(1, elapsedMs / wallMs);
}

/** Seconds of media of one piece; sound is as long as the video. */
function lengthOf(piece: Piece, grid: VideoRow['grid']): number {
  if (grid === null) return 0;
  const frames = piece.chunk === null ? grid.frameCount : chunkAt(grid, piece.chunk).frameCount;
  return frames / toNumber(grid.rate);
}
