import type { Extent, ReadRange } from './extent.js';
import { boxExtent } from './extent-boxes.js';
import { ebmlExtent } from './extent-ebml.js';
import { riffExtent } from './extent-riff.js';
import { transportExtent } from './extent-transport.js';
import type { Container } from './sniff.js';

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
