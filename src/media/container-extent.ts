import { boxExtent } from './extent-boxes.js';
import { ebmlExtent } from './extent-ebml.js';
import { riffExtent } from './extent-riff.js';
import { transportExtent } from './extent-transport.js';
import type { Container } from './sniff.js';

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

/** @param sizeBytes length of the stored object, which is all that is believed without reading */
export function checkExtent(container: Container, sizeBytes: number, readRange: ReadRange): Promise<Extent> {
  return CHECKS[container](sizeBytes, readRange);
}

const CHECKS: Record<Container, (sizeBytes: number, readRange: ReadRange) => Promise<Extent>> = {
  mp4: boxExtent,
  matroska: ebmlExtent,
  avi: riffExtent,
  mpegts: transportExtent,
};
