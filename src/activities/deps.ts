import type { Sandbox } from '../media/sandbox.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Cores } from './cores.js';
import type { Drain } from './drain.js';
import type { ReconcileDeps } from './reconcile-deps.js';
import type { Runs } from './runs.js';

/** What a control worker hands to its activities. */
export interface ControlDeps extends ReconcileDeps {
  /** ffmpeg processes that the fleet runs at a time; chunks are cut so that each gets several. */
  readonly encoderSlots: number;
  readonly preset: 'veryfast' | 'medium';
  readonly runs: Runs;
  /** How long after a deletion something of the video may still be written. */
  readonly lateWritesMs: number;
}

/** What an encoder hands to its activities: no database, no secrets of Temporal. */
export interface EncoderDeps {
  readonly store: ObjectStore;
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** Where ffmpeg and ffprobe run. null: as this process does, which somebody has allowed. */
  readonly sandbox: Sandbox | null;
  readonly scratch: ScratchRoot;
  readonly drain: Drain;
  readonly cores: Cores;
}

/** A folder of one worker's own; `dir` makes a new one in it, whose owner removes it. */
export interface ScratchRoot {
  dir(name: string): Promise<{ readonly path: string; remove(): Promise<void> }>;
}
