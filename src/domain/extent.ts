import { PipelineError } from './errors.js';

/** Reads bytes of the source; shorter than asked only at the end of the file. */
export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** Whether a file reaches as far as its container says, told from a few small reads and without decoding. */
export interface Extent {
  /**
   * `cut`: proven to end before its container does. `whole`: the container states its end and the file reaches it.
   * `unknown`: the container does not say where it ends (live recordings, transport streams cut at a packet).
   */
  readonly verdict: 'whole' | 'cut' | 'unknown';
  /** Bytes that the container declares, as far as it could be followed; null where it does not say. */
  readonly declaredBytes: number | null;
  readonly presentBytes: number;
  /** What is missing, for people; null unless `cut`. */
  readonly missing: string | null;
  /** MP4: one index of known length describes all media data, so that its packet count holds. */
  readonly indexed: boolean;
  /** There is an index by which a frame is found without reading what lies before it, and exactly. */
  readonly seekable: boolean;
  /** MP4: where the index lies; null elsewhere. */
  readonly moov: { readonly start: number; readonly length: number } | null;
}

/** What is known of a file before any of it has been read, and of one whose container says nothing. */
export function unknownExtent(sizeBytes: number): Extent {
  return { verdict: 'unknown', declaredBytes: null, presentBytes: sizeBytes, missing: null, indexed: false, seekable: false, moov: null };
}

/** What the owner of a file reads whose extent is `cut`. */
export function cutError({ declaredBytes, presentBytes, missing }: Extent): PipelineError {
  const share = declaredBytes === null ? '' : ` ${presentBytes} of ${declaredBytes} bytes are there.`;
  return new PipelineError('SOURCE_TRUNCATED', { note: `${missing ?? ''}${share}`, details: { declaredBytes, presentBytes } });
}
