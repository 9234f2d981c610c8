import type { DecisionCode } from '../src/domain/decision-codes.js';
import type { ErrorCode } from '../src/domain/errors.js';

/** One row of the matrix: a source, and what must come of it. */
export interface HonestRow {
  readonly group: string;
  readonly name: string;
  /** The source's file name; its ending chooses the container. */
  readonly file: string;
  /**
   * How it is made: argvs of ffmpeg, one after another, each with the path that it writes last. `path` gives names in
   * a folder of the row's own.
   */
  readonly make: (path: (name: string) => string) => readonly (readonly string[])[];
  /** What is then done to its bytes. */
  readonly patch?: (bytes: Buffer) => Buffer;
  readonly expect: Refused | Expected;
}

export interface Refused {
  readonly refused: ErrorCode;
}

export interface Expected {
  readonly width: number;
  readonly height: number;
  /** "25/1". */
  readonly rate: string;
  readonly frames: number;
  /** Colours of the corners as they are seen, as in `PATCHES`. null: not looked at, where the scene is not in the file. */
  readonly corners: readonly string[] | null;
  /** Furthest that a channel of a patch may be off, of 255. */
  readonly tolerance?: number;
  /** Frames at which it must flash. null: only together with the beeps. */
  readonly flashes: readonly number[] | null;
  /** Whether it has sound. */
  readonly sound: boolean;
  /** Codes that its record must hold; others may be there too. */
  readonly decisions: readonly DecisionCode[];
  /** Codes that must not be in it. */
  readonly without?: readonly DecisionCode[];
}
