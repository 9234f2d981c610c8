import { type ErrorDetails, PipelineError } from '../domain/errors.js';

/** One ISO BMFF box in a buffer: `body` is exactly its payload, so that a read beyond it throws and cannot stray. */
export interface Box {
  readonly type: string;
  /** Where the box (its header) begins in the buffer that was walked. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly body: DataView;
}

/** The boxes that fill `view` from `from` to its end, in order. @throws PipelineError ENCODE_MISMATCH where one does not fit */
export function readBoxes(view: DataView, from = 0): Box[] {
  const boxes: Box[] = [];
  let offset = from;
  while (offset < view.byteLength) {
    const header = readBoxHeader(
      new DataView(view.buffer, view.byteOffset + offset, Math.min(16, view.byteLength - offset)),
      view.byteLength - offset,
    );
    if (boxes.length >= MAX_BOXES) throw mismatch('Too many boxes in one box.', { boxes: boxes.length });
    const body = new DataView(view.buffer, view.byteOffset + offset + header.headerBytes, header.sizeBytes - header.headerBytes);
    boxes.push({ type: header.type, offset, sizeBytes: header.sizeBytes, body });
    offset += header.sizeBytes;
  }
  return boxes;
}

/** Type and length of the box whose first bytes are in `view`, checked against the bytes that there are from its start. */
export function readBoxHeader(view: DataView, availableBytes: number): { type: string; headerBytes: number; sizeBytes: number } {
  if (view.byteLength < 8) throw mismatch('The file ends inside a box header.', { availableBytes });
  const short = view.getUint32(0);
  const type = String.fromCharCode(view.getUint8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7)).replace(/[^ -~]/g, '?');
  if (short === 1 && view.byteLength < 16) throw mismatch('The file ends inside a box header.', { type, availableBytes });
  const headerBytes = short === 1 ? 16 : 8;
  const sizeBytes = short === 0 ? availableBytes : short === 1 ? safe(view.getBigUint64(8)) : short;
  if (sizeBytes < headerBytes) throw mismatch('A box is smaller than its own header.', { type, sizeBytes });
  if (sizeBytes > availableBytes) throw mismatch('A box is cut off.', { type, sizeBytes, availableBytes });
  return { type, headerBytes, sizeBytes };
}

/** The one child of that type. @throws PipelineError ENCODE_MISMATCH where there is none, or more than one */
export function onlyBox(boxes: readonly Box[], type: string): Box {
  const found = boxes.filter((box) => box.type === type);
  const [first] = found;
  if (!first || found.length > 1) throw mismatch(`Expected one "${type}" box, found ${found.length}.`, { type, found: found.length });
  return first;
}

/** Walks down a path of boxes that each occur once: `descend(moov, 'mdia', 'minf')`. The depth is what the caller writes, never what a file says. */
export function descend(box: Box, ...path: readonly string[]): Box {
  return path.reduce((at, type) => onlyBox(readBoxes(at.body), type), box);
}

/** A 64-bit count as a number. */
export function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw mismatch('A number in the file is absurd.', { value: value.toString() });
  return Number(value);
}

/** @returns what `read` returns; a read beyond a box's end becomes the same ENCODE_MISMATCH as any other fault of the bytes */
export function readingBytes<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw mismatch('A box is shorter than its fields.', {}, error);
    throw error;
  }
}

export function mismatch(note: string, details: ErrorDetails = {}, cause?: unknown): PipelineError {
  return new PipelineError('ENCODE_MISMATCH', { note, details, cause });
}

/** ffmpeg writes fewer than ten in one; a buffer full of 8-byte boxes must not become a million objects. */
const MAX_BOXES = 4096;
