import { type Extent, type ReadRange, unknownExtent } from './extent.js';
import { ascii } from './sniff.js';

/** Large AVI files are a row of RIFF lists of about 1 GB; more than this is no honest file. */
const MAX_LISTS = 1000;

/** Follows the RIFF lists of an AVI file and compares their declared lengths with the bytes that are there. One read a list. */
export async function riffExtent(sizeBytes: number, readRange: ReadRange): Promise<Extent> {
  // There may be an index, but it has no times of display: frames are only found by counting.
  const unknown = unknownExtent(sizeBytes);
  let declared = 0;
  for (let pos = 0, lists = 0; pos + 12 <= sizeBytes && lists < MAX_LISTS; lists += 1) {
    const head = await readRange(pos, 12);
    if (ascii(head, 0, 4) !== 'RIFF') break;
    const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(4, true);
    // What a recorder leaves that never came to close its file.
    if (length === 0 || length === 0xffffffff) return unknown;
    declared = pos + 8 + length;
    // Lists lie on even bytes; some writers leave the last padding byte out.
    if (declared > sizeBytes + 1) return { ...unknown, verdict: 'cut', declaredBytes: declared, missing: 'It ends inside its media data.' };
    pos = declared + (length % 2);
  }
  return declared === 0
    ? { ...unknown, verdict: 'cut', missing: 'It ends inside its header.' }
    : { ...unknown, verdict: 'whole', declaredBytes: declared };
}
