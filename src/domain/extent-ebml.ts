import { type Extent, type ReadRange, unknownExtent } from './extent.js';

const SEGMENT = 0x18538067;
const VOID = 0xec;
/** An EBML header is some 40 bytes; a writer may leave room behind it. */
const LOOK_BYTES = 4096;

/** Compares the Segment's declared length of a Matroska or WebM file with the bytes that are there. One read. */
export async function ebmlExtent(sizeBytes: number, readRange: ReadRange): Promise<Extent> {
  const bytes = await readRange(0, Math.min(LOOK_BYTES, sizeBytes));
  const unknown = unknownExtent(sizeBytes);
  const cut = (declaredBytes: number | null): Extent => ({ ...unknown, verdict: 'cut', declaredBytes, missing: 'It ends inside its media data.' });
  for (let pos = 0; pos < bytes.length; ) {
    const element = readElement(bytes, pos);
    if (!element) return bytes.length === sizeBytes ? cut(null) : unknown;
    const { id, dataStart, size } = element;
    // "Unknown size" is what live recorders write: only the packets can tell then.
    if (size === null) return unknown;
    const end = dataStart + size;
    if (id === SEGMENT) return end > sizeBytes ? cut(end) : { ...unknown, verdict: 'whole', declaredBytes: end, seekable: namesCues(bytes) };
    if (end > sizeBytes) return cut(null);
    if (pos > 0 && id !== VOID) return unknown;
    pos = end;
  }
  return bytes.length === sizeBytes ? cut(null) : unknown;
}

/** "SeekID, four bytes, Cues": the table of contents, which stands in front, says that there is an index. Writers to a pipe cannot go back to say so. */
const SEEK_CUES = [0x53, 0xab, 0x84, 0x1c, 0x53, 0xbb, 0x6b];

const namesCues = (head: Uint8Array): boolean => Buffer.from(head).includes(Buffer.from(SEEK_CUES));

/** One element's id, where its data starts, and its size (null: unknown); null where the bytes do not hold a whole head. */
function readElement(bytes: Uint8Array, pos: number): { id: number; dataStart: number; size: number | null } | null {
  const idLength = vintLength(bytes[pos]);
  const sizeAt = pos + idLength;
  const sizeLength = vintLength(bytes[sizeAt]);
  if (idLength === 0 || idLength > 4 || sizeLength === 0 || sizeAt + sizeLength > bytes.length) return null;
  let id = 0;
  for (let i = pos; i < sizeAt; i += 1) id = id * 256 + (bytes[i] ?? 0);
  let size = BigInt((bytes[sizeAt] ?? 0) & (0xff >> sizeLength));
  for (let i = sizeAt + 1; i < sizeAt + sizeLength; i += 1) size = size * 256n + BigInt(bytes[i] ?? 0);
  const allOnes = (1n << BigInt(7 * sizeLength)) - 1n;
  return { id, dataStart: sizeAt + sizeLength, size: size === allOnes ? null : Number(size) };
}

/** Bytes of a variable-length number, from its first byte: 1–8; 0 where there is none. */
function vintLength(first: number | undefined): number {
  return first === undefined || first === 0 ? 0 : Math.clz32(first) - 23;
}
