import { chunkAt } from '../src/domain/grid.js';
import { toNumber } from '../src/domain/rational.js';
import type { Piece, Sighting } from './pieces.js';
import type { FaultKind } from './schedule.js';
import type { VideoRow } from './videos.js';

/** A fault that was given, and what its victim worked at in that moment. */
export interface GivenFault {
  readonly kind: FaultKind;
  readonly part: string | null;
  readonly sightings: readonly Sighting[];
}

export interface LostWork {
  readonly pieces: number;
  /** Attempts beyond the first, of chunks and of sound. */
  readonly redone: number;
  /** Of these: no fault was seen to hit them (a task handed to a frozen worker's open poll, for one). */
  readonly unexplained: number;
  /** Faults that a running or idle encoder or ffmpeg suffered. */
  readonly encoderFaults: number;
  /** Of these: those that hit while a piece was under way. */
  readonly busyFaults: number;
  readonly redonePerKill: number;
  /** Seconds of media whose encoding was begun and thrown away; unexplained attempts count whole. */
  readonly mediaLostS: number;
  /** Why attempts ended, by error code. */
  readonly reasons: Readonly<Record<string, number>>;
}

const HURTS: ReadonlySet<FaultKind> = new Set(['kill encoder', 'kill ffmpeg', 'drain', 'freeze']);

/** What the faults cost, from the histories and from what was seen when they were given. */
export function lostWork(pieces: readonly Piece[], faults: readonly GivenFault[], videos: readonly VideoRow[]): LostWork {
  const grids = new Map(videos.map((video) => [video.id, video.grid]));
  const hits = faults.filter((fault) => HURTS.has(fault.kind) && fault.part !== 'control worker');
  const seen = hits.flatMap((fault) => fault.sightings);
  let redone = 0;
  let unexplained = 0;
  let mediaLostS = 0;
  const reasons: Record<string, number> = {};
  for (const piece of pieces) {
    if (piece.attempts > 1 && piece.lastFailure !== null) reasons[piece.lastFailure] = (reasons[piece.lastFailure] ?? 0) + 1;
    for (let attempt = 1; attempt < piece.attempts; attempt += 1) {
      redone += 1;
      const sighting = seen.find((at) => at.workflowId === piece.workflowId && at.activityId === piece.activityId && at.attempt === attempt);
      if (!sighting) unexplained += 1;
      mediaLostS += lengthOf(piece, grids.get(piece.videoId) ?? null) * (sighting ? share(sighting.elapsedMs, piece.wallMs) : 1);
    }
  }
  return {
    pieces: pieces.length,
    redone,
    unexplained,
    encoderFaults: hits.length,
    busyFaults: hits.filter((fault) => fault.sightings.length > 0).length,
    redonePerKill: hits.length === 0 ? redone : redone / hits.length,
    mediaLostS,
    reasons,
  };
}

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
