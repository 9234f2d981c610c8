import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './arguments.js';
import type { Row } from './figures.js';
import type { VideoRun } from './video-run.js';

/** What every part of the bench is given. */
export interface BenchContext {
  /** The checkout. */
  readonly root: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly options: BenchOptions;
  /** Runs of the long 1080p source on two encoders so far: a part that needs some more looks here first. */
  readonly longRuns: VideoRun[];
  /** A line for the person who waits. */
  readonly say: (line: string) => void;
}

export type BenchPart = (context: BenchContext) => Promise<Row[]>;

/** A folder that is gone when `work` has ended, however it ended. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'reelmill-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
