import { type Extent, type ReadRange, unknownExtent } from './extent.js';
import { transportPacketBytes } from './sniff.js';

/** Enough packets of any length to find their beat at the end of the file, whatever was lost before. */
const TAIL_BYTES = 204 * 16;

/**
 * A transport stream states no length: recordings stop at any packet, and one that was cut between two packets looks
 * exactly like one that was recorded so. A last packet that is not whole is proof, as recorders write whole packets.
 */
export async function transportExtent(sizeBytes: number, readRange: ReadRange): Promise<Extent> {
  const unknown = unknownExtent(sizeBytes);
  const start = Math.max(0, sizeBytes - TAIL_BYTES);
  const tail = await readRange(start, sizeBytes - start);
  const beat = transportPacketBytes(tail);
  if (!beat) return unknown;
  // Blu-ray's 192 bytes carry 4 bytes of time before the sync byte.
  const lead = beat.packetBytes === 192 ? 4 : 0;
  const rest = (tail.length - beat.syncAt + lead) % beat.packetBytes;
  if (rest === 0) return unknown;
  const lastSync = tail.length - rest + lead;
  // Behind the last whole packet something else may lie, which is no part of the stream.
  if (lastSync < tail.length && tail[lastSync] !== 0x47) return unknown;
  const declaredBytes = sizeBytes - rest + beat.packetBytes;
  return { ...unknown, verdict: 'cut', declaredBytes, missing: 'It ends inside a packet; how much follows is not known.' };
}
