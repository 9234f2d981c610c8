import type { ReadRange } from '../domain/extent.js';
import { type Rational, rational } from '../domain/rational.js';
import { ascii } from '../domain/sniff.js';

/** Indexes larger than this are not read: 32 MiB hold the sample tables of more than a day. */
const MAX_MOOV_BYTES = 32 * 1024 * 1024;

/** How the index of an MP4 spaces the frames of one track. */
export interface FrameTimes {
  /** All frames but the last have one length: what encoders at a constant rate write. */
  readonly even: boolean;
  /** Exact rate of the commonest frame length. */
  readonly rate: Rational;
  /** Sum of the frame lengths, microseconds. */
  readonly totalUs: number;
}

/** The whole index, for `frameTimes`; null where it cannot be read. */
export async function readMoov(moov: { start: number; length: number }, readRange: ReadRange): Promise<Uint8Array | null> {
  if (moov.length > MAX_MOOV_BYTES) return null;
  const bytes = await readRange(moov.start, moov.length);
  return bytes.length < moov.length ? null : bytes;
}

/**
 * Reads the time-to-sample table (stts) of the track with `trackId`. ffprobe gives only averages, and an average
 * cannot tell a phone's uneven frames from a steady camera. Null where the table cannot be read; then nothing is claimed.
 */
export function frameTimes(bytes: Uint8Array, trackId: number): FrameTimes | null {
  for (const trak of children(bytes, 'trak')) {
    const tkhd = first(trak, ['tkhd']);
    if (!tkhd || trackNumber(tkhd) !== trackId) continue;
    const mdhd = first(trak, ['mdia', 'mdhd']);
    const stts = first(trak, ['mdia', 'minf', 'stbl', 'stts']);
    return mdhd && stts ? spacing(stts, timescaleOf(mdhd)) : null;
  }
  return null;
}

/** The longest edit list of all tracks: cuts that whoever plays the file has to make. */
export function mostEdits(bytes: Uint8Array): number {
  const lists = children(bytes, 'trak').flatMap((trak) => first(trak, ['edts', 'elst']) ?? []);
  return Math.max(0, ...lists.map((elst) => (elst.length < 16 ? 0 : viewOf(elst).getUint32(12))));
}

function spacing(stts: Uint8Array, timescale: number): FrameTimes | null {
  const view = viewOf(stts);
  if (stts.length < 16 || timescale < 1) return null;
  const entries = Math.min(view.getUint32(12), Math.floor((stts.length - 16) / 8));
  const counts = new Map<number, number>();
  let totalTicks = 0;
  let lastDelta = 0;
  for (let i = 0; i < entries; i += 1) {
    const count = view.getUint32(16 + i * 8);
    lastDelta = view.getUint32(20 + i * 8);
    counts.set(lastDelta, (counts.get(lastDelta) ?? 0) + count);
    totalTicks += count * lastDelta;
  }
  const [common] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!common || common[0] === 0) return null;
  const [delta, frames] = common;
  const others = [...counts.values()].reduce((sum, n) => sum + n, 0) - frames;
  // The last frame's length is often 0 or whatever the sound needs; it moves no frame.
  const even = others === 0 || (others === 1 && lastDelta !== delta);
  return { even, rate: rational(timescale, delta), totalUs: Math.round((totalTicks / timescale) * 1_000_000) };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Boxes of one type directly inside a box, heads included. A box that lies about its size ends the list. */
function children(box: Uint8Array, type: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = viewOf(box);
  for (let at = 8; at + 8 <= box.length; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > box.length) break;
    if (ascii(box, at + 4, 4) === type) found.push(box.subarray(at, at + size));
    at += size;
  }
  return found;
}

function first(box: Uint8Array, path: readonly string[]): Uint8Array | null {
  let at: Uint8Array | null = box;
  for (const type of path) at = at ? (children(at, type)[0] ?? null) : null;
  return at;
}

/** Track id and timescale stand behind two times, of 32 bits in version 0 and of 64 in version 1. */
const field = (box: Uint8Array): number => ((box[8] ?? 0) === 1 ? 28 : 20);
const trackNumber = (tkhd: Uint8Array): number => (tkhd.length >= 32 ? viewOf(tkhd).getUint32(field(tkhd)) : 0);
const timescaleOf = (mdhd: Uint8Array): number => (mdhd.length >= 32 ? viewOf(mdhd).getUint32(field(mdhd)) : 0);
